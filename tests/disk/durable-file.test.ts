import { chmod, chown, mkdir, readFile, readdir, stat, symlink, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createDurableFile } from '../../src/disk/durable-file.ts';
import type { DurableFile, DurableFileDeps, WriteStep } from '../../src/disk/durable-file.ts';
import { hashText, journalPath, writeEntry } from '../../src/disk/journal.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { makeRoom } from '../support/temporary-room.ts';

const OLD = '{"refresh_token":"old","padding":"so that the old text is the longer one"}';
const NEW = '{"refresh_token":"new"}';
const SINGLE_MOUNT = 'EBUSY';

interface Disk {
  readonly room: string;
  readonly path: string;
  readonly data: string;
  readonly open: (step?: DurableFileDeps['step']) => DurableFile;
}

async function makeDisk(text?: string): Promise<Disk> {
  const room = await makeRoom();
  const path = join(room, 'auth.json');
  const data = join(room, 'data');
  if (text !== undefined) await writeFile(path, text);
  const open = (step?: DurableFileDeps['step']): DurableFile =>
    createDurableFile({
      path,
      journalDirectory: data,
      withLock: (_target, action) => action(),
      logger: createRecordingLogger(),
      ...(step && { step }),
    });
  return { room, path, data, open };
}

const write = (file: DurableFile, text: string): Promise<void> =>
  file.exclusively((held) => held.write(text));

/** Fails the rename as the system does for a single mounted file, then does as told. */
const failingAt =
  (code: string, then: DurableFileDeps['step'] = () => undefined): DurableFileDeps['step'] =>
  (step) => {
    if (step === 'temporary') throw Object.assign(new Error(code), { code });
    return then(step);
  };

/** Writes until `step` is reached, where the process dies: nothing after it happens, no clearing up either. */
function crashAt(file: (step: DurableFileDeps['step']) => DurableFile, at: WriteStep): Promise<void> {
  return new Promise((reached, failed) => {
    const die = (step: WriteStep): Promise<void> | undefined => {
      if (step !== at) return undefined;
      reached();
      return new Promise(() => undefined);
    };
    write(file(die), NEW).catch(failed);
  });
}

describe('a durable file', () => {
  it('is nothing before it is written', async () => {
    expect(await (await makeDisk()).open().read()).toBeUndefined();
  });

  it('is made with its directory, for the owner alone', async () => {
    const { data, room } = await makeDisk();
    const path = join(room, 'deep', 'er', 'auth.json');
    const file = createDurableFile({
      path,
      journalDirectory: data,
      withLock: (_target, action) => action(),
      logger: createRecordingLogger(),
    });
    await write(file, NEW);
    expect(await readFile(path, 'utf8')).toBe(NEW);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('is closed to others by a write, and leaves nothing beside it', async () => {
    const { path, data, open } = await makeDisk(OLD);
    await chmod(path, 0o644);
    await write(open(), NEW);
    expect(await readFile(path, 'utf8')).toBe(NEW);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(data)).toEqual([]);
    expect(await readdir(join(path, '..'))).toEqual(['auth.json', 'data']);
  });

  it.runIf(process.getuid?.() === 0)('stays with its owner when root writes it', async () => {
    const { path, open } = await makeDisk(OLD);
    await chown(path, 1234, 1234);
    await write(open(), NEW);
    expect(await stat(path)).toMatchObject({ uid: 1234, gid: 1234 });
  });

  it.each([
    ['that exists', true],
    ['whose target is still to be made', false],
  ])('is written through a symbolic link %s', async (_what, exists) => {
    const { path, room, open } = await makeDisk();
    await mkdir(join(room, 'elsewhere'));
    const target = join(room, 'elsewhere', 'real.json');
    if (exists) await writeFile(target, OLD);
    await symlink(join('elsewhere', 'real.json'), path);
    await write(open(), NEW);
    expect(await readFile(target, 'utf8')).toBe(NEW);
    expect(await readFile(path, 'utf8')).toBe(NEW);
    expect(await readdir(join(room, 'elsewhere'))).toEqual(['real.json']);
  });

  it.each([SINGLE_MOUNT, 'EXDEV', 'EACCES'])(
    'is written in place where a rename fails with %s',
    async (code) => {
      const { path, data, open } = await makeDisk(OLD);
      const { ino } = await stat(path);
      await write(open(failingAt(code)), NEW);
      expect(await readFile(path, 'utf8')).toBe(NEW);
      expect((await stat(path)).ino).toBe(ino);
      expect(await readdir(data)).toEqual([]);
    },
  );

  it('is not touched in place without a journal', async () => {
    const { path, data, open } = await makeDisk(OLD);
    await writeFile(data, 'a file where the directory should be');
    await expect(write(open(failingAt(SINGLE_MOUNT)), NEW)).rejects.toThrow(
      /cannot be written \(EBUSY\); nor can/,
    );
    expect(await readFile(path, 'utf8')).toBe(OLD);
  });

  it('is replaced without a journal when only the data directory is broken', async () => {
    const { path, data, open } = await makeDisk(OLD);
    await writeFile(data, 'a file where the directory should be');
    await write(open(), NEW);
    expect(await readFile(path, 'utf8')).toBe(NEW);
  });

  it('says that a full disk has not taken the text, and where it is safe', async () => {
    const { path, open } = await makeDisk(OLD);
    await expect(write(open(failingAt('ENOSPC')), NEW)).rejects.toThrow(
      /cannot be written \(ENOSPC\); it is safe in/,
    );
    expect(await readFile(path, 'utf8')).toBe(OLD);
    expect(await open().read()).toBe(NEW);
  });

  it('takes the text from the journal once there is room', async () => {
    const { path, data, open } = await makeDisk(OLD);
    await write(open(failingAt('ENOSPC')), NEW).catch(() => undefined);
    await open().exclusively(() => Promise.resolve());
    expect(await readFile(path, 'utf8')).toBe(NEW);
    expect(await readdir(data)).toEqual([]);
  });
});

describe('a crash while a durable file is written', () => {
  it.each<[WriteStep, string]>([
    ['started', OLD],
    ['journal', NEW],
    ['temporary', NEW],
    ['renamed', NEW],
    ['synced', NEW],
    ['done', NEW],
  ])('after the step "%s" leaves a whole text', async (step, text) => {
    const { path, data, open } = await makeDisk(OLD);
    await crashAt(open, step);
    expect(await open().read()).toBe(text);
    await open().exclusively(() => Promise.resolve());
    expect(await readFile(path, 'utf8')).toBe(text);
    expect(await open().read()).toBe(text);
    expect(await readdir(data).catch(() => [])).toEqual([]);
  });

  it.each<WriteStep>(['journal', 'synced', 'done'])(
    'after the step "%s" in place leaves a whole text',
    async (step) => {
      const { path, open } = await makeDisk(OLD);
      await crashAt((die) => open(failingAt(SINGLE_MOUNT, die)), step);
      expect(await open().read()).toBe(NEW);
      await open().exclusively(() => Promise.resolve());
      expect(await readFile(path, 'utf8')).toBe(NEW);
    },
  );

  it('leaves the first text of a file that was not there', async () => {
    const { open } = await makeDisk();
    await crashAt(open, 'journal');
    expect(await open().read()).toBe(NEW);
  });

  it.each(['', '{"refresh_token":"ne', '\u0000\u0000'])(
    'is mended from the journal when the file holds %j',
    async (torn) => {
      const { path, open } = await makeDisk(OLD);
      await crashAt(open, 'journal');
      await writeFile(path, torn);
      expect(await open().read()).toBe(NEW);
    },
  );

  it('does not bring back its text over a later one', async () => {
    const { path, data, open } = await makeDisk(OLD);
    await crashAt(open, 'journal');
    await writeFile(path, '{"refresh_token":"a new login"}');
    expect(await open().read()).toBe('{"refresh_token":"a new login"}');
    await open().exclusively(() => Promise.resolve());
    expect(await readFile(path, 'utf8')).toBe('{"refresh_token":"a new login"}');
    expect(await readdir(data)).toEqual([]);
  });

  it.each([
    ['half a journal', (text: string) => text.slice(0, -4)],
    ['a journal with a changed byte', (text: string) => text.replace('new', 'nex')],
    ['something else', () => 'null'],
  ])('does not believe %s', async (_what, damage) => {
    const { path, data, open } = await makeDisk(OLD);
    const journal = journalPath(data, path);
    await writeEntry(journal, { text: NEW, base: hashText(OLD) });
    await writeFile(journal, damage(await readFile(journal, 'utf8')));
    expect(await open().read()).toBe(OLD);
  });

  it('clears away what an earlier crash has left', async () => {
    const { path, open } = await makeDisk(OLD);
    await crashAt(open, 'temporary');
    await write(open(), '{"third":true}');
    expect(await readdir(join(path, '..'))).toEqual(['auth.json', 'data']);
  });

  it('survives in the journal until the file is back', async () => {
    const { path, open } = await makeDisk(OLD);
    await crashAt(open, 'journal');
    await unlink(path);
    expect(await open().read()).toBe(NEW);
  });
});
