import type { Annotation } from '../../kernel/conversation.ts';
import { findNumber, findObject, findString } from '../../kernel/json.ts';
import type { Json, JsonObject } from '../../kernel/json.ts';

/** The citation of a web page; what cites a file means nothing outside the service that holds it. */
export function findAnnotation(value: Json | undefined): Annotation | undefined {
  const wire = findObject(value);
  const url = findString(wire?.['url']);
  if (wire?.['type'] !== 'url_citation' || url === undefined) return undefined;
  const title = findString(wire['title']);
  const start = findNumber(wire['start_index']);
  const end = findNumber(wire['end_index']);
  return {
    kind: 'url',
    url,
    ...(title !== undefined && { title }),
    ...(start !== undefined && { start }),
    ...(end !== undefined && { end }),
  };
}

/** The wire form, where every member is required: an annotation without offsets covers the text so far. */
export const encodeAnnotation = (
  { url, title = '', start = 0, end }: Annotation,
  textLength: number,
): JsonObject => ({
  type: 'url_citation',
  url,
  title,
  start_index: start,
  end_index: end ?? textLength,
});
