import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createRefreshTokenSource } from '../../src/credentials/refresh-token.ts';
import type { RefreshTokenDeps, RefreshTokenSource } from '../../src/credentials/refresh-token.ts';
import { createSecret } from '../../src/kernel/secret.ts';
import { demandOf } from '../support/demand.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { createFakeWorkos, makeJwt } from './fake-workos.ts';
import { makeRoom } from '../support/temporary-room.ts';
import { until } from '../support/until.ts';

const HOUR = 3_600_000;
const SUCCESS = /^Token refreshed successfully, expires at: \d{4}-\d\d-\d\dT[\d:.]+Z$/;

async function makeWorld(authText?: string) {
  const room = await makeRoom();
  const clock = createFakeClock();
  const logger = createRecordingLogger();
  const workos = createFakeWorkos({ clock, logins: ['canary-key', 'canary-file'] });
  const authFile = join(room, 'factory-auth.json');
  if (authText !== undefined) await writeFile(authFile, authText);
  const open = (refreshKey?: string, more: Partial<RefreshTokenDeps> = {}): RefreshTokenSource => {
    const source = createRefreshTokenSource({
      refreshKey: refreshKey === undefined ? undefined : createSecret(refreshKey),
      authFile,
      dataDirectory: join(room, 'data'),
      intervalMs: 6 * HOUR,
      oauth: { baseUrl: 'https://workos.test', clientId: 'client_1' },
      post: workos.post,
      clock,
      logger,
      ...more,
    });
    onTestFinished(() => source.stop());
    return source;
  };
  /** A gateway that ran for a moment, long ago. */
  const runOnce = async (refreshKey: string): Promise<void> => {
    const source = open(refreshKey);
    await source.start();
    await source.stop();
  };
  const stored = async (path: string): Promise<Record<string, unknown>> =>
    JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
  const said = (): string => logger.lines.map(({ level, message }) => `${level}: ${message}`).join('\n');
  return {
    clock,
    logger,
    workos,
    authFile,
    keyFile: join(room, 'data', 'auth.json'),
    open,
    runOnce,
    stored,
    said,
  };
}

const credentialOf = (source: RefreshTokenSource) => source.find(demandOf());
const tokenOf = async (source: RefreshTokenSource): Promise<string | undefined> =>
  (await credentialOf(source)?.token())?.reveal();
const inTwoHours = (clock: { now: () => number }): string =>
  makeJwt({ exp: (clock.now() + 2 * HOUR) / 1000, iat: clock.now() / 1000, jti: 'canary-stored' });

describe('the refresh token source', () => {
  it('is absent when there is neither a key nor a file', async () => {
    const { open, logger } = await makeWorld();
    const source = open();
    await source.start();
    const report = [source.state(), source.find(demandOf()), source.reason?.()];
    expect(report).toEqual(['absent', undefined, undefined]);
    expect(logger.lines).toEqual([]);
  });

  it('is configured from the beginning, though it can pay only once the disk is read', async () => {
    const { open } = await makeWorld();
    const source = open('canary-key');
    expect([source.state(), source.reason?.()]).toEqual(['unusable', 'the stored login is still being read']);
    await source.load();
    expect(source.state()).toBe('usable');
  });

  it('refreshes the key at the start and keeps what it has become', async () => {
    const { open, workos, keyFile, stored, logger } = await makeWorld();
    const source = open('canary-key');
    await source.start();
    expect(await tokenOf(source)).toBe(workos.made[0]);
    expect(credentialOf(source)).toMatchObject({ label: 'DROID_REFRESH_KEY', holder: 'gateway' });
    expect(await stored(keyFile)).toMatchObject({
      access_token: workos.made[0],
      refresh_token: 'canary-refresh-1',
    });
    expect(logger.lines).toMatchObject([
      { level: 'info', message: expect.stringMatching(SUCCESS) as string },
    ]);
  });

  it('prefers on the next start what the key has become', async () => {
    const { open, runOnce, workos, clock } = await makeWorld();
    await runOnce('canary-key');
    clock.advance(7 * HOUR);
    const source = open('canary-key');
    await source.start();
    expect(workos.asked).toEqual(['canary-key', 'canary-refresh-1']);
    expect(await tokenOf(source)).toBe(workos.made[1]);
  });

  it('needs no refresh at the start while the stored token is young', async () => {
    const { open, runOnce, workos, clock } = await makeWorld();
    await runOnce('canary-key');
    clock.advance(HOUR);
    const source = open('canary-key');
    await source.start();
    expect(await tokenOf(source)).toBe(workos.made[0]);
    expect(workos.asked).toHaveLength(1);
  });

  it('begins again when the key is another one', async () => {
    const { open, runOnce, workos } = await makeWorld();
    await runOnce('canary-key');
    const source = open('canary-file');
    await source.start();
    expect(workos.asked).toEqual(['canary-key', 'canary-file']);
    expect(await tokenOf(source)).toBe(workos.made[1]);
  });

  it('uses the file, and keeps its other fields', async () => {
    const { open, workos, authFile, stored } = await makeWorld(
      '{"refresh_token":"canary-file","user":{"id":7}}',
    );
    const source = open();
    await source.start();
    expect(credentialOf(source)?.label).toBe('FACTORY_AUTH_FILE');
    expect(await tokenOf(source)).toBe(workos.made[0]);
    const text = { access_token: workos.made[0], refresh_token: 'canary-refresh-1', user: { id: 7 } };
    expect(await stored(authFile)).toEqual(text);
  });

  it('leaves the file alone while the key works', async () => {
    const { open, authFile, workos, clock } = await makeWorld('{"refresh_token":"canary-file"}');
    await open('canary-key').start();
    clock.advance(6 * HOUR);
    await until(() => workos.asked.length === 2);
    expect(workos.asked).not.toContain('canary-file');
    expect(await readFile(authFile, 'utf8')).toBe('{"refresh_token":"canary-file"}');
  });

  it('falls to the file when the key is refused, and says how to mend it', async () => {
    const { open, workos, said } = await makeWorld('{"refresh_token":"canary-file"}');
    const source = open('canary-spent');
    await source.start();
    expect(credentialOf(source)?.label).toBe('FACTORY_AUTH_FILE');
    expect(await tokenOf(source)).toBe(workos.made[0]);
    expect(said()).toMatch(/error: .*DROID_REFRESH_KEY.*invalid_grant.*set DROID_REFRESH_KEY to the new/);
  });

  it('falls to the file when the key is refused while running', async () => {
    const { open, workos } = await makeWorld('{"refresh_token":"canary-file"}');
    const source = open('canary-key');
    await source.start();
    const first = await credentialOf(source)?.token();
    workos.next({ status: 400, text: '{"error":"invalid_grant"}' });
    expect(first && (await credentialOf(source)?.renew(first))).toBeUndefined();
    expect(credentialOf(source)?.label).toBe('FACTORY_AUTH_FILE');
    expect(await tokenOf(source)).toBe(workos.made[1]);
  });

  it('is unusable, with both reasons, when nothing works', async () => {
    const { open } = await makeWorld('broken');
    const source = open('canary-spent');
    await source.start();
    expect([source.state(), credentialOf(source)]).toEqual(['unusable', undefined]);
    expect(source.reason?.()).toMatch(
      /DROID_REFRESH_KEY: .*invalid_grant.*; .*is not a JSON object; log in again/,
    );
  });

  it.each([
    ['broken', /is not usable: .*is not a JSON object; log in again with droid/],
    [
      JSON.stringify({ access_token: makeJwt({ exp: 1 }) }),
      /access token has ended and there is no refresh token/,
    ],
  ])('reports a file that cannot be used: %s', async (text, report) => {
    const { open, said } = await makeWorld(text);
    const source = open();
    await source.start();
    expect(source.state()).toBe('unusable');
    expect(said()).toMatch(report);
  });

  it('takes up a file that is mended or made while it runs', async () => {
    const { open, authFile, clock, workos } = await makeWorld();
    const source = open();
    await source.start();
    await writeFile(authFile, '{"refresh_token":"canary-file"}');
    clock.advance(30_000);
    await until(() => source.state() === 'usable');
    expect(await tokenOf(source)).toBe(workos.made[0]);
  });

  it('takes up a new login after the old one was refused', async () => {
    const { open, authFile, clock, workos } = await makeWorld('{"refresh_token":"canary-spent"}');
    const source = open();
    await source.start();
    expect(source.state()).toBe('unusable');
    await writeFile(authFile, '{"refresh_token":"canary-file"}');
    clock.advance(30_000);
    await until(() => source.state() === 'usable');
    expect(await tokenOf(source)).toBe(workos.made[0]);
  });

  it('refreshes nothing before a request comes when it is only loaded', async () => {
    const { open, workos, clock } = await makeWorld('{"refresh_token":"canary-file"}');
    const source = open();
    await source.load();
    clock.advance(10 * HOUR);
    expect([source.state(), workos.asked.length]).toEqual(['usable', 0]);
    expect(await tokenOf(source)).toBe(workos.made[0]);
  });

  it('recovers by itself from a WorkOS that was away at the start', async () => {
    const { open, workos, clock } = await makeWorld();
    workos.next('unreachable', 'unreachable');
    const source = open('canary-key');
    await source.start();
    expect(source.state()).toBe('unusable');
    clock.advance(5_000);
    await until(() => source.state() === 'usable');
    expect(await tokenOf(source)).toBe(workos.made[0]);
  });

  it('keeps using a stored token while WorkOS is away', async () => {
    const world = await makeWorld();
    const access = inTwoHours(world.clock);
    await writeFile(world.authFile, JSON.stringify({ access_token: access, refresh_token: 'canary-file' }));
    const source = world.open(undefined, { intervalMs: 1 });
    world.clock.advance(HOUR);
    world.workos.next('unreachable', 'unreachable');
    await source.start();
    expect(await tokenOf(source)).toBe(access);
  });

  it('makes one grant for fifty requests that meet an ended token', async () => {
    const { open, workos, clock } = await makeWorld();
    const source = open('canary-key');
    await source.load();
    const tokens = await Promise.all(Array.from({ length: 50 }, () => tokenOf(source)));
    expect(new Set(tokens)).toEqual(new Set([workos.made[0]]));
    clock.advance(9 * HOUR);
    await Promise.all(Array.from({ length: 50 }, () => tokenOf(source)));
    expect(workos.asked).toHaveLength(2);
  });

  it('mends a file into which somebody saves the spent token', async () => {
    const { open, authFile, stored, clock, said } = await makeWorld('{"refresh_token":"canary-file"}');
    const source = open();
    await source.start();
    await writeFile(authFile, '{"refresh_token":"canary-file"}');
    clock.advance(30_000);
    await until(() => said().includes('saved again'));
    await source.stop();
    expect(await stored(authFile)).toMatchObject({ refresh_token: 'canary-refresh-1' });
  });

  it('stops with nothing left to do', async () => {
    const { open, clock } = await makeWorld();
    const source = open('canary-key');
    await source.start();
    await source.stop();
    expect(clock.pending()).toBe(0);
  });
});

describe('what is said and stored', () => {
  it('holds no token, whatever goes wrong', async () => {
    const { open, workos, logger, clock } = await makeWorld('{"access_token":"canary-file');
    const source = open('canary-key');
    await source.start();
    workos.next(
      'lost',
      'unreachable',
      { status: 500, text: 'canary' },
      { status: 400, text: '{"error":"canary-key"}' },
    );
    clock.advance(9 * HOUR);
    const failure = await tokenOf(source).catch((error: unknown) => error);
    const spoken = [
      logger.lines,
      source.reason?.(),
      failure instanceof Error && failure.message,
      credentialOf(source),
    ];
    expect(JSON.stringify(spoken)).not.toContain('canary');
  });
});
