import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { PROJECT, buildProject } from './build-project.ts';
import { findProgram, requireProgram } from './secure-shell.ts';
import { makeSharedRoom } from './shared-room.ts';
import { DONE, connectTwoMachines, isUntestable } from './two-machines.ts';
import type { Entry } from './two-machines.ts';

const HOUR = 3_600_000;
const NOON = Date.UTC(2026, 10, 24, 12);

/** A login whose tokens were refreshed so many hours after noon. */
const login = (email: string, hour: number, more: Entry = {}): Entry => ({
  id: `acc_${email}`,
  email,
  access_token: `CANARY-access-${email}-${hour}`,
  refresh_token: `CANARY-refresh-${email}-${hour}`,
  expires_at: NOON + (hour + 8) * HOUR,
  last_refresh: NOON + hour * HOUR,
  enabled: true,
  ...more,
});

describe.skipIf(isUntestable)('sync-accounts.sh', { timeout: 60_000 }, () => {
  const built = makeSharedRoom();
  beforeAll(() => buildProject(built()), 120_000);

  it('brings the accounts to a server that has none, readable by their owner alone', async () => {
    const { near, far, sync } = await connectTwoMachines(built());
    near.writeAccounts(login('ann', 1), login('bob', 1));
    const { status, output } = await sync();
    expect({ status, output }).toEqual({ status: 0, output: expect.stringContaining('done.') as string });
    expect(far.readAccounts()).toMatchObject([login('ann', 1), login('bob', 1)]);
    expect(far.modeOf('accounts.json')).toBe(0o600);
  });

  it('replaces older tokens there, and leaves accounts alone that are only there', async () => {
    const { near, far, sync } = await connectTwoMachines(built());
    near.writeAccounts(login('ann', 2));
    far.writeAccounts(login('carl', 1), login('ann', 1));
    expect(await sync()).toEqual(DONE);
    expect(far.readAccounts()).toMatchObject([login('carl', 1), login('ann', 2)]);
  });

  it('keeps newer tokens there, and brings them back here', async () => {
    const { near, far, sync } = await connectTwoMachines(built());
    near.writeAccounts(login('ann', 1), login('bob', 5));
    far.writeAccounts(login('ann', 3), login('bob', 4));
    expect(await sync()).toEqual(DONE);
    expect(far.readAccounts()).toMatchObject([login('ann', 3), login('bob', 5)]);
    expect(near.readAccounts()).toMatchObject([login('ann', 3), login('bob', 5)]);
    expect(near.modeOf('accounts.json')).toBe(0o600);
  });

  it('keeps what it does not know, on both sides', async () => {
    const { near, far, sync } = await connectTwoMachines(built());
    near.writeAccounts(login('ann', 1, { note: 'near' }), login('bob', 1, { note: 'near' }));
    far.writeAccounts(login('ann', 3, { color: 'red' }), login('bob', 0, { color: 'red' }));
    expect(await sync()).toEqual(DONE);
    expect(near.readAccounts()).toMatchObject([{ note: 'near' }, { note: 'near' }]);
    expect(far.readAccounts()).toMatchObject([{ color: 'red' }, { color: 'red' }]);
  });

  it('changes nothing on either side in a dry run, but tells what it would', async () => {
    const { near, far, sync } = await connectTwoMachines(built());
    near.writeAccounts(login('ann', 1), login('bob', 2));
    far.writeAccounts(login('ann', 3));
    const before = [near.textOf('accounts.json'), far.textOf('accounts.json')];
    const { status, output } = await sync(['--dry-run']);
    expect(status).toBe(0);
    expect(output).toContain('bob');
    expect(output).toContain('dry run: nothing was changed');
    expect([near.textOf('accounts.json'), far.textOf('accounts.json')]).toEqual(before);
  });

  it('changes nothing more when it runs again', async () => {
    const { near, far, sync } = await connectTwoMachines(built());
    near.writeAccounts(login('ann', 1), login('bob', 5));
    far.writeAccounts(login('ann', 3));
    await sync();
    const before = [near.textOf('accounts.json'), far.textOf('accounts.json')];
    expect(await sync()).toEqual(DONE);
    expect([near.textOf('accounts.json'), far.textOf('accounts.json')]).toEqual(before);
  });

  it('shows no token, and warns of a login on two running servers', async () => {
    const { near, far, sync } = await connectTwoMachines(built());
    near.writeAccounts(login('ann', 1), login('bob', 5));
    far.writeAccounts(login('ann', 3), { refresh_token: { wrong: 'CANARY-wrong' } });
    const { output } = await sync();
    expect(output).toContain('works in one running server only');
    expect(output).not.toContain('CANARY');
  });

  it('is not led astray by what the login on the server prints first', async () => {
    const { near, far, sync } = await connectTwoMachines(built());
    near.writeAccounts(login('ann', 1));
    far.writeAccounts(login('ann', 3));
    far.program('sh', 'echo "{ welcome"; exec /bin/sh "$@"');
    expect(await sync()).toEqual(DONE);
    expect(near.readAccounts()).toMatchObject([login('ann', 3)]);
  });

  it('refuses a malformed file there', async () => {
    const text = '{ "accounts": [';
    const { near, far, sync } = await connectTwoMachines(built());
    near.writeAccounts(login('ann', 1));
    writeFileSync(join(far.folder, 'accounts.json'), text);
    const { status, output } = await sync();
    expect(status).toBe(8);
    expect(output).toContain('the merge on the server was refused; nothing was changed');
    expect(far.textOf('accounts.json')).toBe(text);
    expect(near.readAccounts()).toEqual([login('ann', 1)]);
  });

  it('refuses a malformed file here', async () => {
    const { near, far, sync } = await connectTwoMachines(built());
    writeFileSync(join(near.folder, 'accounts.json'), '{ "accounts": [ CANARY');
    far.writeAccounts(login('ann', 1));
    const { status, output } = await sync();
    expect(status).toBe(8);
    expect(output).toMatch(/is not JSON \(line 1, .*nothing was sent/s);
    expect(output).not.toContain('CANARY');
    expect(far.readAccounts()).toEqual([login('ann', 1)]);
  });

  it('says that there are no accounts here', async () => {
    const { far, sync } = await connectTwoMachines(built());
    const { status, output } = await sync();
    expect(status).toBe(4);
    expect(output).toContain('no accounts here: ./accounts.json is missing');
    expect(existsSync(join(far.folder, 'accounts.json'))).toBe(false);
  });

  it('takes the accounts file that ACCOUNTS_FILE names, on each side its own', async () => {
    const { near, far, sync } = await connectTwoMachines(built());
    near.writeAccounts(login('ann', 1));
    writeFileSync(join(far.folder, '.env'), 'ACCOUNTS_FILE="./my logins.json"\n');
    writeFileSync(join(near.folder, 'mine.json'), JSON.stringify({ accounts: [login('bob', 1)] }));
    expect(await sync([], { ACCOUNTS_FILE: './mine.json' })).toEqual(DONE);
    expect(JSON.parse(far.textOf('my logins.json'))).toMatchObject({ accounts: [login('bob', 1)] });
    expect(existsSync(join(far.folder, 'accounts.json'))).toBe(false);
  });

  it('says how to build droid2api there', async () => {
    const { near, far, sync } = await connectTwoMachines(built());
    near.writeAccounts(login('ann', 1));
    rmSync(join(far.folder, 'dist'));
    const { status, output } = await sync();
    expect(status).toBe(7);
    expect(output).toContain(`cd "${far.folder}" && npm ci && npm run build`);
  });

  it('says that node is missing there', async () => {
    const { near, far, sync } = await connectTwoMachines(built());
    near.writeAccounts(login('ann', 1));
    rmSync(join(far.bin, 'node'));
    const { status, output } = await sync();
    expect(status).toBe(7);
    expect(output).toContain('there is no node on the PATH of the server');
  });

  it.each([
    ['sh', 'if [ "$1" = -lc ]; then echo Welcome; echo "$NODE"; exit; fi; exec /bin/sh "$@"'],
    ['login-shell', 'if [ "$1" = -lic ]; then echo Welcome; echo "$NODE"; fi'],
  ])('finds node where only a login shell does: %s', async (shell, script) => {
    const { near, far, sync } = await connectTwoMachines(built());
    near.writeAccounts(login('ann', 1));
    rmSync(join(far.bin, 'node'));
    far.program(shell, script.replace('$NODE', process.execPath));
    const { status, output } = await sync();
    expect(output).toContain(`using ${process.execPath}, which a login shell finds`);
    expect(status).toBe(0);
    expect(far.readAccounts()).toMatchObject([login('ann', 1)]);
  });

  it.skipIf(process.env['CI'] === undefined && findProgram('shellcheck') === undefined)(
    'has nothing in it that shellcheck objects to',
    () => {
      const { stdout } = spawnSync(requireProgram('shellcheck'), [join(PROJECT, 'sync-accounts.sh')], {
        encoding: 'utf8',
      });
      expect(stdout).toBe('');
    },
  );

  it('keeps the other side when its newer tokens cannot be written here', async () => {
    const { near, far, sync } = await connectTwoMachines(built());
    near.writeAccounts(login('ann', 1));
    far.writeAccounts(login('ann', 3));
    far.program('node', `"${process.execPath}" "$@"; echo broken`);
    const { status, output } = await sync();
    expect(status).toBe(8);
    expect(output).toContain('could not be taken over here');
    expect(near.readAccounts()).toEqual([login('ann', 1)]);
  });
});
