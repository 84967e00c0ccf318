import { readdir, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { WriteStep } from '../../src/disk/durable-file.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { IDS, idsOf, makeWorld, refreshTokensOf, run } from './vault-world.ts';

const REPLAY_IS_OVER_MS = 31_000;

describe('a gateway that is killed while it saves the tokens of one account of several', () => {
  it.each<[WriteStep, boolean, number]>([
    ['started', false, 0], // nothing is on the disk yet: WorkOS repeats its answer
    ['journal', false, REPLAY_IS_OVER_MS],
    ['temporary', false, REPLAY_IS_OVER_MS],
    ['renamed', false, REPLAY_IS_OVER_MS],
    ['synced', false, REPLAY_IS_OVER_MS],
    ['done', false, REPLAY_IS_OVER_MS],
    ['started', true, 0],
    ['journal', true, REPLAY_IS_OVER_MS],
    ['truncated', true, REPLAY_IS_OVER_MS],
    ['overwritten', true, REPLAY_IS_OVER_MS],
    ['synced', true, REPLAY_IS_OVER_MS],
  ])(
    'after the step "%s" (in place: %s) has lost none of them %i ms later',
    async (dieAt, isMount, laterMs) => {
      const clock = createFakeClock();
      const { room, workos, orders, open } = await makeWorld(clock);
      const child = orders('server', 9, { isMount, dieAt, ids: ['c'] });
      expect(await run(child)).toMatchObject({ signal: 'SIGKILL' });
      await outwaitLocks(room);
      clock.advance(laterMs);
      expect(idsOf(await open(child.dataDirectory).read())).toEqual(IDS);
      const next = await run(orders('server', 9, { rounds: 12 }));
      expect(next.output + next.errors).toBe('[]');
      const tokens = refreshTokensOf(await open(child.dataDirectory).read());
      clock.advance(REPLAY_IS_OVER_MS);
      expect(tokens.filter((token) => !workos.honours(token))).toEqual([]);
      expect((await readdir(room)).sort()).toEqual(['accounts.json', 'data-9']);
    },
  );
});

/** The dead cannot give back their locks; ten seconds later they are anyone's. */
async function outwaitLocks(room: string): Promise<void> {
  const locks = (await readdir(room)).filter((name) => name.endsWith('.lock'));
  await Promise.all(locks.map((lock) => utimes(join(room, lock), 0, 0)));
}
