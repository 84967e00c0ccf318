import { mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createRefreshIntents } from '../../src/credentials/refresh-intent.ts';
import { createSecret } from '../../src/kernel/secret.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { makeRoom } from '../support/temporary-room.ts';

const token = createSecret('canary-token');
const other = createSecret('canary-other');

async function makeIntents() {
  const directory = join(await makeRoom(), 'data', 'refreshing');
  const logger = createRecordingLogger();
  /** As the same gateway sees them after a restart. */
  const open = () => createRefreshIntents({ directory, logger });
  return { directory, logger, open };
}

describe('the note of a refresh', () => {
  it('is not there before one begins', async () => {
    const { open, logger } = await makeIntents();
    expect(await open().of('acc_1').isInterrupted(token)).toBe(false);
    await open().of('acc_1').end();
    expect(logger.lines).toEqual([]);
  });

  it('tells the next process of the token that was being spent, and of no other', async () => {
    const { open } = await makeIntents();
    await open().of('acc_1').begin(other);
    await open().of('acc_1').begin(token);
    const intent = open().of('acc_1');
    expect([await intent.isInterrupted(token), await intent.isInterrupted(other)]).toEqual([true, false]);
  });

  it('is gone when the refresh has ended', async () => {
    const { open, directory } = await makeIntents();
    await open().of('acc_1').begin(token);
    await open().of('acc_1').end();
    expect(await open().of('acc_1').isInterrupted(token)).toBe(false);
    expect(await readdir(directory)).toEqual([]);
  });

  it('holds a hash alone, for the owner alone', async () => {
    const { open, directory } = await makeIntents();
    await open().of('acc_1').begin(token);
    const [name = ''] = await readdir(directory);
    expect(await readFile(join(directory, name), 'utf8')).toMatch(/^[0-9a-f]{64}\n$/);
    expect((await stat(join(directory, name))).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['../../outside', '______outside.'],
    ['a/b', 'a_b.'],
    ['a:b', 'a_b.'],
    ['x'.repeat(300), `${'x'.repeat(40)}.`],
    ['.', '_.'],
  ])('of the login %j has a name that every file system takes', async (name, beginning) => {
    const { open, directory } = await makeIntents();
    await open().of(name).begin(token);
    const files = await readdir(directory);
    expect(files).toEqual([expect.stringMatching(/^[\w-]+\.[0-9a-f]{8}$/)]);
    expect(files[0]?.startsWith(beginning)).toBe(true);
  });

  it('belongs to one login, though another has a name that looks alike', async () => {
    const { open } = await makeIntents();
    await open().of('a/b').begin(token);
    expect(await open().of('a:b').isInterrupted(token)).toBe(false);
  });

  it('is done without where it cannot be written or read', async () => {
    const { open, directory, logger } = await makeIntents();
    await mkdir(join(directory, '..'), { recursive: true });
    await writeFile(directory, 'a file where the directory should be');
    const intent = open().of('acc_1');
    await intent.begin(token);
    await intent.end();
    expect(await intent.isInterrupted(token)).toBe(false);
    expect(logger.lines.map(({ level }) => level)).toEqual(['debug', 'debug']);
  });
});
