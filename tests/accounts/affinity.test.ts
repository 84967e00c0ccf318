import { describe, expect, it } from 'vitest';
import { createAffinity } from '../../src/accounts/affinity.ts';
import { createFakeClock } from '../support/fake-clock.ts';

describe('affinity', () => {
  it('keeps the ten thousand conversations that were used last', () => {
    const affinity = createAffinity({ clock: createFakeClock() });
    Array.from({ length: 10_000 }, (_, index) => {
      affinity.bind(`${index}`, 'a');
    });
    affinity.bind('0', 'b');
    affinity.bind('one more', 'a');
    expect(['0', '1', '2', 'one more'].map(affinity.find)).toEqual(['b', undefined, 'a', 'a']);
  });

  it('forgets a conversation an hour after its last use', () => {
    const clock = createFakeClock();
    const affinity = createAffinity({ clock });
    affinity.bind('x', 'a');
    clock.advance(3_599_999);
    affinity.bind('x', 'a');
    clock.advance(3_599_999);
    expect(affinity.find('x')).toBe('a');
    clock.advance(1);
    expect(affinity.find('x')).toBeUndefined();
  });
});
