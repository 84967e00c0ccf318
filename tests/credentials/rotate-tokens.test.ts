import { describe, expect, it } from 'vitest';
import type { Tokens } from '../../src/credentials/tokens.ts';
import { createSecret } from '../../src/kernel/secret.ts';
import { until } from '../support/until.ts';
import { login, makeRotation } from './make-rotation.ts';

const HOUR = 3_600_000;

describe('a rotation', () => {
  it('has the new pair on the disk when it is done, and says so in the words that operators look for', async () => {
    const { rotation, disk, workos, logger, clock } = makeRotation(login('login'));
    await rotation.look();
    const tokens = await rotation.rotate(login('login'));
    expect(disk.tokens?.accessToken?.reveal()).toBe(workos.made[0]);
    expect(tokens.accessToken?.reveal()).toBe(workos.made[0]);
    const until = new Date(clock.now() + 8 * HOUR).toISOString();
    expect(logger.lines).toMatchObject([
      { level: 'info', message: `Token refreshed successfully, expires at: ${until}` },
    ]);
  });

  it.each([
    ['fresh', 8 * HOUR],
    ['of unknown end', undefined],
  ])('takes over tokens of another process that are %s', async (_what, lifetimeMs) => {
    const { rotation, disk, workos, clock } = makeRotation(login('login'));
    await rotation.look();
    const end = lifetimeMs === undefined ? {} : { expiresAt: clock.now() + lifetimeMs };
    disk.tokens = { accessToken: createSecret("the peer's"), refreshToken: createSecret('peer'), ...end };
    const tokens = await rotation.rotate(login('login'));
    expect(tokens.accessToken?.reveal()).toBe("the peer's");
    expect(workos.asked).toEqual([]);
  });

  it.each<[string, (now: number) => Tokens]>([
    [
      'that are about to end',
      (now) => ({ accessToken: createSecret('a'), expiresAt: now + 60_000, ...login('new login') }),
    ],
    [
      'whose access token was just refused',
      (now) => ({ ...refusedTokens, expiresAt: now + HOUR, ...login('new login') }),
    ],
  ])('goes on from tokens of another process %s', async (_what, written) => {
    const { rotation, disk, workos, clock } = makeRotation(login('login'));
    await rotation.look();
    disk.tokens = written(clock.now());
    await rotation.rotate({ ...refusedTokens, ...login('login') });
    expect(workos.asked).toEqual(['new login']);
  });

  it('keeps to its own login when the disk has none left', async () => {
    const { rotation, disk, workos } = makeRotation(login('login'));
    await rotation.look();
    disk.tokens = undefined;
    await rotation.rotate(login('login'));
    expect(workos.asked).toEqual(['login']);
  });

  it('reads the disk again when it is refused: a program without our lock may have been faster', async () => {
    const { rotation, disk, workos, clock } = makeRotation(login('spent'));
    await rotation.look();
    const peer = { accessToken: createSecret("the peer's"), expiresAt: clock.now() + HOUR, ...login('peer') };
    disk.afterRead = () => (disk.tokens = peer);
    expect(await rotation.rotate(login('spent'))).toMatchObject(peer);
    expect(workos.asked).toEqual(['spent']);
  });

  it('spends the newer refresh token that it finds after a refusal', async () => {
    const { rotation, disk, workos } = makeRotation(login('spent'));
    await rotation.look();
    disk.afterRead = () => (disk.tokens = login('new login'));
    expect((await rotation.rotate(login('spent'))).accessToken?.reveal()).toBe(workos.made[0]);
  });

  it('passes on a refusal when the disk knows nothing newer, and erases nothing', async () => {
    const { rotation, disk } = makeRotation(login('spent'));
    await rotation.look();
    await expect(rotation.rotate(login('spent'))).rejects.toMatchObject({ kind: 'upstream-auth' });
    expect(disk.tokens?.refreshToken?.reveal()).toBe('spent');
  });

  it('cannot go on from an access token alone', async () => {
    const { rotation } = makeRotation({ accessToken: createSecret('a') });
    await rotation.look();
    await expect(rotation.rotate({ accessToken: createSecret('a') })).rejects.toMatchObject({
      kind: 'upstream-auth',
    });
  });
});

const refusedTokens: Tokens = { accessToken: createSecret('refused') };

describe('a disk that takes nothing', () => {
  it('is reported loudly, without a secret, while the pair is used from memory', async () => {
    const { rotation, disk, workos, logger } = makeRotation(login('login'));
    await rotation.look();
    disk.isFull = true;
    const tokens = await rotation.rotate(login('login'));
    expect(tokens.accessToken?.reveal()).toBe(workos.made[0]);
    expect(logger.lines[0]).toMatchObject({
      level: 'error',
      message: expect.stringContaining('ENOSPC') as string,
    });
    expect(JSON.stringify(logger.lines)).not.toContain('canary');
  });

  it('gets the pair as soon as there is room', async () => {
    const { rotation, disk, clock } = makeRotation(login('login'));
    await rotation.look();
    disk.isFull = true;
    await rotation.rotate(login('login'));
    clock.advance(5_000);
    await until(() => clock.pending() > 0);
    disk.isFull = false;
    clock.advance(10_000);
    await until(() => disk.tokens?.refreshToken?.reveal() === 'canary-refresh-1');
    await until(() => clock.pending() === 0);
  });

  it('does not pull the login back to the spent token that it still holds', async () => {
    const { rotation, disk, workos } = makeRotation(login('login'));
    await rotation.look();
    disk.isFull = true;
    const tokens = await rotation.rotate(login('login'));
    disk.isFull = false;
    await rotation.rotate(tokens);
    expect(workos.asked).toEqual(['login', 'canary-refresh-1']);
    expect(disk.tokens?.refreshToken?.reveal()).toBe('canary-refresh-2');
  });

  it('gets the pair at the latest when the gateway stops', async () => {
    const { rotation, disk, clock } = makeRotation(login('login'));
    await rotation.look();
    disk.isFull = true;
    await rotation.rotate(login('login'));
    disk.isFull = false;
    await rotation.stop();
    expect(disk.tokens?.refreshToken?.reveal()).toBe('canary-refresh-1');
    expect(clock.pending()).toBe(0);
  });

  it('is left alone when a newer login has been put on it meanwhile', async () => {
    const { rotation, disk } = makeRotation(login('login'));
    await rotation.look();
    disk.isFull = true;
    await rotation.rotate(login('login'));
    disk.isFull = false;
    disk.tokens = login('new login');
    await rotation.stop();
    expect(disk.tokens.refreshToken?.reveal()).toBe('new login');
  });
});

describe('a look at the disk', () => {
  it('tells once what is new', async () => {
    const { rotation, disk } = makeRotation(login('login'));
    expect(await rotation.look()).toMatchObject({ isNew: true });
    expect(await rotation.look()).toMatchObject({ isNew: false });
    disk.tokens = login('new login');
    expect(await rotation.look()).toMatchObject({ isNew: true });
  });

  it('is worth nothing when a refresh has overtaken it', async () => {
    const { rotation, disk } = makeRotation(login('login'));
    await rotation.look();
    const slowness = withGate();
    disk.answer = slowness.gate;
    const slow = rotation.look();
    await until(() => disk.reads === 2);
    disk.answer = Promise.resolve();
    await rotation.rotate(login('login'));
    slowness.open();
    expect(await slow).toMatchObject({ isNew: false });
  });
});

function withGate(): { gate: Promise<void>; open: () => void } {
  let open = (): void => undefined;
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { gate, open };
}
