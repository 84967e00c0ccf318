import { describe, expect, it } from 'vitest';
import { createBatch } from '../../src/accounts/batch.ts';
import { createGate } from '../support/gate.ts';

describe('a batch', () => {
  it('does in one go what comes before its turn, and in the next what comes later', async () => {
    const gates = [createGate(), createGate()];
    const runs: (readonly number[])[] = [];
    let count = 0;
    const add = createBatch<number>(async (take) => {
      await gates[count++]?.pass();
      runs.push(take());
    });
    const first = [add(1), add(2)];
    await gates[0]?.reached;
    first.push(add(3));
    gates[0]?.open();
    await Promise.all(first);
    gates[1]?.open();
    await add(4);
    expect(runs).toEqual([[1, 2, 3], [4]]);
  });

  it('tells all who waited that a turn never came, and begins afresh', async () => {
    const taken: (readonly number[])[] = [];
    let isLocked = true;
    const add = createBatch<number>((take) => {
      if (isLocked) return Promise.reject(new Error('locked'));
      taken.push(take());
      return Promise.resolve();
    });
    const results = await Promise.allSettled([add(1), add(2)]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    isLocked = false;
    await add(3);
    expect(taken).toEqual([[3]]);
  });
});
