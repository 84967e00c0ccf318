import { describe, expect, it } from 'vitest';
import { parseJsonc } from '../../src/config/parse-jsonc.ts';

const mistakesIn = (text: string): readonly string[] => {
  const result = parseJsonc(text);
  return result.ok ? [] : result.mistakes;
};

describe('parseJsonc', () => {
  it.each([
    ['comments', '{ // one\n "a": /* two */ 1 }'],
    ['trailing commas', '{ "a": 1, }'],
    ['a byte order mark', '\uFEFF{ "a": 1 }'],
    ['Windows line ends', '{\r\n"a": 1\r\n}\r\n'],
  ])('puts up with %s', (_what, text) => {
    expect(parseJsonc(text)).toEqual({ ok: true, value: { a: 1 } });
  });

  it.each([
    ['', 'line 1, column 1: a value is expected'],
    ['{\n  "a": 1\n  "b": 2\n}', 'line 3, column 3: a comma is expected'],
    ['{\r\n\t"a": 1\r\n\t"b": 2\r\n}', 'line 3, column 2: a comma is expected'],
    ['{\n  port: 3000\n}', 'line 2, column 3: this is not JSON (texts need double quotes)'],
    ['{ "a" 1 }', 'line 1, column 7: a colon is expected'],
    ['{ "a": "x\n}', 'line 1, column 8: this text has no closing quote'],
    ['{ "a": 1', 'line 1, column 9: a closing } is expected'],
    ['\uFEFF{ "a": tru }', 'line 1, column 8: this is not JSON (texts need double quotes)'],
    ['{ "a": "\\x" }', 'line 1, column 8: this backslash escape is not valid in JSON'],
  ])('names line and column of the slip in %j', (text, mistake) => {
    expect(mistakesIn(text)[0]).toBe(mistake);
  });

  it('tells slips on several lines, one for each line', () => {
    expect(mistakesIn('{\n  "a" 1,\n  "b": oops,\n  "c": 3\n}')).toEqual([
      'line 2, column 7: a colon is expected',
      'line 3, column 8: this is not JSON (texts need double quotes)',
    ]);
  });
});
