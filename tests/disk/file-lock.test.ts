import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createFileLock } from '../../src/disk/file-lock.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { makeRoom } from '../support/temporary-room.ts';
import { until, withTime } from '../support/until.ts';

async function makeLocks() {
  const room = await makeRoom();
  const clock = createFakeClock();
  const logger = createRecordingLogger();
  const create = (fallbackDirectory = room) => createFileLock({ clock, logger, fallbackDirectory });
  return { room, target: join(room, 'auth.json'), clock, logger, create };
}

/** Work that notes when it begins and ends, and goes on when told. */
function createWork(events: string[], name: string) {
  let finish = (): void => undefined;
  const gate = new Promise<void>((open) => {
    finish = open;
  });
  const run = async (): Promise<void> => {
    events.push(`${name} begins`);
    await gate;
    events.push(`${name} ends`);
  };
  return { run, finish };
}

describe('the lock of a file', () => {
  it.each([
    ['one process', true, 'auth.json'],
    ['two processes', false, 'auth.json'],
    ['two processes that can write the data directory alone', false, 'no-directory/auth.json'],
  ])('lets one at a time through in %s', async (_where, isShared, name) => {
    const { room, clock, logger, create } = await makeLocks();
    const target = join(room, name);
    const events: string[] = [];
    const first = createWork(events, 'first');
    const second = createWork(events, 'second');
    const lock = create();
    const one = lock(target, first.run);
    await until(() => events.length === 1);
    const two = (isShared ? lock : create())(target, second.run);
    second.finish();
    await until(() => isShared || clock.pending() > 0); // the second has met the lock and waits for its next look
    first.finish();
    await withTime(clock, Promise.all([one, two]));
    expect(events).toEqual(['first begins', 'first ends', 'second begins', 'second ends']);
    expect(logger.lines).toEqual([]);
  });

  it('is free again after a failure, which it passes on', async () => {
    const { target, create } = await makeLocks();
    const lock = create();
    await expect(lock(target, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    await expect(create()(target, () => Promise.resolve('in'))).resolves.toBe('in');
  });

  it('is taken over from a process that died ten seconds ago', async () => {
    const { target, create } = await makeLocks();
    await mkdir(`${target}.lock`);
    const tenSecondsAgo = new Date(Date.now() - 10_000); // the age of a lock is its file's, in the machine's time
    await utimes(`${target}.lock`, tenSecondsAgo, tenSecondsAgo);
    await expect(create()(target, () => Promise.resolve('in'))).resolves.toBe('in');
  });

  it('is taken over from a dead process that made it before the clock was set back', async () => {
    const { target, clock, create } = await makeLocks();
    await mkdir(`${target}.lock`);
    const later = new Date(Date.now() + 3_600_000);
    await utimes(`${target}.lock`, later, later);
    await expect(
      withTime(
        clock,
        create()(target, () => Promise.resolve('in')),
      ),
    ).resolves.toBe('in');
  });

  it('is given up on after a long wait for a live holder', async () => {
    const { target, clock, create } = await makeLocks();
    await mkdir(`${target}.lock`);
    const waiting = create()(target, () => Promise.resolve('in'));
    const result = expect(waiting).rejects.toMatchObject({ kind: 'unavailable' });
    await until(() => clock.pending() > 0);
    clock.advance(90_000);
    await withTime(clock, result);
  });

  it('is done without, with a warning, when no directory can be written', async () => {
    const { room, logger, create } = await makeLocks();
    await writeFile(join(room, 'file'), '');
    const lock = create(join(room, 'file'));
    await expect(lock(join(room, 'file', 'auth.json'), () => Promise.resolve('in'))).resolves.toBe('in');
    expect(logger.lines).toMatchObject([
      { level: 'warn', message: expect.stringContaining('No lock') as string },
    ]);
  });
});
