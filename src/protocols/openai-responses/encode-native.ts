import type { StreamEncoder } from '../../kernel/codec.ts';
import { findObject, findString, listOf, writeJson } from '../../kernel/json.ts';
import type { Json, JsonObject } from '../../kernel/json.ts';
import type { StreamEvent } from '../../kernel/stream-event.ts';
import { IN_PROGRESS } from './encode-response.ts';

/**
 * Tells a response of this dialect's own as the stream that its service would have sent: its id, its model and all of
 * its items are the service's. What comes before the response object is held, and told by `fallback` when none comes.
 */
export function createNativeEncoder(fallback: StreamEncoder): StreamEncoder {
  const held: StreamEvent[] = [];
  let ended = false;
  return {
    push: (event) => {
      if (ended) return '';
      ended = event.type === 'reply-end' || event.type === 'error';
      if (event.type === 'reply-end' && event.native !== undefined) return streamOf(event.native);
      held.push(event);
      return ended ? held.map(fallback.push).join('') : '';
    },
  };
}

type Say = (type: string, members: JsonObject) => void;

function streamOf(response: JsonObject): string {
  let text = '';
  let sequence = 0;
  const say: Say = (type, members) => {
    text += `event: ${type}\ndata: ${writeJson({ type, sequence_number: sequence++, ...members })}\n\n`;
  };
  const opening = { ...response, ...IN_PROGRESS };
  say('response.created', { response: opening });
  say('response.in_progress', { response: opening });
  listOf(response['output']).forEach((value, index) => {
    const item = findObject(value);
    if (item !== undefined) sayItem(say, item, index);
  });
  const status = response['status'] === 'incomplete' ? 'incomplete' : 'completed';
  say(`response.${status}`, { response });
  return text;
}

function sayItem(say: Say, item: JsonObject, outputIndex: number): void {
  const { head, tell } = TELLERS.get(findString(item['type']) ?? '') ?? {};
  const status = 'status' in item ? { status: 'in_progress' } : {};
  const added = head === undefined ? item : { ...item, ...status, ...head(item) };
  say('response.output_item.added', { output_index: outputIndex, item: added });
  const place = { item_id: item['id'] ?? '', output_index: outputIndex };
  tell?.((type, members) => say(type, { ...place, ...members }), item);
  say('response.output_item.done', { output_index: outputIndex, item });
}

/** How the content of one type of item is told between its beginning and its end. */
interface Teller {
  /** The members that the item begins without. */
  readonly head: (item: JsonObject) => JsonObject;
  readonly tell: (say: Say, item: JsonObject) => void;
}

/** An item of any other type comes whole. A `Map`, so that a hostile type finds nothing. */
const TELLERS: ReadonlyMap<string, Teller> = new Map<string, Teller>([
  ['message', { head: () => ({ content: [] }), tell: sayContent }],
  [
    'reasoning',
    {
      head: (item) => ({ summary: [], ...('content' in item && { content: [] }) }),
      tell: (say, item) => {
        saySummary(say, item);
        sayContent(say, item);
      },
    },
  ],
  ['function_call', callTeller('function_call_arguments', 'arguments')],
  ['custom_tool_call', callTeller('custom_tool_call_input', 'input')],
]);

function callTeller(event: string, field: string): Teller {
  return {
    head: () => ({ [field]: '' }),
    tell: (say, item) => {
      const text = findString(item[field]) ?? '';
      if (text !== '') say(`response.${event}.delta`, { delta: text });
      const name = item['type'] === 'function_call' ? { name: item['name'] ?? '' } : {};
      say(`response.${event}.done`, { [field]: text, ...name });
    },
  };
}

function saySummary(say: Say, item: JsonObject): void {
  listOf(item['summary']).forEach((part, index) => {
    const place = { summary_index: index };
    const text = textIn(part, 'text');
    say('response.reasoning_summary_part.added', { ...place, part: { type: 'summary_text', text: '' } });
    if (text !== '') say('response.reasoning_summary_text.delta', { ...place, delta: text });
    say('response.reasoning_summary_text.done', { ...place, text });
    say('response.reasoning_summary_part.done', { ...place, part });
  });
}

function sayContent(say: Say, item: JsonObject): void {
  listOf(item['content']).forEach((value, index) => {
    const part = findObject(value);
    if (part !== undefined) sayPart((type, members) => say(type, { content_index: index, ...members }), part);
  });
}

interface PartForm {
  readonly event: string;
  readonly field: string;
  /** The members of a part that has no text yet. */
  readonly empty: JsonObject;
}

const PARTS: ReadonlyMap<string, PartForm> = new Map<string, PartForm>([
  [
    'output_text',
    { event: 'output_text', field: 'text', empty: { text: '', annotations: [], logprobs: [] } },
  ],
  ['refusal', { event: 'refusal', field: 'refusal', empty: { refusal: '' } }],
  ['reasoning_text', { event: 'reasoning_text', field: 'text', empty: { text: '' } }],
]);

function sayPart(say: Say, part: JsonObject): void {
  const form = PARTS.get(findString(part['type']) ?? '');
  say('response.content_part.added', { part: { ...part, ...form?.empty } });
  if (form !== undefined) sayText(say, part, form);
  say('response.content_part.done', { part });
}

function sayText(say: Say, part: JsonObject, { event, field }: PartForm): void {
  const text = textIn(part, field);
  const logprobs = event === 'output_text' ? { logprobs: part['logprobs'] ?? [] } : {};
  if (text !== '') say(`response.${event}.delta`, { delta: text, ...logprobs });
  listOf(part['annotations']).forEach((annotation, index) =>
    say('response.output_text.annotation.added', { annotation_index: index, annotation }),
  );
  say(`response.${event}.done`, { [field]: text, ...logprobs });
}

const textIn = (part: Json, field: string): string => findString(findObject(part)?.[field]) ?? '';
