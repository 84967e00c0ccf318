/** A JSON value. Numbers that a double cannot hold travel as {@link RawJson}. */
export type Json = string | number | boolean | null | JsonArray | JsonObject | RawJson;
export type JsonArray = readonly Json[];
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

const RAW = Symbol('raw-json');

/** JSON text that is written exactly as it stands: a long integer, the arguments of a tool call. */
export interface RawJson {
  readonly [RAW]: string;
}

/** Marks `text` as finished JSON; the caller vouches that it is valid. */
export const rawJson = (text: string): RawJson => ({ [RAW]: text });

/** The text behind a raw value. */
export const rawText = (value: RawJson): string => value[RAW];

export const isRawJson = (value: unknown): value is RawJson =>
  typeof value === 'object' && value !== null && RAW in value;

export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(RAW in value);

export const isJsonArray = (value: unknown): value is JsonArray => Array.isArray(value);

/** `value` when it is an object, else `undefined`. */
export const findObject = (value: unknown): JsonObject | undefined =>
  isJsonObject(value) ? value : undefined;

/** `value` when it is a list, else an empty one. */
export const listOf = (value: unknown): JsonArray => (isJsonArray(value) ? value : []);

/** `value` when it is a string, else `undefined`. */
export const findString = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined;

/** `value` when it is a finite number, else `undefined`. */
export const findNumber = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined;

/** `value` when it is a boolean, else `undefined`. */
export const findBoolean = (value: unknown): boolean | undefined =>
  typeof value === 'boolean' ? value : undefined;

/** Writes JSON; raw values go in as their own text, members that are `undefined` are left out. */
export function writeJson(value: Json): string {
  if (Object.is(value, -0)) return '-0'; // `JSON.stringify` drops the sign
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (isRawJson(value)) return rawText(value);
  if (isJsonArray(value)) return `[${value.map(writeJson).join(',')}]`;
  let text = '';
  for (const [key, member] of Object.entries(value)) {
    if (member !== undefined) text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${writeJson(member)}`;
  }
  return `{${text}}`;
}

// A double holds 15 significant digits for certain. What is longer, or has a large exponent, is kept as text.
const LONG_NUMBER = /[\d.]{16}|\d[eE][+-]?\d{2}/;
const NUMBER_OR_QUOTE = /"|-?\d[\d.eE+-]*/g;

/**
 * Reads JSON without losing a digit: a number that a double would change becomes {@link RawJson}.
 *
 * @throws SyntaxError as `JSON.parse` does.
 */
export function parseJson(text: string): Json {
  const plain = JSON.parse(text) as Json; // also proves the text well-formed, which the scan below relies on
  if (!LONG_NUMBER.test(text)) return plain;
  const { marker, marked, kept } = markLongNumbers(text);
  if (kept.length === 0) return plain;
  return JSON.parse(marked, (_key, value: unknown) => {
    if (typeof value !== 'string' || !value.startsWith(marker)) return value;
    return rawJson(kept[Number(value.slice(marker.length))] ?? 'null');
  }) as Json;
}

interface MarkedText {
  /** What the strings that stand for numbers start with, and no other string does. */
  readonly marker: string;
  readonly marked: string;
  /** The numbers that were taken out. */
  readonly kept: readonly string[];
}

/** Puts strings in place of the numbers that a double cannot hold. */
function markLongNumbers(text: string): MarkedText {
  const written = unusedMarker(text);
  const kept: string[] = [];
  const tokens = new RegExp(NUMBER_OR_QUOTE);
  let marked = '';
  let copied = 0;
  for (let token = tokens.exec(text); token !== null; token = tokens.exec(text)) {
    const [found] = token;
    if (found === '"') {
      tokens.lastIndex = endOfString(text, token.index);
    } else if (!survives(found)) {
      marked += `${text.slice(copied, token.index)}"${written}${kept.push(found) - 1}"`;
      copied = tokens.lastIndex;
    }
  }
  return { marker: JSON.parse(`"${written}"`) as string, marked: marked + text.slice(copied), kept };
}

/** The index behind the quote that closes a string; a regular expression runs out of stack on long ones. */
function endOfString(text: string, start: number): number {
  let from = start + 1;
  for (;;) {
    const quote = text.indexOf('"', from);
    let slashes = 0;
    while (text[quote - 1 - slashes] === '\\') slashes++;
    from = quote + 1;
    if (slashes % 2 === 0) return from;
  }
}

/** True when a double prints this number with the same digits and size. */
function survives(token: string): boolean {
  if (token.length < 16 && !/[eE]/.test(token)) return true;
  if (token.length > 100) return false; // so that comparing cannot take long
  if (/^-?\d{22,}$/.test(token)) return false; // a double prints `1e+21`, which some readers take for no integer
  return normalDigits(token) === normalDigits(String(Number(token)));
}

/** Significant digits and decimal exponent of a number token, so that `1.0`, `1` and `1e0` compare equal. */
function normalDigits(token: string): string {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(token);
  if (match === null) return token;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  const digits = (whole + fraction).replace(/^0+/, '');
  const trimmed = digits.replace(/0+$/, '');
  if (trimmed === '') return '0';
  return `${sign}${trimmed}e${Number(exponent) - fraction.length + digits.length - trimmed.length}`;
}

/** An escape that no string of `text` starts with: U+0001 can stand in JSON in this one way only. */
function unusedMarker(text: string): string {
  let marker = '\\u0001';
  while (text.includes(`"${marker}`)) marker += marker;
  return marker;
}

/** JSON of `text`, or `undefined` when it is not JSON. */
export function findJson(text: string): Json | undefined {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
