import { GatewayError } from './gateway-error.ts';

/** A half-open range of bytes. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export const QUOTE = 0x22;
const BACKSLASH = 0x5c;
export const COMMA = 0x2c;
export const COLON = 0x3a;
export const OPEN_OBJECT = 0x7b;
export const CLOSE_OBJECT = 0x7d;
export const OPEN_LIST = 0x5b;
export const CLOSE_LIST = 0x5d;
const MAX_DEPTH = 1024;
const SCALAR = /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)$/;

/** A place in the bytes of a JSON text. */
export interface Cursor {
  readonly bytes: Uint8Array;
  at: number;
}

/** Skips one value of any depth without recursion. */
export function skipValue(cursor: Cursor): void {
  const open: number[] = [];
  do {
    skipSpace(cursor);
    const byte = cursor.bytes[cursor.at];
    if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
      cursor.at++;
      open.push(byte);
      if (open.length > MAX_DEPTH)
        throw malformed(`the request body is nested more than ${MAX_DEPTH} levels deep`);
      if (enters(cursor, byte)) continue;
    } else if (byte === QUOTE) skipString(cursor);
    else skipScalar(cursor);
    skipEnds(cursor, open);
  } while (open.length > 0);
}

/** True when something stands inside the container; steps over its key, if it has one. */
function enters(cursor: Cursor, opener: number): boolean {
  if (closes(cursor, opener)) return false;
  if (opener === OPEN_OBJECT) skipKey(cursor);
  return true;
}

/** True when the next byte after spaces closes what `opener` opened. */
function closes(cursor: Cursor, opener: number): boolean {
  skipSpace(cursor);
  return cursor.bytes[cursor.at] === (opener === OPEN_OBJECT ? CLOSE_OBJECT : CLOSE_LIST);
}

/** After a value: closes the containers that end here, or steps to the next element. */
function skipEnds(cursor: Cursor, open: number[]): void {
  for (;;) {
    const opener = open.at(-1);
    if (opener === undefined) return;
    if (closes(cursor, opener)) {
      cursor.at++;
      open.pop();
      continue;
    }
    expectByte(cursor, COMMA);
    if (opener === OPEN_OBJECT) skipKey(cursor);
    return;
  }
}

function skipKey(cursor: Cursor): void {
  skipSpace(cursor);
  if (cursor.bytes[cursor.at] !== QUOTE) throw unexpected(cursor);
  skipString(cursor);
  expectByte(cursor, COLON);
}

/** From the opening quote to behind the closing one. */
export function skipString(cursor: Cursor): void {
  const { bytes } = cursor;
  let from = cursor.at + 1;
  for (;;) {
    const quote = bytes.indexOf(QUOTE, from);
    if (quote < 0) throw malformed('the request body ends inside a string');
    let slashes = 0;
    while (bytes[quote - 1 - slashes] === BACKSLASH) slashes++;
    from = quote + 1;
    if (slashes % 2 === 0) break;
  }
  cursor.at = from;
}

function skipScalar(cursor: Cursor): void {
  const start = cursor.at;
  while (isScalarByte(cursor.bytes[cursor.at])) cursor.at++;
  if (!SCALAR.test(readText(cursor.bytes, { start, end: cursor.at }))) {
    cursor.at = start;
    throw unexpected(cursor);
  }
}

/** Letters, digits, `+`, `-` and `.`. */
const isScalarByte = (byte: number | undefined): boolean =>
  byte !== undefined &&
  ((byte >= 0x30 && byte <= 0x39) ||
    (byte >= 0x61 && byte <= 0x7a) ||
    byte === 0x45 ||
    byte === 0x2b ||
    byte === 0x2d ||
    byte === 0x2e);

/** Steps over white space. */
export function skipSpace(cursor: Cursor): void {
  for (;;) {
    const byte = cursor.bytes[cursor.at];
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return;
    cursor.at++;
  }
}

/** Steps over `byte`, after spaces; throws when something else stands there. */
export function expectByte(cursor: Cursor, byte: number): void {
  skipSpace(cursor);
  if (cursor.bytes[cursor.at] !== byte) throw unexpected(cursor);
  cursor.at++;
}

/** A body that is not JSON. */
export const malformed = (message: string): GatewayError =>
  new GatewayError('invalid-request', message, { code: 'invalid_json' });

/** The byte at the cursor has no business there. */
export function unexpected({ bytes, at }: Cursor): GatewayError {
  const byte = bytes[at];
  if (byte === undefined) return malformed('the request body is not valid JSON: it ends too early');
  const sign = byte > 0x20 && byte < 0x7f ? `'${String.fromCharCode(byte)}'` : `byte 0x${byte.toString(16)}`;
  return malformed(`the request body is not valid JSON: unexpected ${sign} at byte ${at}`);
}

const decoder = new TextDecoder();

/** The text of a range of UTF-8 bytes. */
export const readText = (bytes: Uint8Array, { start, end }: Span): string =>
  decoder.decode(bytes.subarray(start, end));
