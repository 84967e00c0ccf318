import { isCarrier, readCarrier } from '../../kernel/carrier.ts';
import type { ReasoningPart } from '../../kernel/conversation.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { mapObjects, optionalList, optionalString, pathOf, requireString } from '../../kernel/read-fields.ts';
import { ISSUER } from './issuer.ts';
import { ITEM_MEMBERS } from './piece.ts';
import type { Piece, Reading } from './piece.ts';
import { noteUnread } from './read-members.ts';

const MEMBERS = [...ITEM_MEMBERS, 'summary', 'content', 'encrypted_content'];

/** A `reasoning` item: its words, and the state that makes them worth something to whoever gave it. */
export function decodeReasoning(item: JsonObject, at: string, { losses }: Reading): Piece {
  noteUnread(item, MEMBERS, at, losses);
  const words = { summary: textsOf(item, 'summary', at), raw: textsOf(item, 'content', at).join('') };
  const data = optionalString(item, 'encrypted_content', at) ?? '';
  const part = isCarrier(data) ? carriedReasoning(data, words) : ownReasoning(data, words);
  if (part === undefined) losses.note(at, 'dropped');
  return { kind: 'assistant', parts: part === undefined ? [] : [part] };
}

const textsOf = (item: JsonObject, key: string, at: string): readonly string[] =>
  mapObjects(optionalList(item, key, at) ?? [], pathOf(at, key), (part, path) =>
    requireString(part, 'text', path),
  );

interface Words {
  readonly summary: readonly string[];
  /** What the model wrote, where the client was told it apart from the summary. */
  readonly raw: string;
}

/**
 * State of another service, which belongs to the text that this client was told as the summary; `undefined` when the
 * carrier is not to be trusted. All of that text is the model's own when it stands in the content too, which some
 * clients leave out, or when it came without any state.
 */
function carriedReasoning(carrier: string, { summary, raw }: Words): ReasoningPart | undefined {
  const text = summary.join('\n\n');
  const opaque = readCarrier(carrier, text);
  if (opaque === undefined) return undefined;
  if (opaque.kind === 'none') return text === '' ? undefined : { kind: 'reasoning', raw: text };
  return { kind: 'reasoning', ...(raw === text ? written(text) : summarised(summary)), opaque };
}

/** Reasoning of the service itself; `undefined` when the item only refers to what the service keeps. */
function ownReasoning(data: string, { summary, raw }: Words): ReasoningPart | undefined {
  const words = { ...written(raw), ...summarised(summary) };
  if (data !== '') {
    const opaque = { issuer: ISSUER, family: '', kind: 'encrypted_content', data } as const;
    return { kind: 'reasoning', ...words, opaque };
  }
  return Object.keys(words).length === 0 ? undefined : { kind: 'reasoning', ...words };
}

const written = (raw: string): Pick<ReasoningPart, 'raw'> => (raw === '' ? {} : { raw });

const summarised = (summary: readonly string[]): Pick<ReasoningPart, 'summary'> =>
  summary.length === 0 ? {} : { summary };
