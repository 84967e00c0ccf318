import { execFile } from 'node:child_process';
import { stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { WriteStep } from '../../src/disk/durable-file.ts';
import { createRefreshTokenSource } from '../../src/credentials/refresh-token.ts';
import type { RefreshTokenSource } from '../../src/credentials/refresh-token.ts';
import { createSecret } from '../../src/kernel/secret.ts';
import { demandOf } from '../support/demand.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { listenHttp } from '../support/loopback.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import type { Orders } from './crash-child.ts';
import { createFakeWorkos, makeJwt } from './fake-workos.ts';
import type { FakeWorkos } from './fake-workos.ts';
import { makeRoom } from '../support/temporary-room.ts';

const CHILD = fileURLToPath(new URL('crash-child.ts', import.meta.url));
const REPLAY_IS_OVER_MS = 31_000;
const HOUR = 3_600_000;

/** The token endpoint as other processes reach it. */
async function serve(workos: FakeWorkos): Promise<string> {
  const { url } = await listenHttp((request, response) => {
    void text(request).then(async (body) => {
      const answer = await workos.post('', Object.fromEntries(new URLSearchParams(body)), 0);
      response.writeHead(answer.status).end(answer.text);
    });
  });
  return url;
}

/** Runs a gateway in a process of its own until it ends or dies; tells the access token that it came to. */
const run = (orders: Orders): Promise<{ token: string; signal: string | undefined }> =>
  new Promise((ended) => {
    execFile(process.execPath, ['--import', 'tsx', CHILD, JSON.stringify(orders)], (error, stdout) =>
      ended({ token: stdout, signal: error?.signal ?? undefined }),
    );
  });

async function makeWorld() {
  const room = await makeRoom();
  const clock = createFakeClock();
  const workos = createFakeWorkos({ clock, logins: ['canary-key', 'canary-file'] });
  const orders = {
    workosUrl: await serve(workos),
    authFile: join(room, 'factory-auth.json'),
    dataDirectory: join(room, 'data'),
    now: clock.now(),
    isMount: false,
  };
  return { clock, workos, orders };
}

/** The gateway that comes after, in this process. */
const restart = ({ clock, workos, orders }: Awaited<ReturnType<typeof makeWorld>>): RefreshTokenSource =>
  createRefreshTokenSource({
    ...orders,
    refreshKey: undefined,
    intervalMs: 6 * HOUR,
    oauth: { baseUrl: orders.workosUrl, clientId: 'client_1' },
    post: workos.post,
    clock,
    logger: createRecordingLogger(),
  });

/** The dead cannot give back their lock; ten seconds later it is anyone's. */
async function outwaitLock(path: string): Promise<void> {
  const lock = `${path}.lock`;
  if (await stat(lock).catch(() => undefined)) await utimes(lock, 0, 0);
}

describe('a gateway that is killed while it saves new tokens', () => {
  it.each<[WriteStep, boolean, number]>([
    ['started', false, 0], // nothing is on the disk yet: WorkOS repeats its answer
    ['journal', false, REPLAY_IS_OVER_MS],
    ['temporary', false, REPLAY_IS_OVER_MS],
    ['renamed', false, REPLAY_IS_OVER_MS],
    ['synced', false, REPLAY_IS_OVER_MS],
    ['truncated', true, REPLAY_IS_OVER_MS],
    ['overwritten', true, REPLAY_IS_OVER_MS],
  ])(
    'after the step "%s" (in place: %s) has not lost its login %i ms later',
    async (dieAt, isMount, laterMs) => {
      const { clock, workos, orders } = await makeWorld();
      await writeFile(orders.authFile, '{"refresh_token":"canary-file","other":1}');
      expect(await run({ ...orders, isMount, dieAt })).toMatchObject({ signal: 'SIGKILL' });
      await outwaitLock(orders.authFile);
      clock.advance(laterMs);
      const source = restart({ clock, workos, orders });
      await source.start();
      const credential = source.find(demandOf());
      const token = (await credential?.token()) ?? createSecret('none');
      expect(workos.made).toContain(token.reveal());
      expect((await credential?.renew(token))?.reveal()).toBe(workos.made.at(-1));
      await source.stop();
    },
  );

  it.each<[WriteStep, number]>([
    ['started', 25_000], // nothing but the note is on the disk
    ['journal', REPLAY_IS_OVER_MS],
    ['renamed', REPLAY_IS_OVER_MS],
  ])(
    'after the step "%s" repeats the refresh %i ms later, though its old token lives for hours',
    async (dieAt, laterMs) => {
      const { clock, workos, orders } = await makeWorld();
      const access = makeJwt({ exp: (clock.now() + 5 * HOUR) / 1000, iat: (clock.now() - HOUR) / 1000 });
      await writeFile(
        orders.authFile,
        JSON.stringify({ access_token: access, refresh_token: 'canary-file' }),
      );
      expect(await run({ ...orders, intervalMs: 1, dieAt })).toMatchObject({ signal: 'SIGKILL' });
      await outwaitLock(orders.authFile);
      clock.advance(laterMs);
      const source = restart({ clock, workos, orders });
      await source.start();
      clock.advance(HOUR);
      const credential = source.find(demandOf());
      const token = (await credential?.token()) ?? createSecret('none');
      expect(token.reveal()).toBe(workos.made[0]);
      expect((await credential?.renew(token))?.reveal()).toBe(workos.made[1]);
      await source.stop();
    },
  );
});

describe('two gateways', () => {
  it('that share a file and start together make one refresh between them', async () => {
    const { workos, orders } = await makeWorld();
    await writeFile(orders.authFile, '{"refresh_token":"canary-file"}');
    const own = { ...orders, dataDirectory: `${orders.dataDirectory}-2` };
    const [one, other] = await Promise.all([run(orders), run(own)]);
    expect(workos.asked).toEqual(['canary-file']);
    expect([one.token, other.token]).toEqual([workos.made[0], workos.made[0]]);
  });

  it('that share a configured key and start together make one refresh between them', async () => {
    const { workos, orders } = await makeWorld();
    const both = { ...orders, refreshKey: 'canary-key' };
    const [one, other] = await Promise.all([run(both), run(both)]);
    expect(workos.asked).toEqual(['canary-key']);
    expect([one.token, other.token]).toEqual([workos.made[0], workos.made[0]]);
  });
});
