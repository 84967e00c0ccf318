import type { OverrideResult, Overrides } from '../../kernel/codec.ts';
import type { Edit, WireView } from '../../kernel/edit.ts';
import { findObject, isJsonArray, isJsonObject } from '../../kernel/json.ts';
import type { JsonArray, JsonObject } from '../../kernel/json.ts';
import type { Losses } from '../../kernel/losses.ts';
import { historyEdit } from './clean-history.ts';
import { reasoningEdits } from './reasoning.ts';

/** The operator's edits to a Chat Completions body, whoever wrote it; never throws. */
export function overrides(view: WireView, wished: Overrides, losses: Losses): OverrideResult {
  return {
    edits: [
      { kind: 'set', key: 'model', value: wished.model },
      historyEdit(wished.capabilities),
      ...prefixEdits(view, wished.systemPrompt),
      ...reasoningEdits(view, wished, losses),
      ...fastEdits(view, wished.fast),
    ],
  };
}

/** The prefix goes in front of the text of a leading system message, or is its content, else it becomes one. */
function prefixEdits(view: WireView, prefix: string): readonly Edit[] {
  const first = view.readFirst('messages');
  if (prefix === '' || first === undefined) return [];
  const message = findObject(first);
  const element = message === undefined ? undefined : findPrefixed(message, prefix);
  return element === undefined
    ? [{ kind: 'unshift', key: 'messages', element: { role: 'system', content: prefix } }]
    : [{ kind: 'replace-first', key: 'messages', element }];
}

function findPrefixed(message: JsonObject, prefix: string): JsonObject | undefined {
  const { role, content } = message;
  if (role !== 'system' && role !== 'developer') return undefined;
  if (content === null) return { ...message, content: prefix };
  if (typeof content === 'string') return { ...message, content: inFront(prefix, content) };
  return isJsonArray(content) ? { ...message, content: prefixParts(content, prefix) } : undefined;
}

/** A part of its own would do too, but some vendors read the first part alone. */
function prefixParts(parts: JsonArray, prefix: string): JsonArray {
  const position = parts.findIndex((part) => isJsonObject(part) && typeof part['text'] === 'string');
  if (position < 0) return [{ type: 'text', text: prefix }, ...parts];
  return parts.map((part, index) =>
    index === position && isJsonObject(part) && typeof part['text'] === 'string'
      ? { ...part, text: inFront(prefix, part['text']) }
      : part,
  );
}

/** A blank line parts the two, unless the prefix brings its own line break. */
const inFront = (prefix: string, text: string): string =>
  prefix.endsWith('\n') ? prefix + text : `${prefix}\n\n${text}`;

/** A tier that the client chose stays. */
function fastEdits(view: WireView, fast: boolean): readonly Edit[] {
  const type = view.typeOf('service_tier');
  const isFree = type === undefined || type === 'null';
  return fast && isFree ? [{ kind: 'set', key: 'service_tier', value: 'priority' }] : [];
}
