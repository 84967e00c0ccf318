import { describe, expect, it } from 'vitest';
import { without } from '../../src/kernel/without.ts';

describe('without', () => {
  it('copies everything but the one member', () => {
    const original = { a: 1, b: undefined, c: [2] };
    expect(without(original, 'a')).toStrictEqual({ b: undefined, c: [2] });
    expect(original).toStrictEqual({ a: 1, b: undefined, c: [2] });
  });

  it('copies all where there is no such member', () => {
    const original: { a: number; b?: number } = { a: 1 };
    expect(without(original, 'b')).toStrictEqual({ a: 1 });
  });

  it('copies a member named __proto__ as any other', () => {
    const original = JSON.parse('{"__proto__":{"x":1},"a":1}') as { a: number };
    expect(JSON.stringify(without(original, 'a'))).toBe('{"__proto__":{"x":1}}');
  });
});
