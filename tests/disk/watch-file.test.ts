import { mkdir, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { watchFile } from '../../src/disk/watch-file.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { makeRoom } from '../support/temporary-room.ts';
import { until } from '../support/until.ts';

async function makeWatch(text?: string) {
  const room = await makeRoom();
  const path = join(room, 'accounts.json');
  if (text !== undefined) await writeFile(path, text);
  return { room, path };
}

/** Watches from now on; `sees` resolves once a further change was noticed. */
function watch(path: string) {
  const clock = createFakeClock();
  let changes = 0;
  const stop = watchFile(path, { clock, onChange: () => void (changes += 1) });
  const sees = async (): Promise<void> => {
    const before = changes;
    await until(() => {
      if (changes === before) clock.advance(1000);
      return changes > before;
    });
  };
  return { clock, stop, sees, changes: () => changes };
}

/** Time for a few looks at the disk. */
async function lookOften(clock: { readonly advance: (ms: number) => void }): Promise<void> {
  for (let turn = 0; turn < 2000; turn += 1) {
    clock.advance(1000);
    await setImmediate();
  }
}

describe('a watched file', () => {
  it.each<[string, (path: string, room: string) => Promise<unknown>]>([
    ['is edited in place', (path) => writeFile(path, 'new')],
    ['is edited in place and keeps its length', (path) => writeFile(path, 'dlo')],
    [
      'is replaced by a rename',
      async (path, room) => {
        await writeFile(join(room, 'temporary'), 'old');
        await rename(join(room, 'temporary'), path);
      },
    ],
    ['is removed', (path) => unlink(path)],
    [
      'becomes something else',
      async (path) => {
        await unlink(path);
        await mkdir(path);
      },
    ],
  ])('is seen when it %s', async (_what, change) => {
    const { path, room } = await makeWatch('old');
    const { sees, stop } = watch(path);
    await change(path, room);
    await sees();
    stop();
  });

  it('is seen when it is made, goes, and comes again', async () => {
    const { path } = await makeWatch();
    const { sees, stop, changes } = watch(path);
    await writeFile(path, 'new');
    await sees();
    await rm(path);
    await sees();
    await writeFile(path, 'new');
    await sees();
    expect(changes()).toBe(3);
    stop();
  });

  it('is seen behind links that are turned to another place', async () => {
    const { path, room } = await makeWatch();
    await Promise.all(['one', 'two'].map((name) => mkdir(join(room, name))));
    await Promise.all(['one', 'two'].map((name) => writeFile(join(room, name, 'accounts.json'), 'same')));
    await symlink('one', join(room, '..data'));
    await symlink(join('..data', 'accounts.json'), path);
    const { sees, stop } = watch(path);
    await symlink('two', join(room, '..new'));
    await rename(join(room, '..new'), join(room, '..data'));
    await sees();
    stop();
  });

  it('says nothing while nothing changes, nor after the end', async () => {
    const { path } = await makeWatch('old');
    const { clock, stop, changes } = watch(path);
    await lookOften(clock);
    stop();
    await writeFile(path, 'another text');
    await lookOften(clock);
    expect(changes()).toBe(0);
    expect(clock.pending()).toBe(0);
  });

  it('says nothing of a look that ends after the end', async () => {
    const { path } = await makeWatch('old');
    const { clock, stop, changes } = watch(path);
    await writeFile(path, 'another text');
    clock.advance(1000);
    stop();
    await lookOften(clock);
    expect(changes()).toBe(0);
  });
});
