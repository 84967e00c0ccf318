import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createLogin } from '../../src/credentials/login.ts';
import type { LoginDeps } from '../../src/credentials/login.ts';
import { createRefreshIntents } from '../../src/credentials/refresh-intent.ts';
import type { HeldTokens, TokenReading } from '../../src/credentials/token-file.ts';
import { refreshTokens } from '../../src/credentials/workos.ts';
import { createSecret } from '../../src/kernel/secret.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { makeRoom } from '../support/temporary-room.ts';
import { createFakeWorkos, makeJwt } from './fake-workos.ts';

const HOUR = 3_600_000;

function makeLogin(more: Partial<LoginDeps> = {}) {
  const clock = createFakeClock();
  const logger = createRecordingLogger();
  const workos = createFakeWorkos({ clock, logins: ['login', 'new login'] });
  const disk = { reading: { kind: 'absent' } as TokenReading };
  let heard = 0;
  const held: HeldTokens = {
    read: () => Promise.resolve(disk.reading),
    write: (tokens) => {
      disk.reading = { kind: 'found', tokens };
      return Promise.resolve();
    },
  };
  const login = createLogin({
    id: 'acc_1',
    label: 'me@example.com',
    advice: 'Log in again.',
    store: { read: held.read, exclusively: (action) => action(held) },
    grant: (token) =>
      refreshTokens(token, { post: workos.post, baseUrl: 'https://workos.test', clientId: 'c', clock }),
    intervalMs: 6 * HOUR,
    onRefreshed: () => (heard += 1),
    clock,
    logger,
    ...more,
  });
  onTestFinished(() => login.stop());
  /** Puts tokens on the disk; an access token lives for an hour. */
  const store = (refresh: string, access?: string): void => {
    const accessToken = access === undefined ? {} : { accessToken: createSecret(access) };
    const tokens = { refreshToken: createSecret(refresh), expiresAt: clock.now() + HOUR, ...accessToken };
    disk.reading = { kind: 'found', tokens };
  };
  return { login, clock, logger, workos, disk, store, heard: () => heard };
}

describe('a login', () => {
  it('is known by its id, and by the label that it has at the moment', async () => {
    const label = { now: 'old' };
    const { login, logger, store } = makeLogin({ label: () => label.now });
    store('login');
    await login.load();
    label.now = 'new';
    await login.start();
    expect(login.credential).toMatchObject({ id: 'acc_1', label: 'new', holder: 'gateway' });
    expect(logger.lines).toMatchObject([{ fields: { credential: 'new' } }]);
  });

  it('says whether it can pay without a refresh, and until when', async () => {
    const { login, store, clock } = makeLogin();
    expect([login.hasValidToken(), login.expiresAt()]).toEqual([false, undefined]);
    store('login', 'access');
    await login.load();
    expect([login.hasValidToken(), login.expiresAt()]).toEqual([true, clock.now() + HOUR]);
    clock.advance(HOUR);
    expect([login.hasValidToken(), login.state()]).toEqual([false, 'usable']);
  });

  it('is refreshed at the wish of its owner', async () => {
    const { login, store, workos } = makeLogin();
    store('login', 'access');
    await login.load();
    expect(await login.refresh()).toBe(true);
    expect((await login.credential.token()).reveal()).toBe(workos.made[0]);
  });
});

describe('news of a refresh', () => {
  it('comes for every refresh, not for what was there at first', async () => {
    const { login, store, heard } = makeLogin();
    store('login', 'access');
    await login.load();
    expect(heard()).toBe(0);
    await login.refresh();
    expect(heard()).toBe(1);
  });

  it.each([
    ['a token that can pay', 'access of a peer', 1],
    ['a refresh token alone', undefined, 0],
  ])('comes when another process has brought %s', async (_what, access, count) => {
    const { login, store, heard } = makeLogin();
    store('login', 'access');
    await login.load();
    store('new login', access);
    await login.reload();
    await login.reload();
    expect(heard()).toBe(count);
  });
});

describe('a login whose file has changed', () => {
  it('is tried at once with a new refresh token, though the old one was just refused', async () => {
    const { login, store, workos, heard } = makeLogin();
    store('spent');
    await login.load();
    await login.start();
    expect([login.state(), heard()]).toEqual(['unusable', 0]);
    await login.reload();
    await expect(login.credential.token()).rejects.toMatchObject({ kind: 'upstream-auth' });
    store('new login');
    await login.reload();
    expect(login.state()).toBe('usable');
    expect((await login.credential.token()).reveal()).toBe(workos.made[0]);
  });

  it('keeps its tokens when the file is gone or broken', async () => {
    const { login, store, disk } = makeLogin();
    store('login', 'access');
    await login.load();
    disk.reading = { kind: 'malformed', reason: 'broken' };
    await login.reload();
    expect([login.state(), (await login.credential.token()).reveal()]).toEqual(['usable', 'access']);
  });

  it('keeps the newest tokens when an old copy of the file is put back', async () => {
    const { login, store, workos } = makeLogin();
    store('login', 'access');
    await login.load();
    await login.refresh();
    store('login', 'access');
    await login.reload();
    expect((await login.credential.token()).reveal()).toBe(workos.made[0]);
  });
});

describe('a login whose last refresh was cut off', () => {
  async function makeInterrupted(spent: string) {
    const logger = createRecordingLogger();
    const intents = createRefreshIntents({ directory: join(await makeRoom(), 'refreshing'), logger });
    await intents.of('acc_1').begin(createSecret(spent));
    const intent = intents.of('acc_1');
    return { ...makeLogin({ intent }), intent };
  }
  const longLived = (now: number): string => makeJwt({ exp: (now + HOUR) / 1000 });

  it('is refreshed at the start, though its token lives on', async () => {
    const { login, store, workos, clock, intent } = await makeInterrupted('login');
    store('login', longLived(clock.now()));
    await login.load();
    await login.start();
    expect(workos.asked).toEqual(['login']);
    expect(await intent.isInterrupted(createSecret('login'))).toBe(false);
    await login.start();
    expect(workos.asked).toEqual(['login']);
  });

  it('is left alone when the disk holds another token than the one that was being spent', async () => {
    const { login, store, workos, clock } = await makeInterrupted('login');
    store('new login', longLived(clock.now()));
    await login.load();
    await login.start();
    expect(workos.asked).toEqual([]);
  });
});
