import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  findBoolean,
  findJson,
  findNumber,
  findObject,
  findString,
  isJsonArray,
  isJsonObject,
  isRawJson,
  listOf,
  parseJson,
  rawJson,
  rawText,
  writeJson,
} from '../../src/kernel/json.ts';
import { jsonText, numberText } from '../support/arbitrary-json.ts';
import { exactJson } from '../support/exact-json.ts';

const rewritten = (text: string): string => writeJson(parseJson(text));

describe('parseJson and writeJson', () => {
  it('give any JSON back with every digit of its numbers', () => {
    fc.assert(
      fc.property(jsonText, (text) => {
        expect(exactJson(rewritten(text))).toEqual(exactJson(text));
      }),
      { numRuns: 1000 },
    );
  });

  it('give any number back exactly', () => {
    fc.assert(
      fc.property(numberText, (text) => {
        expect(exactJson(rewritten(text))).toEqual(exactJson(text));
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['12345678901234567890', '12345678901234567890'],
    ['-9007199254740993', '-9007199254740993'],
    ['9007199254740992', '9007199254740992'],
    ['0.1234567890123456789', '0.1234567890123456789'],
    ['1e400', '1e400'],
    ['-1E-400', '-1E-400'],
    ['1e99999999999999999999', '1e99999999999999999999'],
    ['-0', '-0'],
    ['0e999', '0'],
    ['1.0', '1'],
    ['1e2', '100'],
    ['100000000000000000000000', '100000000000000000000000'],
    [`1${'0'.repeat(200)}1`, `1${'0'.repeat(200)}1`],
  ])('write the number %s as %s', (text, written) => {
    expect(rewritten(`[${text}]`)).toBe(`[${written}]`);
  });

  it.each(['0.1', '123456789012345', '1.7976931348623157e308', '0.30000000000000004', '10000000000000000'])(
    'keep %s a plain number, which a double can hold',
    (text) => {
      expect(parseJson(text)).toBe(Number(text));
    },
  );

  it('make a number that a double cannot hold a raw value with its own text', () => {
    const value = parseJson('{"id":12345678901234567890}');
    const id = findObject(value)?.['id'];
    expect(isRawJson(id) && rawText(id)).toBe('12345678901234567890');
  });

  it.each([
    ['a member named __proto__', '{"__proto__":{"a":1},"n":12345678901234567890}'],
    ['a long number under __proto__', '{"__proto__":12345678901234567890}'],
    ['a string like the sign that stands for a number', '{"n":12345678901234567890,"a":"\\u00010"}'],
    ['a string of several such signs', '["\\u0001\\u0001\\u00010",12345678901234567890,"\\u00010"]'],
    ['a member named like such a sign', '{"\\u00010":12345678901234567890}'],
    ['long numbers inside strings', '["12345678901234567890","\\"12345678901234567890",1e400]'],
    ['strings that end in backslashes', '["\\\\",12345678901234567890,"\\\\\\"",1e400,"\\\\\\\\"]'],
  ])('keep %s', (_name, text) => {
    expect(rewritten(text)).toBe(text);
  });

  it('do not mistake escaped text for the sign that stands for a number', () => {
    const text = '["\\u0023number:0","#number:0",12345678901234567890]';
    expect(rewritten(text)).toBe('["#number:0","#number:0",12345678901234567890]');
  });

  it('read a string of many megabytes beside a long number', () => {
    const text = `["${'A'.repeat(9_000_000)}","${'\\n'.repeat(4_500_000)}",12345678901234567890]`;
    expect(rewritten(text) === text).toBe(true);
  });

  it('keep a long number 1000 levels deep', () => {
    const text = `${'['.repeat(1000)}12345678901234567890${']'.repeat(1000)}`;
    expect(rewritten(text)).toBe(text);
  });

  it('refuse whatever JSON.parse refuses, with a SyntaxError', () => {
    const damaged = fc
      .tuple(
        jsonText,
        fc.nat(60),
        fc.constantFrom('', ',', '"', '{', ']', '0', '.', 'e', '\\', '\u0001', 'tru'),
      )
      .map(([text, at, noise]) => text.slice(0, at) + noise + text.slice(at + 1));
    fc.assert(
      fc.property(damaged, (text) => {
        expect(outcome(() => parseJson(text))).toBe(outcome(() => JSON.parse(text) as unknown));
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    '',
    ' ',
    '[1,]',
    '{"a":1,}',
    '01',
    '1.',
    '.5',
    '+1',
    '1e',
    '[12345678901234567890',
    '{"a":1e400,}',
    'NaN',
  ])('refuse %j', (text) => {
    expect(() => parseJson(text)).toThrow(SyntaxError);
  });
});

function outcome(read: () => unknown): string {
  try {
    read();
    return 'read';
  } catch (error) {
    return error instanceof SyntaxError ? 'refused' : `crashed: ${String(error)}`;
  }
}

describe('writeJson', () => {
  it('leaves out members that are undefined', () => {
    expect(writeJson({ a: undefined, b: 1, c: undefined })).toBe('{"b":1}');
  });

  it('puts raw values in as their own text', () => {
    expect(writeJson({ args: rawJson('{ "a": 1.50 }'), list: [rawJson('1e400')] })).toBe(
      '{"args":{ "a": 1.50 },"list":[1e400]}',
    );
  });

  it('escapes names and strings', () => {
    expect(writeJson({ 'a"\n': 'b\\\u2028\ud800' })).toBe(
      String.raw`{"a\"\n":"b\\` + '\u2028' + String.raw`\ud800"}`,
    );
  });
});

describe('findJson', () => {
  it('reads JSON, and gives undefined for what is none', () => {
    expect(findJson('{"a":[1]}')).toEqual({ a: [1] });
    expect(findJson('{"a":')).toBeUndefined();
  });

  it('gives undefined for a value too deep to be read exactly', () => {
    const text = `${'['.repeat(200_000)}12345678901234567890${']'.repeat(200_000)}`;
    expect(findJson(text)).toBeUndefined();
  });
});

describe('the narrow readers', () => {
  const raw = rawJson('1');
  it.each([
    ['an object', { a: 1 }, 'object'],
    ['an object without a prototype', Object.create(null) as unknown, 'object'],
    ['a list', [1], 'list'],
    ['a string', '', 'string'],
    ['a number', 0, 'number'],
    ['a boolean', false, 'boolean'],
    ['null', null, 'none'],
    ['nothing', undefined, 'none'],
    ['a raw value', raw, 'raw'],
    ['an endless number', Infinity, 'none'],
    ['no number', NaN, 'none'],
    ['a function', () => 1, 'none'],
  ])('see %s as what it is', (_name, value, kind) => {
    const seen = {
      object: findObject(value) === value && isJsonObject(value),
      list: listOf(value) === value && isJsonArray(value),
      string: findString(value) === value && typeof value === 'string',
      number: findNumber(value) === value && typeof value === 'number',
      boolean: findBoolean(value) === value && typeof value === 'boolean',
      raw: isRawJson(value),
    };
    const kinds = Object.entries(seen).flatMap(([name, holds]) => (holds ? [name] : []));
    expect(kinds).toEqual(kind === 'none' ? [] : [kind]);
  });

  it('give an empty list for what is no list', () => {
    expect(listOf({ length: 1, 0: 'a' })).toEqual([]);
  });
});
