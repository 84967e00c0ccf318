import type { Annotation } from '../../kernel/conversation.ts';
import { findNumber, findObject, findString, isJsonObject, listOf } from '../../kernel/json.ts';
import type { Json, JsonObject } from '../../kernel/json.ts';

/** The web pages that a candidate leans on, placed in `text`, the answer's text that they stand under. */
export function decodeAnnotations(
  grounding: JsonObject | undefined,
  citations: JsonObject | undefined,
  text: string,
): readonly Annotation[] {
  return [...groundingSources(grounding), ...citationSources(citations)].flatMap((source) =>
    annotate(source, text),
  );
}

/** A source, and the UTF-8 bytes of the text that it stands behind. */
interface Source {
  readonly page: JsonObject | undefined;
  readonly segment: JsonObject | undefined;
}

/** Every page behind every supported segment; all pages without a place when no segment is named. */
function groundingSources(grounding: JsonObject | undefined): readonly Source[] {
  const pages = listOf(grounding?.['groundingChunks']).map((chunk) => findObject(findObject(chunk)?.['web']));
  const supports = listOf(grounding?.['groundingSupports']).filter(isJsonObject);
  if (supports.length === 0) return pages.map((page) => ({ page, segment: undefined }));
  return supports.flatMap((support) =>
    listOf(support['groundingChunkIndices']).map((at) => ({
      page: pages[findNumber(at) ?? -1],
      segment: findObject(support['segment']),
    })),
  );
}

/** The Gemini API names the list `citationSources`, Vertex names it `citations`. */
function citationSources(citations: JsonObject | undefined): readonly Source[] {
  const list: Json | undefined = citations?.['citations'] ?? citations?.['citationSources'];
  return listOf(list)
    .filter(isJsonObject)
    .map((citation) => ({ page: citation, segment: citation }));
}

function annotate({ page, segment }: Source, text: string): readonly Annotation[] {
  const url = findString(page?.['uri']);
  if (url === undefined || url === '') return [];
  const title = findString(page?.['title']);
  return [{ kind: 'url', url, ...(title !== undefined && { title }), ...rangeOf(segment, text) }];
}

/** The range in UTF-16 units; nothing when the segment's own words do not stand there. */
function rangeOf(segment: JsonObject | undefined, text: string): { start?: number; end?: number } {
  const endByte = findNumber(segment?.['endIndex']);
  if (endByte === undefined) return {};
  const start = unitsBefore(text, findNumber(segment?.['startIndex']) ?? 0); // zero is left out on the wire
  const end = unitsBefore(text, endByte);
  if (start === undefined || end === undefined || start > end) return {};
  const words = findString(segment?.['text']);
  return words === undefined || words === text.slice(start, end) ? { start, end } : {};
}

/** How many UTF-16 units make the first `bytes` bytes of UTF-8; `undefined` beyond the end of the text. */
function unitsBefore(text: string, bytes: number): number | undefined {
  let seen = 0;
  let units = 0;
  for (const character of text) {
    if (seen >= bytes) break;
    seen += byteLength(character);
    units += character.length;
  }
  return seen >= bytes ? units : undefined;
}

function byteLength(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x80) return 1;
  if (code < 0x800) return 2;
  return code < 0x10000 ? 3 : 4;
}
