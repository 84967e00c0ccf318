import { parse, printParseErrorCode } from 'jsonc-parser';
import type { ParseError } from 'jsonc-parser';

export type JsoncResult =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly mistakes: readonly string[] };

/** Reads JSON with comments, trailing commas and a byte order mark; a mistake names its line and column, from 1. */
export function parseJsonc(text: string): JsoncResult {
  const json = text.replace(/^\uFEFF/, '');
  const errors: ParseError[] = [];
  const value: unknown = parse(json, errors, { allowTrailingComma: true });
  if (errors.length === 0) return { ok: true, value };
  const places = errors.map((error) => ({ ...placeOf(json, error.offset), words: wordsOf(error) }));
  // One slip of the pen makes the parser stumble several times; the first stumble of a line names it best.
  const firsts = places.filter(
    ({ line }, index) => places.findIndex((place) => place.line === line) === index,
  );
  return {
    ok: false,
    mistakes: firsts.map(({ line, column, words }) => `line ${line}, column ${column}: ${words}`),
  };
}

function placeOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split(/\r\n|\r|\n/);
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

const WORDS: Readonly<Record<string, string>> = {
  InvalidSymbol: 'this is not JSON (texts need double quotes)',
  InvalidNumberFormat: 'this is not a JSON number',
  PropertyNameExpected: 'a key in double quotes is expected',
  ValueExpected: 'a value is expected',
  ColonExpected: 'a colon is expected',
  CommaExpected: 'a comma is expected',
  CloseBraceExpected: 'a closing } is expected',
  CloseBracketExpected: 'a closing ] is expected',
  EndOfFileExpected: 'the end of the file is expected',
  UnexpectedEndOfComment: 'this comment is never closed',
  UnexpectedEndOfString: 'this text has no closing quote',
  InvalidUnicode: 'this is not a valid \\u escape',
  InvalidEscapeCharacter: 'this backslash escape is not valid in JSON',
  InvalidCharacter: 'this character is not allowed here',
};

const wordsOf = (error: ParseError): string =>
  WORDS[printParseErrorCode(error.error)] ?? 'this is not valid JSON';
