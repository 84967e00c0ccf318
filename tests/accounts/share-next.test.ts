import { describe, expect, it } from 'vitest';
import { shareNext } from '../../src/accounts/share-next.ts';
import { createGate } from '../support/gate.ts';

describe('a shared run', () => {
  it('serves those who ask together, and begins anew for those who ask while it runs', async () => {
    const gates = [createGate<string>(), createGate<string>(), createGate<string>()];
    let runs = 0;
    const ask = shareNext(() => gates[runs++]?.pass() ?? Promise.resolve('more'));
    const first = [ask(), ask()];
    await gates[0]?.reached;
    const second = [ask(), ask()];
    gates[0]?.open('one');
    gates[1]?.open('two');
    expect(await Promise.all([...first, ...second])).toEqual(['one', 'one', 'two', 'two']);
    expect(runs).toBe(2);
  });

  it('that fails spoils no later one', async () => {
    const fates = [Promise.reject(new Error('broken')), Promise.resolve('well')];
    const ask = shareNext(() => fates.shift() ?? Promise.resolve('more'));
    await expect(ask()).rejects.toThrow('broken');
    expect(await ask()).toBe('well');
  });
});
