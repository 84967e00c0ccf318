import { rmSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildProject } from './build-project.ts';
import { findProgram } from './secure-shell.ts';
import { makeSharedRoom } from './shared-room.ts';
import { DONE, connectTwoMachines, isUntestable } from './two-machines.ts';

const ANN = { id: 'acc_ann', email: 'ann', refresh_token: 'CANARY-refresh', last_refresh: 1764000000000 };

describe.skipIf(isUntestable)('sync-accounts.sh on its way to the server', { timeout: 60_000 }, () => {
  const built = makeSharedRoom();
  beforeAll(() => buildProject(built()), 120_000);

  it.each(['dash', 'bash', 'zsh', 'fish', 'tcsh', 'ksh'].filter((shell) => findProgram(shell) !== undefined))(
    'gets through a login shell that is %s',
    async (shell) => {
      const { near, far, sync } = await connectTwoMachines(built(), shell);
      near.writeAccounts(ANN);
      expect(await sync()).toEqual(DONE);
      expect(far.readAccounts()).toMatchObject([ANN]);
    },
  );

  it('takes a server as an address with a port', async () => {
    const { near, far, ssh, sync } = await connectTwoMachines(built());
    near.writeAccounts(ANN);
    const server = `ssh://${userInfo().username}@127.0.0.1:${ssh.port}`;
    expect(await sync([], { SYNC_SERVER: server })).toEqual(DONE);
    expect(far.readAccounts()).toMatchObject([ANN]);
  });

  it('does not mind what the configuration of ssh has for people who log in', async () => {
    const { near, far, ssh, sync } = await connectTwoMachines(built());
    near.writeAccounts(ANN);
    ssh.configure('RemoteCommand tmux attach\nRequestTTY force');
    expect(await sync()).toEqual(DONE);
    expect(far.readAccounts()).toMatchObject([ANN]);
  });

  it.each([
    ['unknown', 'UserKnownHostsFile /dev/null'],
    ['not the one it was', 'HostKeyAlias impostor'],
  ])('goes no further when the key of the host is %s', async (_, line) => {
    const { near, far, ssh, sync } = await connectTwoMachines(built());
    near.writeAccounts(ANN);
    far.writeAccounts();
    ssh.configure(line);
    ssh.misremember('impostor');
    const { status, output } = await sync();
    expect(status).toBe(5);
    expect(output).toContain('Host key verification failed.');
    expect(output).toContain('compare the fingerprint');
    expect(far.readAccounts()).toEqual([]);
  });

  it('says that the server does not accept the key', async () => {
    const { near, ssh, sync } = await connectTwoMachines(built());
    near.writeAccounts(ANN);
    ssh.configure('IdentityFile /dev/null\nPubkeyAuthentication no');
    const { status, output } = await sync();
    expect(status).toBe(5);
    expect(output).toMatch(/Permission denied \(publickey\).*does not accept your key/s);
  });

  it('says that nobody listens there', async () => {
    const { near, ssh, sync } = await connectTwoMachines(built());
    near.writeAccounts(ANN);
    ssh.configure('Port 1');
    const { status, output } = await sync();
    expect(status).toBe(5);
    expect(output).toMatch(/Connection refused.*is the host right, and the port/s);
  });

  it('says that there is no ssh here', async () => {
    const { near, sync } = await connectTwoMachines(built());
    near.writeAccounts(ANN);
    rmSync(join(near.bin, 'ssh'));
    const { status, output } = await sync();
    expect(status).toBe(3);
    expect(output).toContain('there is no ssh on this machine');
  });

  it.each([
    ['node', 'there is no node on this machine'],
    ['node_modules', 'run: npm ci'],
  ])('says that %s is missing here', async (name, words) => {
    const { near, sync } = await connectTwoMachines(built());
    near.writeAccounts(ANN);
    rmSync(join(name === 'node' ? near.bin : near.folder, name));
    const { status, output } = await sync();
    expect(status).toBe(4);
    expect(output).toContain(words);
  });

  it('says which directory the server does not have', async () => {
    const { near, sync } = await connectTwoMachines(built());
    near.writeAccounts(ANN);
    const { status, output } = await sync([], { SYNC_REMOTE_PATH: "~/it's not there" });
    expect(status).toBe(6);
    expect(output).toMatch(/no such directory on the server.*\/home\/it's not there/);
  });

  it.each([
    [{ SYNC_SERVER: '' }, 'SYNC_SERVER is not set'],
    [{ SYNC_REMOTE_PATH: '' }, 'SYNC_REMOTE_PATH is not set'],
    [{ SYNC_REMOTE_PATH: 'a\nb' }, 'SYNC_REMOTE_PATH must not hold a line break'],
    [{ SYNC_SERVER: '-oProxyCommand=false' }, 'SYNC_SERVER must not begin with a dash'],
    [{ DEPLOY_TYPE: 'kubernetes' }, 'DEPLOY_TYPE: kubernetes is not one of docker-compose,'],
  ])('refuses the settings %o', async (settings, words) => {
    const { near, sync } = await connectTwoMachines(built());
    near.writeAccounts(ANN);
    const { status, output } = await sync([], settings);
    expect(status).toBe(2);
    expect(output).toContain(words);
  });

  it.each([[['--force']], [['--name']], [['--name=']], [['--name', '-x']], [['--name', 'a b']]])(
    'refuses the options %j',
    async (args) => {
      const { sync } = await connectTwoMachines(built());
      expect(await sync(args)).toMatchObject({ status: 2 });
    },
  );

  it('explains itself', async () => {
    const { sync } = await connectTwoMachines(built());
    const { status, output } = await sync(['--help']);
    expect(status).toBe(0);
    expect(output).toMatch(/SYNC_SERVER.*SYNC_REMOTE_PATH.*DEPLOY_TYPE/s);
  });

  it('reads .env as the server does, and runs nothing that stands in it', async () => {
    const { near, far, sync } = await connectTwoMachines(built());
    near.writeAccounts(ANN);
    const lines = [
      '# where to: SYNC_SERVER=elsewhere',
      'FACTORY_API_KEY=$(touch ran)`touch ran`',
      'export SYNC_SERVER = "far-side" # the alias',
      `SYNC_REMOTE_PATH=\`${far.folder}\``,
      "DEPLOY_TYPE='NONE'",
      'touch ran',
    ];
    writeFileSync(join(near.folder, '.env'), lines.join('\r\n'));
    expect(await sync([], { SYNC_SERVER: undefined, SYNC_REMOTE_PATH: undefined })).toMatchObject({
      status: 0,
    });
    expect(far.readAccounts()).toMatchObject([ANN]);
    expect(() => near.textOf('ran')).toThrow('ENOENT');
  });

  it('lets the environment win over .env', async () => {
    const { near, far, sync } = await connectTwoMachines(built());
    near.writeAccounts(ANN);
    writeFileSync(join(near.folder, '.env'), 'SYNC_SERVER=elsewhere\nSYNC_REMOTE_PATH=/nowhere\n');
    expect(await sync()).toEqual(DONE);
    expect(far.readAccounts()).toMatchObject([ANN]);
  });
});
