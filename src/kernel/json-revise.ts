import type { Edit } from './edit.ts';
import { writeJson } from './json.ts';
import { CLOSE_LIST, COMMA, expectByte, OPEN_LIST, readText, skipSpace, skipValue } from './json-cursor.ts';
import type { Cursor, Span } from './json-cursor.ts';
import { findMember, readValue, scanObject } from './json-scan.ts';
import type { Member, ScannedObject } from './json-scan.ts';

type Revision = Extract<Edit, { readonly kind: 'revise' }>;

/**
 * The object with the marked elements of its lists rewritten or taken out; every other element stays as its very
 * bytes.
 *
 * @throws GatewayError `invalid-request` when a marked element has to be read and a string in it is malformed.
 */
export const reviseLists = (scanned: ScannedObject, edits: readonly Edit[]): ScannedObject =>
  edits.filter((edit) => edit.kind === 'revise').reduce(reviseList, scanned);

function reviseList(scanned: ScannedObject, edit: Revision): ScannedObject {
  const member = findMember(scanned, edit.key);
  if (member === undefined || scanned.bytes[member.value.start] !== OPEN_LIST) return scanned;
  const spans = elementsOf(scanned.bytes, member);
  const texts = spans.map((span) => reviseElement(scanned.bytes, span, edit));
  if (texts.every((text, index) => text === spans[index])) return scanned;
  return scanObject(replaceList(scanned.bytes, member, texts));
}

/** The element's place when it stays as it is, its new text, or `undefined` when it goes. */
function reviseElement(
  bytes: Uint8Array,
  span: Span,
  { marks, revise }: Revision,
): Span | string | undefined {
  const text = readText(bytes, span);
  if (!marks.some((mark) => text.includes(mark))) return span;
  const element = readValue(bytes, span);
  const revised = revise(element);
  if (revised === element) return span;
  return revised === undefined ? undefined : writeJson(revised);
}

function elementsOf(bytes: Uint8Array, { value }: Member): readonly Span[] {
  const spans: Span[] = [];
  const cursor: Cursor = { bytes, at: value.start + 1 };
  skipSpace(cursor);
  while (bytes[cursor.at] !== CLOSE_LIST) {
    if (spans.length > 0) expectByte(cursor, COMMA);
    skipSpace(cursor);
    const start = cursor.at;
    skipValue(cursor);
    spans.push({ start, end: cursor.at });
    skipSpace(cursor);
  }
  return spans;
}

function replaceList(
  bytes: Uint8Array,
  { value }: Member,
  elements: readonly (Span | string | undefined)[],
): Uint8Array {
  const encoder = new TextEncoder();
  const comma = Uint8Array.of(COMMA);
  const pieces = [bytes.subarray(0, value.start + 1)];
  for (const element of elements) {
    if (element === undefined) continue;
    if (pieces.length > 1) pieces.push(comma);
    pieces.push(
      typeof element === 'string' ? encoder.encode(element) : bytes.subarray(element.start, element.end),
    );
  }
  pieces.push(bytes.subarray(value.end - 1));
  return concat(pieces);
}

function concat(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((size, piece) => size + piece.byteLength, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.byteLength;
  }
  return whole;
}
