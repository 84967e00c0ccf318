import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { composeAccounts } from '../../src/compose-accounts.ts';
import { GatewayError } from '../../src/kernel/gateway-error.ts';
import { createFakeWorkos } from '../credentials/fake-workos.ts';
import { demandOf } from '../support/demand.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { createGate } from '../support/gate.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { makeRoom } from '../support/temporary-room.ts';
import { withTime } from '../support/until.ts';

const SETTINGS = {
  oauth: { baseUrl: 'https://workos.test', clientId: 'client_1' },
  refreshIntervalMs: 6 * 3_600_000,
  accountAffinity: 'off',
} as const;

const [A, B] = ['a', 'b'].map((id) => ({ id, refresh_token: `canary-${id}` }));

/** A gateway whose account `a` is at its first refresh, to which no answer comes before the gate is opened. */
async function refreshSlowly() {
  const room = await makeRoom();
  const path = join(room, 'accounts.json');
  const write = (...accounts: readonly unknown[]): Promise<void> =>
    writeFile(path, JSON.stringify({ accounts }));
  await write(A);
  const clock = createFakeClock();
  const workos = createFakeWorkos({ clock, logins: ['canary-a', 'canary-b'] });
  const gate = createGate();
  const source = composeAccounts({
    ...{ accountsFile: path, dataDirectory: join(room, 'data'), clock, logger: createRecordingLogger() },
    settings: () => SETTINGS,
    post: async (url, form, timeoutMs) => {
      const answer = await workos.post(url, form, timeoutMs);
      if (form['refresh_token'] === 'canary-a') await gate.pass();
      return answer;
    },
  });
  onTestFinished(async () => {
    gate.open();
    await withTime(clock, source.stop());
  });
  await source.load();
  const started = source.start();
  await gate.reached;
  return { path, write, clock, workos, gate, source, started };
}

describe('an account that is taken out of the file while it is refreshed', () => {
  it('does not hold up what else is new in the file', async () => {
    const { write, clock, workos, source } = await refreshSlowly();
    await write(B);
    await source.reload();
    const token = await withTime(
      clock,
      source.find(demandOf())?.token() ?? Promise.reject(new Error('none')),
    );
    expect(token.reveal()).toBe(workos.made[1]);
  });

  it('has its new tokens in the file when it was put back meanwhile', async () => {
    const { path, write, clock, workos, gate, source, started } = await refreshSlowly();
    await write(B);
    await source.reload();
    await write(B, A);
    await source.reload();
    gate.open();
    await withTime(clock, started);
    await withTime(clock, source.stop());
    expect(await readFile(path, 'utf8')).toContain(workos.made[0]);
    expect(workos.asked.filter((token) => token === 'canary-a')).toHaveLength(1);
  });

  it('lets the gateway end only when its refresh has ended', async () => {
    const { path, write, clock, gate, source } = await refreshSlowly();
    await write(B);
    await source.reload();
    const events: string[] = [];
    const stopped = source.stop().then(() => events.push('stopped'));
    await readFile(path);
    events.push('answered');
    gate.open();
    await withTime(clock, stopped);
    expect(events).toEqual(['answered', 'stopped']);
  });
});

describe('an account that is parked, and whose login is over', () => {
  it('is told with both reasons, each of them once', async () => {
    const room = await makeRoom();
    const path = join(room, 'accounts.json');
    const clock = createFakeClock();
    const workos = createFakeWorkos({ clock, logins: ['canary-b'] });
    await writeFile(path, JSON.stringify({ accounts: [{ ...B, label: 'work' }] }));
    const source = composeAccounts({
      ...{ accountsFile: path, dataDirectory: join(room, 'data'), clock, logger: createRecordingLogger() },
      settings: () => SETTINGS,
      post: workos.post,
    });
    onTestFinished(() => withTime(clock, source.stop()));
    await source.load();
    const credential = source.find(demandOf());
    const token = await withTime(clock, credential?.token() ?? Promise.reject(new Error('none')));
    workos.next({ status: 400, text: '{"error":"invalid_grant"}' });
    expect(await withTime(clock, credential?.renew(token) ?? Promise.resolve(token))).toBeUndefined();
    const error = new GatewayError('authentication', 'Revoked.');
    credential?.settle?.({ kind: 'failed', error, status: 401 });
    expect(source.state()).toBe('unusable');
    expect(source.reason?.()).toMatch(
      /^work: its login was refused \(Revoked\.\); work: WorkOS refused .*add-account$/,
    );
  });
});
