import { describe, expect, it } from 'vitest';
import { assertNever } from '../../src/kernel/assert-never.ts';

describe('assertNever', () => {
  it('throws with the value that cannot be', () => {
    expect(() => assertNever({ kind: 'new' } as never, 'part')).toThrow('unexpected part: {"kind":"new"}');
  });
});
