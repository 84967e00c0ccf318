import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sha256Hex } from '../../src/kernel/sha256.ts';

const platform = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('sha256Hex', () => {
  it.each([
    ['nothing', ''],
    ['the example of the standard', 'abc'],
    ['text that just fits one block', 'a'.repeat(55)],
    ['text whose length needs a block of its own', 'a'.repeat(56)],
    ['a full block', 'a'.repeat(64)],
    ['many blocks', 'droid2api '.repeat(1000)],
    ['signs of several bytes', 'Zürich 你好 🎉'],
    ['half of a pair', '\ud83c'],
  ])('agrees with the platform on %s', (_name, text) => {
    expect(sha256Hex(text)).toBe(platform(text));
  });

  it('agrees with the platform on any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        expect(sha256Hex(text)).toBe(platform(text));
      }),
      { numRuns: 300 },
    );
  });
});
