import type { Annotation } from '../../kernel/conversation.ts';
import { findNumber, findObject, findString, listOf } from '../../kernel/json.ts';
import type { Json, JsonObject } from '../../kernel/json.ts';
import { present } from '../../kernel/read-fields.ts';

/** The web citations among a message's annotations; other kinds mean nothing outside their own service. */
export const decodeAnnotations = (value: Json | undefined): Annotation[] =>
  listOf(value).flatMap((entry) => {
    const citation = findObject(findObject(entry)?.['url_citation']);
    const url = findString(citation?.['url']);
    if (citation === undefined || url === undefined) return [];
    const title = findString(citation['title']);
    const start = findNumber(citation['start_index']);
    const end = findNumber(citation['end_index']);
    return [{ kind: 'url', url, ...present({ title, start, end }) }];
  });

/** Where a text block lies within the message's content, in UTF-16 units. */
export interface TextRange {
  readonly start: number;
  readonly length: number;
}

/** A citation as the client reads it; one without offsets covers its whole block. */
export const encodeAnnotation = (annotation: Annotation, block: TextRange): JsonObject => ({
  type: 'url_citation',
  url_citation: {
    url: annotation.url,
    title: annotation.title ?? '',
    start_index: block.start + (annotation.start ?? 0),
    end_index: block.start + (annotation.end ?? block.length),
  },
});
