import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildProject } from './build-project.ts';
import { makeSharedRoom } from './shared-room.ts';
import { DONE, connectTwoMachines, isUntestable } from './two-machines.ts';
import type { Side, TwoMachines } from './two-machines.ts';

const ANN = { id: 'acc_ann', email: 'ann', refresh_token: 'CANARY-refresh', last_refresh: 1764000000000 };
const TEST = 'test -f dist/accounts-command.js';
const MERGE = 'node dist/accounts-command.js merge - --reply';
const INSPECT = 'docker inspect -f {{.State.Running}}';

/** What a program answers, by its arguments; `*` stands for any of them. */
type Answers = Readonly<Record<string, string>>;

const quote = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** Puts a program in place that writes down how it was called. What it answers nothing to fails. */
function pretend(far: Side, name: string, answers: Answers): void {
  const cases = Object.entries(answers).map(
    ([args, answer]) => `${args.split('*').map(quote).join('*')}) ${answer} ;;`,
  );
  far.program(
    name,
    `echo "${name} $*" >> ${quote(join(far.folder, 'calls'))}\ncase "$*" in\n${cases.join('\n')}\n*) exit 1 ;;\nesac`,
  );
}

const callsOf = (far: Side): readonly string[] =>
  existsSync(join(far.folder, 'calls')) ? far.textOf('calls').trimEnd().split('\n') : [];

/** What a container does with a command: it runs in the directory of the image. */
const inside = (far: Side): string =>
  `cd ${quote(far.folder)}; while [ "$1" != node ] && [ "$1" != test ]; do shift; done; exec "$@"`;

describe.skipIf(isUntestable)('sync-accounts.sh and what runs the server', { timeout: 60_000 }, () => {
  const built = makeSharedRoom();
  beforeAll(() => buildProject(built()), 120_000);

  const connect = async (): Promise<TwoMachines> => {
    const machines = await connectTwoMachines(built());
    machines.near.writeAccounts(ANN);
    return machines;
  };

  it('tells nobody without a deploy type, since the server watches its file', async () => {
    const { far, sync } = await connect();
    const { status, output } = await sync();
    expect(status).toBe(0);
    expect(output).toContain('notices the change by itself');
    expect(far.readAccounts()).toMatchObject([ANN]);
  });

  it.each([
    ['docker', 'docker compose', { 'compose version': ':' }],
    ['docker-compose', 'docker-compose', {}],
  ])('merges in the running container, with the compose of %s', async (program, compose, version) => {
    const { far, sync } = await connect();
    const words = compose === program ? '' : 'compose ';
    pretend(far, 'docker', { 'inspect -f {{.State.Running}} c0ffee': 'echo true' });
    pretend(far, program, {
      ...version,
      'inspect -f {{.State.Running}} c0ffee': 'echo true',
      [`${words}ps -q app`]: 'echo c0ffee',
      [`${words}exec -T app *`]: inside(far),
      [`${words}kill -s HUP app`]: ':',
    });
    const { status, output } = await sync([], { DEPLOY_TYPE: 'docker-compose' });
    expect({ status, output }).toEqual({
      status: 0,
      output: expect.stringContaining('running streams go on') as string,
    });
    expect(callsOf(far)).toEqual([
      'docker compose version',
      `${compose} ps -q app`,
      `${INSPECT} c0ffee`,
      `${compose} exec -T app ${TEST}`,
      `${compose} exec -T app ${MERGE}`,
      `${compose} kill -s HUP app`,
    ]);
    expect(far.readAccounts()).toMatchObject([ANN]);
  });

  it.each([
    ['is stopped', 'echo c0ffee', [`${INSPECT} c0ffee`]],
    ['is not there', ':', []],
  ])('fills the volume by a container of its own when the one of compose %s', async (_, ps, inspected) => {
    const { far, sync } = await connect();
    pretend(far, 'docker', {
      'compose version': ':',
      'compose ps -q app': ps,
      'inspect *': 'echo false',
      'compose run --rm -T --no-deps app *': inside(far),
    });
    const { status, output } = await sync([], { DEPLOY_TYPE: 'docker-compose' });
    expect(status).toBe(0);
    expect(output).toContain('not running on the server; it finds the accounts when it starts');
    expect(callsOf(far).slice(2)).toEqual([
      ...inspected,
      `docker compose run --rm -T --no-deps app ${TEST}`,
      `docker compose run --rm -T --no-deps app ${MERGE}`,
    ]);
    expect(far.readAccounts()).toMatchObject([ANN]);
  });

  it('passes a dry run on, and tells the server nothing', async () => {
    const { far, sync } = await connect();
    pretend(far, 'docker', {
      'inspect *': 'echo true',
      'exec -i gateway *': inside(far),
    });
    const args = ['--dry-run', '--name', 'gateway'];
    expect(await sync(args, { DEPLOY_TYPE: 'docker', SYNC_REMOTE_PATH: '' })).toEqual(DONE);
    expect(callsOf(far).slice(1)).toEqual([
      `docker exec -i gateway ${TEST}`,
      `docker exec -i gateway ${MERGE} --dry-run`,
    ]);
    expect(existsSync(join(far.folder, 'accounts.json'))).toBe(false);
  });

  it('merges in a container of docker, wherever its directory is', async () => {
    const { far, sync } = await connect();
    pretend(far, 'docker', {
      'inspect -f {{.State.Running}} droid2api': 'echo true',
      'exec -i droid2api *': inside(far),
      'kill --signal=HUP droid2api': 'echo droid2api',
    });
    expect(await sync([], { DEPLOY_TYPE: 'docker', SYNC_REMOTE_PATH: '' })).toEqual(DONE);
    expect(callsOf(far).at(-1)).toBe('docker kill --signal=HUP droid2api');
    expect(far.readAccounts()).toMatchObject([ANN]);
  });

  it.each([
    ['stopped', { 'inspect *': 'echo false' }],
    ['missing', {}],
  ])('can put nothing into a container of docker that is %s', async (_, answers) => {
    const { far, sync } = await connect();
    pretend(far, 'docker', answers);
    const { status, output } = await sync([], { DEPLOY_TYPE: 'docker' });
    expect(status).toBe(9);
    expect(output).toContain('the container droid2api does not run');
  });

  it('says that the image is too old', async () => {
    const { far, sync } = await connect();
    pretend(far, 'docker', { 'inspect *': 'echo true', 'exec *': 'exit 1' });
    const { status, output } = await sync([], { DEPLOY_TYPE: 'docker' });
    expect(status).toBe(7);
    expect(output).toContain('the image is older than this script');
  });

  it('says that there is no docker there', async () => {
    const { sync } = await connect();
    const { status, output } = await sync([], { DEPLOY_TYPE: 'docker' });
    expect(status).toBe(7);
    expect(output).toContain('there is no docker on the PATH of the server');
  });

  it('keeps the words of a compose that cannot be used', async () => {
    const { far, sync } = await connect();
    pretend(far, 'docker', { 'compose version': ':', 'compose ps *': 'echo "no rights" >&2; exit 1' });
    const { status, output } = await sync([], { DEPLOY_TYPE: 'docker-compose' });
    expect(status).toBe(7);
    expect(output).toMatch(/no rights.*docker compose cannot be used/s);
  });

  it.each<[string, string, Readonly<Record<string, Answers>>, readonly string[]]>([
    [
      'pm2',
      'by its process manager',
      { pm2: { 'pid *': 'echo 1', 'sendSignal *': 'echo sent' } },
      ['pm2 pid droid2api', 'pm2 sendSignal SIGHUP droid2api'],
    ],
    [
      'systemd',
      'by a reload, where its unit knows one',
      { systemctl: { 'is-active *': ':', 'show *': 'echo 1', '--no-ask-password reload *': ':' } },
      [
        'systemctl is-active --quiet droid2api',
        'systemctl show --property MainPID --value droid2api',
        'systemctl --no-ask-password reload droid2api',
      ],
    ],
    [
      'systemd',
      'by a signal, where its unit knows no reload',
      { systemctl: { 'is-active *': ':', 'show *': 'echo 1', '--no-ask-password kill *': ':' } },
      [
        'systemctl is-active --quiet droid2api',
        'systemctl show --property MainPID --value droid2api',
        'systemctl --no-ask-password reload droid2api',
        'systemctl --no-ask-password kill --kill-who=main -s HUP droid2api',
      ],
    ],
    [
      'systemd',
      'with the rights that sudo gives without a password',
      { systemctl: { 'is-active *': ':', 'show *': 'echo 1' }, sudo: { '-n systemctl * reload *': ':' } },
      [
        'systemctl is-active --quiet droid2api',
        'systemctl show --property MainPID --value droid2api',
        'systemctl --no-ask-password reload droid2api',
        'systemctl --no-ask-password kill --kill-who=main -s HUP droid2api',
        'sudo -n systemctl --no-ask-password reload droid2api',
      ],
    ],
  ])('%s: tells the server %s', async (deployType, _, programs, calls) => {
    const { far, sync } = await connect();
    Object.entries(programs).forEach(([name, answers]) => pretend(far, name, answers));
    const { status, output } = await sync([], { DEPLOY_TYPE: deployType });
    expect({ status, output }).toEqual({
      status: 0,
      output: expect.stringContaining('running streams go on') as string,
    });
    expect(callsOf(far)).toEqual(calls);
    expect(far.readAccounts()).toMatchObject([ANN]);
  });

  it.each<[string, string, Answers, number, string]>([
    ['pm2', 'does not run', { 'pid *': 'echo 0' }, 0, 'it finds the accounts when it starts'],
    ['pm2', 'is npm', { 'pid *': 'echo 1' }, 0, 'no signal is sent'],
    ['pm2', 'takes no signal', { 'pid *': 'echo 1' }, 10, 'could not be told'],
    ['systemd', 'does not run', {}, 0, 'it finds the accounts when it starts'],
    ['systemd', 'is npm', { 'is-active *': ':', 'show *': 'echo 1' }, 0, 'no signal is sent'],
    ['systemd', 'takes no signal', { 'is-active *': ':', 'show *': 'echo 1' }, 10, 'could not be told'],
  ])('%s: brings the accounts when what it runs %s', async (deployType, what, answers, code, words) => {
    const { far, near, sync } = await connect();
    far.writeAccounts({ ...ANN, refresh_token: 'CANARY-newer', last_refresh: ANN.last_refresh + 1 });
    pretend(far, deployType === 'pm2' ? 'pm2' : 'systemctl', answers);
    pretend(far, 'ps', { '-o args= -p 1': what === 'is npm' ? 'echo npm start' : 'echo node dist/main.js' });
    const { status, output } = await sync([], { DEPLOY_TYPE: deployType });
    expect(status).toBe(code);
    expect(output).toContain(words);
    expect(near.readAccounts()).toMatchObject([{ refresh_token: 'CANARY-newer' }]);
  });

  it('says that pm2 is missing there', async () => {
    const { sync } = await connect();
    const { status, output } = await sync([], { DEPLOY_TYPE: 'pm2' });
    expect(status).toBe(10);
    expect(output).toContain('there is no pm2 on the PATH of the server');
  });
});
