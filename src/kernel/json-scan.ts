import type { WireView } from './edit.ts';
import {
  CLOSE_LIST,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  expectByte,
  malformed,
  OPEN_LIST,
  OPEN_OBJECT,
  QUOTE,
  readText,
  skipSpace,
  skipString,
  skipValue,
  unexpected,
} from './json-cursor.ts';
import type { Cursor, Span } from './json-cursor.ts';
import { parseJson } from './json.ts';
import type { Json } from './json.ts';

/** One top-level member and where it lies: `start` is its key's opening quote, `value` its value. */
export interface Member {
  readonly key: string;
  readonly start: number;
  readonly value: Span;
  /** Of a list: its first element and its last two, in their order. */
  readonly first?: Span;
  readonly lastTwo?: readonly Span[];
}

/** The bytes of a JSON object and where its top-level members lie. */
export interface ScannedObject {
  readonly bytes: Uint8Array;
  readonly members: readonly Member[];
}

/**
 * Finds the top-level members in one pass, checking the structure of everything but reading none of it: strings are
 * skipped, not decoded. A byte order mark in front is left behind: it is no JSON, and not every upstream forgives it.
 *
 * @throws GatewayError `invalid-request` when the bytes are not one JSON object.
 */
export function scanObject(body: Uint8Array): ScannedObject {
  const bytes = startsWithBom(body) ? body.subarray(3) : body;
  const cursor: Cursor = { bytes, at: 0 };
  skipSpace(cursor);
  if (cursor.at >= bytes.length) throw malformed('the request has no body; a JSON object was expected');
  if (bytes[cursor.at] !== OPEN_OBJECT) throw malformed('the request body must be a JSON object');
  cursor.at++;
  const members: Member[] = [];
  skipSpace(cursor);
  while (cursor.bytes[cursor.at] !== CLOSE_OBJECT) {
    if (members.length > 0) expectByte(cursor, COMMA);
    members.push(scanMember(cursor));
    skipSpace(cursor);
  }
  cursor.at++;
  skipSpace(cursor);
  if (cursor.at < bytes.length) throw unexpected(cursor);
  return { bytes, members };
}

function scanMember(cursor: Cursor): Member {
  skipSpace(cursor);
  const start = cursor.at;
  if (cursor.bytes[start] !== QUOTE) throw unexpected(cursor);
  skipString(cursor);
  const key = readText(cursor.bytes, { start, end: cursor.at });
  expectByte(cursor, COLON);
  skipSpace(cursor);
  const valueStart = cursor.at;
  if (cursor.bytes[valueStart] !== OPEN_LIST) {
    skipValue(cursor);
    return { key: parseKey(key), start, value: { start: valueStart, end: cursor.at } };
  }
  const elements = scanElements(cursor);
  return { key: parseKey(key), start, value: { start: valueStart, end: cursor.at }, ...elements };
}

/** Skips a list, keeping the ranges of its first and last two elements. */
function scanElements(cursor: Cursor): Pick<Member, 'first' | 'lastTwo'> {
  let first: Span | undefined;
  let lastTwo: readonly Span[] = [];
  cursor.at++;
  skipSpace(cursor);
  while (cursor.bytes[cursor.at] !== CLOSE_LIST) {
    if (first !== undefined) expectByte(cursor, COMMA);
    skipSpace(cursor);
    const start = cursor.at;
    skipValue(cursor);
    const span = { start, end: cursor.at };
    first ??= span;
    lastTwo = [...lastTwo.slice(-1), span];
    skipSpace(cursor);
  }
  cursor.at++;
  return first === undefined ? {} : { first, lastTwo };
}

const startsWithBom = (bytes: Uint8Array): boolean =>
  bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;

function parseKey(text: string): string {
  try {
    return JSON.parse(text) as string;
  } catch {
    throw malformed('the request body is not valid JSON: a key holds an invalid escape');
  }
}

/** The member of this name that counts: the last one, as in `JSON.parse`. */
export const findMember = ({ members }: ScannedObject, key: string): Member | undefined =>
  members.findLast((member) => member.key === key);

/** A view that reads members out of the bytes when asked. */
export function viewOfBytes(scanned: ScannedObject): WireView {
  const read = (span: Span | undefined): Json | undefined =>
    span === undefined ? undefined : readValue(scanned.bytes, span);
  return {
    typeOf: (key) => typeAt(scanned.bytes, findMember(scanned, key)),
    read: (key) => read(findMember(scanned, key)?.value),
    readFirst: (key) => read(findMember(scanned, key)?.first),
    readLastTwo: (key) =>
      (findMember(scanned, key)?.lastTwo ?? []).map((span) => readValue(scanned.bytes, span)),
  };
}

/**
 * The value in a range. Strings are only skipped by the scan, so a control character or a bad escape shows up here.
 *
 * @throws GatewayError `invalid-request` when a string is malformed.
 */
export function readValue(bytes: Uint8Array, span: Span): Json {
  try {
    return parseJson(readText(bytes, span));
  } catch {
    throw malformed(
      'the request body is not valid JSON: a string holds a control character or an invalid escape',
    );
  }
}

function typeAt(bytes: Uint8Array, member: Member | undefined): ReturnType<WireView['typeOf']> {
  if (member === undefined) return undefined;
  const byte = bytes[member.value.start];
  if (byte === QUOTE) return 'string';
  if (byte === OPEN_OBJECT) return 'object';
  if (byte === OPEN_LIST) return 'array';
  if (byte === 0x6e) return 'null';
  return byte === 0x74 || byte === 0x66 ? 'boolean' : 'number';
}
