import { readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { composeAccounts } from '../../src/compose-accounts.ts';
import type { AccountsSource } from '../../src/accounts/accounts-source.ts';
import { createKeptPair } from '../../src/credentials/kept-pair.ts';
import { createSecret } from '../../src/kernel/secret.ts';
import { demandOf } from '../support/demand.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { makeRoom } from '../support/temporary-room.ts';
import { createFakeWorkos } from './fake-workos.ts';

const REPLAY_IS_OVER_MS = 31_000;
const TEXT = '{"accounts":[{"id":"a","refresh_token":"canary-login"}]}';

const SETTINGS = {
  oauth: { baseUrl: 'https://workos.test', clientId: 'client_1' },
  refreshIntervalMs: 6 * 3_600_000,
  accountAffinity: 'off',
} as const;

/** Gateways on one accounts file, one after the other. */
async function makeGateways() {
  const room = await makeRoom();
  const path = join(room, 'accounts.json');
  const data = join(room, 'data');
  const clock = createFakeClock();
  const workos = createFakeWorkos({ clock, logins: ['canary-login'] });
  await writeFile(path, TEXT);
  const logger = createRecordingLogger();
  const open = async (): Promise<AccountsSource> => {
    const source = composeAccounts({
      ...{ accountsFile: path, dataDirectory: data, clock, logger },
      settings: () => SETTINGS,
      post: workos.post,
    });
    await source.load();
    return source;
  };
  return { path, data, clock, workos, logger, open };
}

/** Makes the only account trade its tokens, as the answer 401 does. */
async function renew(source: AccountsSource): Promise<string | undefined> {
  const credential = source.find(demandOf());
  const token = await credential?.token();
  return token && (await credential?.renew(token))?.reveal();
}

describe('a login whose file somebody leaves half-edited', () => {
  it('outlives the restart that follows its refresh, once the file is mended', async () => {
    const { path, clock, workos, open, data } = await makeGateways();
    const first = await open();
    await first.start();
    const before = await readFile(path, 'utf8');
    await writeFile(path, `${before},,`);
    expect(await renew(first)).toBe(workos.made[1]);
    clock.advance(REPLAY_IS_OVER_MS);
    expect(await renew(first)).toBe(workos.made[2]);
    clock.advance(REPLAY_IS_OVER_MS);
    await first.stop();

    await writeFile(path, before);
    const second = await open();
    await second.start();
    expect(await readFile(path, 'utf8')).toContain(workos.made[2]);
    expect(await renew(second)).toBe(workos.made[3]);
    expect(await readdir(join(data, 'refreshing'))).toEqual([]);
    await second.stop();
  });

  it('outlives the saving of older tokens by another gateway that does not know of the newest', async () => {
    const { path, clock, workos, open } = await makeGateways();
    const [slow, quick] = [await open(), await open()];
    await slow.start();
    await quick.start();
    const before = await readFile(path, 'utf8');
    await writeFile(path, '{');
    expect(await renew(slow)).toBe(workos.made[1]);
    expect(await renew(quick)).toBe(workos.made[1]);
    expect(await renew(quick)).toBe(workos.made[2]);
    await quick.stop();
    clock.advance(REPLAY_IS_OVER_MS);

    await writeFile(path, before);
    await slow.stop();
    const last = await open();
    await last.start();
    expect(await readFile(path, 'utf8')).toContain(workos.made[2]);
    expect(await renew(last)).toBe(workos.made[3]);
    await last.stop();
  });

  it('is refreshed from the kept pair when that has ended meanwhile', async () => {
    const { path, clock, workos, open } = await makeGateways();
    const first = await open();
    await first.start();
    const before = await readFile(path, 'utf8');
    await writeFile(path, '{');
    await renew(first);
    await first.stop();
    clock.advance(9 * 3_600_000);

    await writeFile(path, before);
    const second = await open();
    await second.start();
    expect((await second.find(demandOf())?.token())?.reveal()).toBe(workos.made[2]);
    expect(await readFile(path, 'utf8')).toContain(workos.made[2]);
    await second.stop();
  });
});

describe('a kept pair', () => {
  const pair = {
    accessToken: createSecret('canary-access'),
    refreshToken: createSecret('canary-refresh'),
    expiresAt: 1_764_000_000_000,
    issuedAt: 1_763_000_000_000,
  };
  const spent = createSecret('canary-spent');

  async function makeKept() {
    const file = join(await makeRoom(), 'data', 'a.kept');
    const logger = createRecordingLogger();
    return { file, logger, open: () => createKeptPair(file, logger) };
  }

  it('is found by the token that it was traded for, and by no other', async () => {
    const { open } = await makeKept();
    await open().keep(spent, pair);
    const found = await open().find(spent);
    expect([found?.accessToken.reveal(), found?.refreshToken.reveal()]).toEqual([
      'canary-access',
      'canary-refresh',
    ]);
    expect(found).toMatchObject({ expiresAt: pair.expiresAt, issuedAt: pair.issuedAt });
    expect(await open().find(createSecret('another'))).toBeUndefined();
    expect(await open().find(undefined)).toBeUndefined();
  });

  it('stands in for all that earlier ones stood in for', async () => {
    const { open } = await makeKept();
    await open().keep(spent, pair);
    await open().keep(pair.refreshToken, { ...pair, refreshToken: createSecret('canary-newest') });
    expect((await open().find(spent))?.refreshToken.reveal()).toBe('canary-newest');
  });

  it('does not give way to a pair that it has replaced', async () => {
    const { open } = await makeKept();
    await open().keep(spent, pair);
    await open().keep(pair.refreshToken, { ...pair, refreshToken: createSecret('canary-newest') });
    await open().keep(spent, pair);
    expect((await open().find(spent))?.refreshToken.reveal()).toBe('canary-newest');
  });

  it('is none for a refresh token that it does not replace', async () => {
    const { open } = await makeKept();
    await open().keep(pair.refreshToken, pair);
    expect(await open().find(pair.refreshToken)).toBeUndefined();
  });

  it('can be read by its owner alone', async () => {
    const { open, file } = await makeKept();
    await open().keep(spent, pair);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readFile(file, 'utf8')).not.toContain('canary-spent');
  });

  it('is gone when it is dropped', async () => {
    const { open, file } = await makeKept();
    await open().keep(spent, pair);
    await writeFile(`${file}.tmp`, 'what a crash left behind');
    await open().drop();
    await open().drop();
    expect(await open().find(spent)).toBeUndefined();
    expect(await readdir(join(file, '..'))).toEqual([]);
  });

  it.each(['', '{', '{}', '{"in_place_of":[1],"access_token":"a"}', '[]'])(
    'is none where its file holds %j',
    async (text) => {
      const { open, file } = await makeKept();
      await open().keep(spent, pair);
      await writeFile(file, text);
      expect(await open().find(spent)).toBeUndefined();
    },
  );

  it('is done without where it cannot be written', async () => {
    const { open, file, logger } = await makeKept();
    await writeFile(join(file, '..', '..', 'data'), 'a file where the directory should be');
    await open().keep(spent, pair);
    expect(await open().find(spent)).toBeUndefined();
    expect(logger.lines.map(({ level }) => level)).toEqual(['debug']);
  });
});
