import { mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createStateFile, readStates } from '../../src/accounts/state-file.ts';
import type { StateFile } from '../../src/accounts/state-file.ts';
import type { WithLock } from '../../src/disk/file-lock.ts';
import { GatewayError } from '../../src/kernel/gateway-error.ts';
import { makeRoom } from '../support/temporary-room.ts';
import { until } from '../support/until.ts';
import { DAY, answered, broken, openRoom, refused401, spent, throttled } from './pool-room.ts';
import type { Room } from './pool-room.ts';

const withLock: WithLock = (_target, action) => action();

interface Server extends Room {
  readonly file: StateFile;
}

function serve(path: string, ids: readonly string[] = ['a', 'b'], lock = withLock): Server {
  const room = openRoom(ids);
  const file = createStateFile({
    path,
    withLock: lock,
    pool: room.pool,
    clock: room.clock,
    logger: room.logger,
  });
  return { ...room, file };
}

/** Has it written, as five seconds would. */
async function flush({ file }: Server): Promise<void> {
  file.save();
  await file.stop();
}

const place = async (): Promise<string> => join(await makeRoom(), 'data', 'accounts-state.json');

describe('the state file', () => {
  it('brings back after a restart what was known', async () => {
    const path = await place();
    const before = serve(path);
    await before.file.load();
    before.use(spent('Limit of the core pool reached, resets in 6 days'), { pool: 'core' });
    before.use(broken);
    await flush(before);
    const after = serve(path);
    await after.file.load();
    expect(after.pool.snapshot()).toEqual(before.pool.snapshot());
    expect(after.ask({ pool: 'core' })).toBe('b');
    expect(await readStates(path)).toEqual(before.pool.snapshot());
  });

  it('is readable by its owner alone, and in snake case', async () => {
    const path = await place();
    const server = serve(path, ['a']);
    server.use(throttled(60));
    await flush(server);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const now = server.clock.now();
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({
      version: 1,
      accounts: {
        a: {
          health: 100,
          health_at: now,
          parkings: [
            {
              kind: 'throttle',
              scope: 'account',
              reason: 'too many requests (slow down)',
              at: now,
              until: now + 60_000,
              probe_at: now + 60_000,
              count: 1,
            },
          ],
          requests: 1,
          failures: { 'rate-limit': 1 },
          tokens: { input: 0, output: 0, cached: 0 },
          last_used_at: now,
          last_error: { at: now, kind: 'rate-limit', message: 'slow down' },
        },
      },
    });
  });

  it('is written once in five seconds, and only when something has changed', async () => {
    const path = await place();
    let writes = 0;
    const server = serve(path, ['a'], async (target, action) => {
      writes++;
      return withLock(target, action);
    });
    server.clock.advance(DAY);
    expect(writes).toBe(0);
    server.use(answered);
    server.file.save();
    server.file.save();
    server.clock.advance(4999);
    expect(writes).toBe(0);
    server.clock.advance(1);
    await server.file.stop();
    server.file.save();
    server.clock.advance(DAY);
    expect(writes).toBe(1);
  });

  it('adds up what two servers count, and shares what parks an account', async () => {
    const path = await place();
    const [one, other] = [serve(path), serve(path)];
    await one.file.load();
    await other.file.load();
    one.use(refused401);
    one.use(answered);
    await flush(one);
    other.pool.settle({ id: 'a', isProbe: false }, answered, 'core');
    await flush(other);
    await flush(one);
    const states = await readStates(path);
    expect([states.get('a')?.requests, states.get('b')?.requests]).toEqual([2, 1]);
    expect(other.pool.report()[0]).toMatchObject({ word: 'login-refused', requests: 2 });
    expect(one.pool.report()[0]).toMatchObject({ requests: 2, failures: { authentication: 1 } });
  });

  it('shares that an account is back', async () => {
    const path = await place();
    const [one, other] = [serve(path, ['a']), serve(path, ['a'])];
    one.use(throttled(1));
    await flush(one);
    await other.file.load();
    other.clock.advance(1000);
    other.use(answered);
    await flush(other);
    await flush(one);
    expect(one.pool.report()[0]).toMatchObject({ word: 'ready', requests: 2 });
  });

  it.each(['', '{', '[]', '{"version":1}', '{"accounts":7}'])(
    'puts a file aside that is not readable: %s',
    async (text) => {
      const path = await place();
      await mkdir(join(path, '..'), { recursive: true });
      await writeFile(path, text);
      const server = serve(path, ['a']);
      await server.file.load();
      server.use(answered);
      await flush(server);
      expect(await readFile(`${path}.broken`, 'utf8')).toBe(text);
      expect(server.said()).toEqual([
        `warn: ${path} is not readable; it is kept as ${path}.broken, a new one is begun`,
      ]);
      expect((await readStates(path)).get('a')?.requests).toBe(1);
      expect((await readdir(join(path, '..'))).sort()).toEqual([
        'accounts-state.json',
        'accounts-state.json.broken',
      ]);
    },
  );

  it('reads what is left of a damaged entry', async () => {
    const path = await place();
    await mkdir(join(path, '..'), { recursive: true });
    const damaged = {
      a: 5,
      b: {
        health: 900,
        requests: -1,
        failures: { server: 2, nonsense: 3 },
        tokens: { input: 1.5 },
        last_used_at: 'x',
      },
      c: { health: -3, health_at: 1e300, last_error: { at: 5, kind: 'nonsense' } },
      d: {
        parkings: [
          { kind: 'quota', scope: 'moon', at: 1 },
          { kind: 'quota', scope: 'core' },
          7,
          { kind: 'quota', scope: 'core', at: 5, reason: 'token=abcdefgh12345678' },
          { kind: 'quota', scope: 'core', at: 6, reason: 'twice' },
        ],
      },
      __proto__x: { requests: 3 },
    };
    await writeFile(
      path,
      JSON.stringify({ version: 2, accounts: damaged }).replace('__proto__x', '__proto__'),
    );
    const states = await readStates(path);
    const nothing = {
      health: 100,
      healthAt: 0,
      parkings: [],
      requests: 0,
      failures: {},
      tokens: { input: 0, output: 0, cached: 0 },
    };
    expect(Object.fromEntries(states)).toEqual(
      Object.fromEntries([
        ['b', { ...nothing, failures: { server: 2 } }],
        ['c', { ...nothing, health: 1 }],
        [
          'd',
          {
            ...nothing,
            parkings: [{ kind: 'quota', scope: 'core', at: 5, count: 1, reason: 'token=[redacted]' }],
          },
        ],
        ['__proto__', { ...nothing, requests: 3 }],
      ]),
    );
  });

  it('knows nothing where there is no file', async () => {
    expect((await readStates('/nowhere/at/all.json')).size).toBe(0);
  });

  it('warns once while the disk does not take it, goes on trying, and loses no count', async () => {
    const path = await place();
    let tries = 0;
    const lock: WithLock = (target, action) =>
      ++tries <= 2
        ? Promise.reject(Object.assign(new Error('full'), { code: 'ENOSPC' }))
        : withLock(target, action);
    const server = serve(path, ['a'], lock);
    server.use(answered);
    server.file.save();
    server.clock.advance(5000);
    await until(() => server.clock.pending() === 1);
    server.clock.advance(5000);
    await until(() => server.clock.pending() === 1);
    server.clock.advance(5000);
    await server.file.stop();
    expect((await readStates(path)).get('a')?.requests).toBe(1);
    expect(server.said()).toEqual([`warn: ${path} cannot be kept (ENOSPC); the statistics stay in memory`]);
  });

  it('keeps an account that is gone for thirty days', async () => {
    const path = await place();
    const server = serve(path, ['a', 'b']);
    server.use(answered);
    server.use(answered);
    server.pool.setMembers([{ id: 'b', label: 'b', enabled: true }]);
    await flush(server);
    expect([...(await readStates(path)).keys()].sort()).toEqual(['a', 'b']);
    server.clock.advance(31 * DAY);
    await flush(server);
    expect([...(await readStates(path)).keys()]).toEqual(['b']);
    expect([...server.pool.snapshot().keys()]).toEqual(['b']);
  });

  it('holds no secret that an upstream repeats', async () => {
    const path = await place();
    const canary = 'sk-canary0123456789ABCDEF';
    const server = serve(path, ['a']);
    const text = JSON.stringify({ detail: `limit reached with ${canary}, resets in 5 h` });
    const error = new GatewayError('billing', `limit reached with ${canary}`);
    server.use({ kind: 'failed', status: 402, error, text });
    await flush(server);
    const seen = JSON.stringify([server.said(), server.pool.report(), server.pool.refusal('core')?.message]);
    expect(seen + (await readFile(path, 'utf8'))).not.toContain(canary);
    expect(seen).toContain('[redacted]');
  });
});
