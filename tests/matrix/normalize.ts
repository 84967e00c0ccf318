import type { Upstream } from '../conformance/support/stage.ts';

type Wire = Readonly<Record<string, unknown>>;

/**
 * What a request means, whoever wrote it: without what says nothing (nulls, empty members, defaults that the gateway
 * writes out), with calls numbered in place of their ids, and with the forms that a service takes for one made one.
 * Everything else stays, opaque state above all.
 */
export function meaningOf(upstream: Upstream, body: string): unknown {
  const wire = prune(JSON.parse(body)) as Wire;
  return numberIds(RULES[upstream](without(wire, 'model', 'stream', 'stream_options', 'store', 'include')));
}

const RULES: Readonly<Record<Upstream, (body: Wire) => Wire>> = {
  anthropic: (body) => ({
    ...without(body, 'tool_choice'),
    ...unlessDefault(body, 'tool_choice', { type: 'auto' }),
    system: textBlocks(body['system']),
    messages: mapList(body['messages'], (message) => ({
      ...message,
      content: mapList(textBlocks(message['content']), (block) => ({
        ...block,
        ...('tool_use_id' in block && { content: textBlocks(block['content']) }),
      })),
    })),
  }),
  openai: (body) => ({
    ...without(body, 'tool_choice', 'parallel_tool_calls', 'text'),
    ...unlessDefault(body, 'tool_choice', 'auto'),
    ...unlessDefault(body, 'parallel_tool_calls', true),
    ...unlessDefault(body, 'text', { format: { type: 'text' } }),
    input: mapList(body['input'], meaningOfItem),
  }),
  common: (body) => ({
    ...without(body, 'tool_choice', 'parallel_tool_calls', 'max_completion_tokens'),
    ...unlessDefault(body, 'tool_choice', 'auto'),
    ...unlessDefault(body, 'parallel_tool_calls', true),
    max_tokens: body['max_tokens'] ?? body['max_completion_tokens'],
    messages: mapList(body['messages'], meaningOfMessage),
  }),
  google: (body) => ({
    ...without(body, 'toolConfig'),
    ...unlessDefault(body, 'toolConfig', { functionCallingConfig: { mode: 'AUTO' } }),
    systemInstruction: list((body['systemInstruction'] as Wire)['parts']),
    contents: mapList(body['contents'], (content) => ({
      ...content,
      parts: list(content['parts']).filter((part) => !isThought(part as Wire)),
    })),
  }),
};

/** Thoughts are for people; the model reads its signatures alone. */
const isThought = (part: Wire): boolean => part['thought'] === true && part['thoughtSignature'] === undefined;

/** Some vendors want the name of the function beside its result, and empty reasoning where there was none. */
const meaningOfMessage = (message: Wire): Wire => ({
  ...(message['role'] === 'tool' ? without(message, 'name') : without(message, 'reasoning_content')),
  ...unlessDefault(message, 'reasoning_content', ''),
  content: plainText(message['content']),
});

/**
 * An item's own id and status are the service's; its type is told by its role. Where a summary has its parts is for
 * people: the service reads its encrypted content.
 */
const meaningOfItem = (item: Wire): Wire => ({
  ...(item['role'] === undefined ? {} : { type: 'message' }),
  ...without(item, 'id', 'status'),
  ...('content' in item && { content: contentParts(item['content'], item['role'] === 'assistant') }),
  ...('summary' in item && {
    summary: mapList(item['summary'], (part) => part)
      .map(({ text }) => text)
      .join('\n\n'),
  }),
});

const contentParts = (content: unknown, isOutput: boolean): readonly unknown[] =>
  typeof content === 'string'
    ? [{ type: isOutput ? 'output_text' : 'input_text', text: content }]
    : mapList(content, (part) => without(part, 'annotations', 'logprobs'));

const textBlocks = (content: unknown): readonly unknown[] =>
  typeof content === 'string' ? [{ type: 'text', text: content }] : list(content);

/** One part of text alone is the same as its text. */
function plainText(content: unknown): unknown {
  const [only, ...others] = list(content) as readonly Wire[];
  return only?.['type'] === 'text' && others.length === 0 ? only['text'] : content;
}

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const mapList = (value: unknown, map: (entry: Wire) => Wire): readonly Wire[] =>
  list(value).map((entry) => map(entry as Wire));

const without = (wire: Wire, ...keys: readonly string[]): Wire =>
  Object.fromEntries(Object.entries(wire).filter(([key]) => !keys.includes(key)));

const unlessDefault = (wire: Wire, key: string, silent: unknown): Wire =>
  wire[key] === undefined || JSON.stringify(wire[key]) === JSON.stringify(silent) ? {} : { [key]: wire[key] };

/** Without members that say nothing: nulls, empty lists and objects, and what is so anyway. */
function prune(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(prune);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([key, inner]) => [key, prune(inner)] as const);
  return Object.fromEntries(
    members.filter(([key, inner]) => !isEmpty(inner) && !(key in DEFAULTS && DEFAULTS[key] === inner)),
  );
}

const DEFAULTS: Wire = { strict: false, detail: 'auto' };

const isEmpty = (value: unknown): boolean =>
  value === null || (typeof value === 'object' && Object.keys(value).length === 0);

const ID_KEYS = ['id', 'call_id', 'tool_call_id', 'tool_use_id'];

/** The same id is the same number everywhere, in the order in which they come. */
function numberIds(value: unknown, seen = new Map<unknown, string>()): unknown {
  if (Array.isArray(value)) return value.map((entry) => numberIds(entry, seen));
  if (typeof value !== 'object' || value === null) return value;
  const numberOf = (id: unknown): string => {
    const number = seen.get(id) ?? `call ${seen.size + 1}`;
    seen.set(id, number);
    return number;
  };
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      ID_KEYS.includes(key) ? numberOf(inner) : numberIds(inner, seen),
    ]),
  );
}
