import { readFile, readdir } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { AccountsReading } from '../../src/accounts/account.ts';
import type { Clock } from '../../src/kernel/ports.ts';
import { systemClock } from '../../src/system-ports.ts';
import { IDS, idsOf, makeWorld, refreshTokensOf, run } from './vault-world.ts';

/** A hundred times as fast as ours, so that the window for a second try is over in a moment. */
function createHurriedClock(): Clock {
  const start = Date.now();
  return { ...systemClock, now: () => start + (Date.now() - start) * 100 };
}

/** Reads until `isOver`; the different sets of ids that were seen. */
async function watchIds(read: () => Promise<AccountsReading>, isOver: () => boolean): Promise<string[]> {
  const seen = new Set<string>();
  while (!isOver()) {
    seen.add(idsOf(await read()).join());
    await wait(1);
  }
  return [...seen];
}

describe('two gateways and an owner at work on one accounts file', () => {
  it.each([
    ['replaced by renames', 50, false],
    ['written in place', 25, true],
  ])('lose no account while it is %s', async (_how, rounds, isMount) => {
    const { room, path, workos, orders, open } = await makeWorld(createHurriedClock());
    const running = Promise.all([
      run(orders('server', 1, { rounds, isMount })),
      run(orders('server', 2, { rounds, isMount })),
      run(orders('owner', 3, { rounds, isMount })),
    ]);
    let isOver = false;
    const end = running.finally(() => (isOver = true));
    const seen = await watchIds(open().read, () => isOver);
    expect((await end).map(({ output, errors }) => output + errors)).toEqual(['[]', '[]', '[]']);
    expect(seen).toEqual([IDS.join()]);
    await wait(400); // no second try saves anybody any more
    expect(refreshTokensOf(await open().read()).filter((token) => !workos.honours(token))).toEqual([]);
    expect(workos.made.length).toBeGreaterThan(rounds * 2);
    const written = await readFile(path, 'utf8');
    expect(written).toContain('// shared\n');
    expect(IDS.filter((id) => !written.includes(`"mine":"of ${id}"`))).toEqual([]);
    expect((await readdir(room)).filter((name) => !name.startsWith('data-'))).toEqual(['accounts.json']);
  });
});
