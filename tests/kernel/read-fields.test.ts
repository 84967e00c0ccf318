import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/kernel/json.ts';
import { findObject, parseJson, writeJson } from '../../src/kernel/json.ts';
import * as fields from '../../src/kernel/read-fields.ts';

type Reader = (parent: JsonObject, key: string, at: string) => unknown;

/** An object with the member `m`, read from JSON text. */
const holding = (value: string): JsonObject => findObject(parseJson(`{"m":${value}}`)) ?? {};

const wrong = (param: string): unknown =>
  expect.objectContaining({
    kind: 'invalid-request',
    details: expect.objectContaining({ param }) as unknown,
  });

const OPTIONAL: readonly [string, Reader, string, unknown, readonly string[]][] = [
  ['optionalString', fields.optionalString, '"x"', 'x', ['1', 'true', '[]', '{}']],
  ['optionalFlag', fields.optionalFlag, 'false', false, ['0', '"false"', '[]']],
  ['optionalNumber', fields.optionalNumber, '0.5', 0.5, ['"0.5"', 'true', '1e400', '{}']],
  ['optionalInteger', fields.optionalInteger, '-3', -3, ['0.5', '"3"', '1e400']],
  ['optionalCount', fields.optionalCount, '1', 1, ['0', '-1', '1.5', '"1"']],
  ['optionalObject', fields.optionalObject, '{"a":1}', { a: 1 }, ['[]', '"{}"', '12345678901234567890']],
  ['optionalList', fields.optionalList, '[1]', [1], ['{}', '"[]"']],
];

const REQUIRED: readonly [string, Reader, string, unknown, string][] = [
  ['requireString', fields.requireString, '""', '', '1'],
  ['requireObject', fields.requireObject, '{}', {}, '[]'],
  ['requireList', fields.requireList, '[]', [], '{}'],
];

describe('pathOf', () => {
  it.each([
    ['', 'model', 'model'],
    ['messages[2]', 'content', 'messages[2].content'],
  ])('joins "%s" and "%s"', (at, key, path) => {
    expect(fields.pathOf(at, key)).toBe(path);
  });
});

describe.each(OPTIONAL)('%s', (_name, read, good, value, bad) => {
  it('reads a value of its type', () => {
    expect(read(holding(good), 'm', 'at')).toEqual(value);
  });

  it('takes null for absent', () => {
    expect([read(holding('null'), 'm', 'at'), read({}, 'm', 'at')]).toEqual([undefined, undefined]);
  });

  it.each(bad)('refuses %s and names the path', (text) => {
    expect(() => read(holding(text), 'm', 'at')).toThrow(wrong('at.m'));
  });
});

describe.each(REQUIRED)('%s', (_name, read, good, value, bad) => {
  it('reads a value of its type', () => {
    expect(read(holding(good), 'm', '')).toEqual(value);
  });

  it.each(['null', bad])('refuses %s', (text) => {
    expect(() => read(holding(text), 'm', '')).toThrow(wrong('m'));
  });

  it('refuses nothing at all, and says that something is needed', () => {
    expect(() => read({}, 'm', 'messages[0]')).toThrow(/^messages\[0\]\.m: is required and must be /);
  });
});

describe('numbers', () => {
  it('are rounded where a double cannot hold them', () => {
    expect(fields.optionalInteger(holding('12345678901234567890'), 'm', '')).toBe(12345678901234567000);
  });
});

describe('optionalWord', () => {
  const words = ['low', 'high'] as const;

  it('reads one of the words, or nothing', () => {
    const found = ['"high"', 'null'].map((text) => fields.optionalWord(holding(text), 'm', '', words));
    expect(found).toEqual(['high', undefined]);
  });

  it('names the words when it is another', () => {
    expect(() => fields.optionalWord(holding('"High"'), 'm', 'a', words)).toThrow(
      'a.m: must be one of low, high',
    );
  });
});

describe('mapObjects', () => {
  it('reads every object with its path and place', () => {
    const read = fields.mapObjects([{ a: 1 }, { a: 2 }], 'tools', (element, at, index) => [
      element['a'],
      at,
      index,
    ]);
    expect(read).toEqual([
      [1, 'tools[0]', 0],
      [2, 'tools[1]', 1],
    ]);
  });

  it.each(['1', 'null', '[]', '12345678901234567890'])('refuses %s among them', (text) => {
    const list = [{}, parseJson(text)];
    expect(() => fields.mapObjects(list, 'tools', () => 0)).toThrow(wrong('tools[1]'));
  });
});

describe('present', () => {
  it('keeps the members that have a value, null and 0 among them', () => {
    expect(Object.entries(fields.present({ a: 0, b: undefined, c: null, d: '' }))).toEqual([
      ['a', 0],
      ['c', null],
      ['d', ''],
    ]);
  });

  it('keeps a member named __proto__', () => {
    const members = findObject(parseJson('{"__proto__":{"a":1}}')) ?? {};
    expect(writeJson(fields.present(members))).toBe('{"__proto__":{"a":1}}');
  });
});
