import type { Annotation, TextPart } from '../../kernel/conversation.ts';
import { unsupportedField } from '../../kernel/gateway-error.ts';
import { findObject, findString } from '../../kernel/json.ts';
import type { Json, JsonObject } from '../../kernel/json.ts';
import type { Losses } from '../../kernel/losses.ts';
import { optionalList, pathOf, present, requireString } from '../../kernel/read-fields.ts';
import { decodeCache } from './decode-cache.ts';

/** A text block; an empty one comes to nothing, and only an answer cites. Throws `invalid-request`. */
export function decodeText(block: JsonObject, at: string, losses: Losses): readonly TextPart[] {
  const text = requireString(block, 'text', at);
  if (citationsOf(block, at).length > 0) losses.note(pathOf(at, 'citations'), 'dropped');
  return text === '' ? [] : [{ kind: 'text', text, ...decodeCache(block, at) }];
}

/** A block where only text can stand; throws `invalid-request` naming the block. */
export function decodeTextOnly(block: JsonObject, at: string, losses: Losses): readonly TextPart[] {
  const type = requireString(block, 'type', at);
  if (type !== 'text') throw unsupportedField(at, `only text can stand here, not a block of type "${type}"`);
  return decodeText(block, at, losses);
}

/** A text block of an answer, with the web pages that it cites; other sources mean nothing outside of this dialect. */
export function decodeAnswerText(block: JsonObject, at: string, losses: Losses): readonly TextPart[] {
  const text = requireString(block, 'text', at);
  const citations = citationsOf(block, at);
  const annotations = citations.flatMap((citation) => decodeCitation(citation, text.length));
  if (annotations.length < citations.length) losses.note(pathOf(at, 'citations'), 'dropped');
  if (text === '') return [];
  const cited = annotations.length > 0 && { annotations };
  return [{ kind: 'text', text, ...cited, ...decodeCache(block, at) }];
}

const citationsOf = (block: JsonObject, at: string): readonly Json[] =>
  optionalList(block, 'citations', at) ?? [];

/** A citation tells of no place in the text, so it stands for the whole block. */
function decodeCitation(value: Json, end: number): readonly Annotation[] {
  const citation = findObject(value);
  const url = findString(citation?.['url']);
  if (citation?.['type'] !== 'web_search_result_location' || url === undefined) return [];
  return [{ kind: 'url', url, ...present({ title: findString(citation['title']) }), start: 0, end }];
}
