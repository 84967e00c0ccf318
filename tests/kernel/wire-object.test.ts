import { describe, expect, it } from 'vitest';
import type { Edit } from '../../src/kernel/edit.ts';
import { parseJson, writeJson } from '../../src/kernel/json.ts';
import type { JsonObject } from '../../src/kernel/json.ts';
import { applyEdits, viewOfObject } from '../../src/kernel/wire-object.ts';

describe('applyEdits', () => {
  it('does not touch the given body, nor what is in it', () => {
    const body: JsonObject = { a: [1], b: 'x' };
    const edits: Edit[] = [
      { kind: 'unshift', key: 'a', element: 0 },
      { kind: 'replace-first', key: 'a', element: 9 },
      { kind: 'prefix', key: 'b', text: 'y' },
      { kind: 'remove', key: 'b' },
    ];
    expect(applyEdits(body, edits)).toEqual({ a: [9, 1] });
    expect(body).toEqual({ a: [1], b: 'x' });
  });

  it('wraps a value with all its digits', () => {
    const body = parseJson('{"n":12345678901234567890}') as JsonObject;
    const wrapped = applyEdits(body, [{ kind: 'wrap', key: 'n', before: '{"was":', after: '}' }]);
    expect(writeJson(wrapped)).toBe('{"n":{"was":12345678901234567890}}');
  });

  it('sets a member named __proto__ as any other', () => {
    const body = applyEdits({}, [{ kind: 'set', key: '__proto__', value: { a: 1 } }]);
    expect(writeJson(body)).toBe('{"__proto__":{"a":1}}');
  });

  it.each<Edit>([
    { kind: 'remove', key: 'a' },
    { kind: 'unshift', key: 'a', element: 0 },
    { kind: 'replace-first', key: 'a', element: 0 },
    { kind: 'prefix', key: 'a', text: 'x' },
    { kind: 'wrap', key: 'a', before: '[', after: ']' },
  ])('lets $kind do nothing where nothing is', (edit) => {
    expect(writeJson(applyEdits({ a: undefined, b: 1 }, [edit]))).toBe('{"b":1}');
    expect(writeJson(applyEdits({ b: 1 }, [edit]))).toBe('{"b":1}');
  });
});

describe('viewOfObject', () => {
  it('sees no member in one that is undefined, or that every object inherits', () => {
    const view = viewOfObject({ a: undefined });
    expect([view.typeOf('a'), view.typeOf('toString'), view.read('constructor')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('reads the first and the last two elements of a list', () => {
    const view = viewOfObject({ a: [1, 2, 3] });
    expect([view.readFirst('a'), view.readLastTwo('a')]).toEqual([1, [2, 3]]);
  });
});
