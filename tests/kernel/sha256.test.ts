import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { sha256Hex } from '../../src/kernel/sha256.ts';

describe('sha256Hex', () => {
  it.each([
    ['nothing', ''],
    ['the example of the standard', 'abc'],
    ['text that just fits one block', 'a'.repeat(55)],
    ['text whose length needs a block of its own', 'a'.repeat(56)],
    ['a full block', 'a'.repeat(64)],
    ['many blocks', 'droid2api '.repeat(1000)],
    ['signs of several bytes', 'Zürich 你好 🎉'],
  ])('agrees with the platform on %s', (_name, text) => {
    expect(sha256Hex(text)).toBe(createHash('sha256').update(text).digest('hex'));
  });
});
