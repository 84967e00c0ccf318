import type { ServerResponse } from 'node:http';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startSandbox } from '../src/sandbox/start-sandbox.ts';
import type { Sandbox } from '../src/sandbox/start-sandbox.ts';
import { nameOf } from './support/account-gateway.ts';
import type { Entry } from './support/account-gateway.ts';
import { createGate } from './support/gate.ts';
import { postJson } from './support/gateway.ts';
import type { RawAnswer } from './support/gateway.ts';
import { closeAfterTest } from './support/loopback.ts';
import { startProcess } from './support/gateway-process.ts';
import type { Run } from './support/gateway-process.ts';

const GRANT = '/user_management/authenticate';
const NAMES = ['a', 'b', 'c'];

interface Home {
  readonly folder: string;
  readonly file: string;
  readonly sandbox: Sandbox;
  readonly start: () => Promise<Run & { readonly url: string }>;
  readonly write: (entries: readonly Entry[]) => Promise<void>;
  readonly entries: () => Promise<readonly Entry[]>;
}

/** A folder with accounts that log in at a sandbox, in which gateways are started one after the other. */
async function makeHome(): Promise<Home> {
  const folder = await mkdtemp(join(tmpdir(), 'gateway-'));
  const sandbox = await startSandbox();
  closeAfterTest(() => sandbox.close());
  const file = join(folder, 'accounts.json');
  const config = {
    models: [{ name: 'Claude', id: 'claude', type: 'anthropic' }],
    endpoint: [{ name: 'anthropic', base_url: `${sandbox.url}/api/llm/a/v1/messages` }],
    oauth: { base_url: sandbox.url },
  };
  await writeFile(join(folder, 'config.json'), JSON.stringify(config));
  return {
    ...{ folder, file, sandbox },
    write: (entries) => writeFile(file, JSON.stringify({ version: 1, accounts: entries })),
    entries: async () =>
      (JSON.parse(await readFile(file, 'utf8')) as { readonly accounts: readonly Entry[] }).accounts,
    start: async () => {
      const run = startProcess(folder);
      closeAfterTest(async () => {
        run.child.kill('SIGKILL');
        await run.exit;
        await rm(folder, { recursive: true, force: true });
      });
      await run.wrote(/listens on/);
      return { ...run, url: /listens on (http:\/\/[^"]+)/.exec(run.output())?.[1] ?? '' };
    },
  };
}

/** An entry for a new login. Where the access token has ended, it is refreshed before anything else. */
function logIn({ sandbox }: Home, name: string, hasEnded = false): Entry {
  const { accessToken, refreshToken } = sandbox.issueTokens(`${name}@example.com`);
  const tokens = { refresh_token: refreshToken, ...(!hasEnded && { access_token: accessToken }) };
  return { id: `acc_${name.repeat(16)}`, email: `${name}@example.com`, ...tokens };
}

const ask = (url: string): Promise<RawAnswer> =>
  postJson(`${url}/v1/messages`, {
    model: 'claude',
    max_tokens: 100,
    messages: [{ role: 'user', content: 'Hello' }],
  });

const payers = ({ sandbox }: Home): readonly string[] =>
  sandbox.requests
    .filter(({ path }) => path.startsWith('/api/llm/'))
    .map(({ headers }) => nameOf(headers.authorization ?? ''));

/** Every account pays for one request. */
async function expectAllWork(home: Home, url: string): Promise<void> {
  const before = payers(home).length;
  const answers = [await ask(url), await ask(url), await ask(url)];
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  expect(payers(home).slice(before).toSorted()).toEqual(NAMES);
}

describe('the process, with accounts', { timeout: 60_000 }, () => {
  it('shares requests out, takes up a new account at SIGHUP, and keeps what it knows at SIGTERM', async () => {
    const home = await makeHome();
    await home.write([logIn(home, 'a'), logIn(home, 'b')]);
    const run = await home.start();
    await ask(run.url);
    await ask(run.url);
    await home.write([...(await home.entries()), logIn(home, 'c')]);
    run.child.kill('SIGHUP');
    await run.wrote(/Account c@example\.com is taken up/);
    expect(run.output()).toContain('SIGHUP: reading the accounts again');
    await expectAllWork(home, run.url);
    run.child.kill('SIGTERM');
    expect(await run.exit).toBe(0);
    const stateFile = join(home.folder, 'data', 'accounts-state.json');
    const text = await readFile(stateFile, 'utf8');
    const { accounts } = JSON.parse(text) as { readonly accounts: Record<string, { requests: number }> };
    expect(Object.values(accounts).reduce((sum, { requests }) => sum + requests, 0)).toBe(5);
    expect((await stat(stateFile)).mode & 0o777).toBe(0o600);
  });

  it('starts with a broken file of accounts, says so, and takes it up once it is mended', async () => {
    const home = await makeHome();
    await writeFile(home.file, '{"accounts": [');
    const run = await home.start();
    expect((await ask(run.url)).status).toBe(503);
    expect((await fetch(`${run.url}/readyz`)).status).toBe(503);
    await home.write(NAMES.map((name) => logIn(home, name)));
    await run.wrote(/Account c@example\.com is taken up/); // it is watched
    await expectAllWork(home, run.url);
  });

  it('loses no account when it is killed after WorkOS has answered, and nothing is saved', async () => {
    const home = await makeHome();
    await home.write(NAMES.map((name) => logIn(home, name, name === 'a')));
    const [spent] = await home.entries();
    // The token is exchanged, as by the request that is on its way, and the answer is never seen.
    const exchange = async (): Promise<void> => {
      await fetch(`${home.sandbox.url}${GRANT}`, {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'refresh_token',
          client_id: 'x',
          refresh_token: String(spent?.['refresh_token']),
        }),
      });
    };
    const gate = createGate();
    const handler = async (_request: unknown, _response: ServerResponse): Promise<void> => {
      await exchange();
      await gate.pass();
    };
    home.sandbox.script({ path: GRANT, handler });
    const first = await home.start();
    await gate.reached;
    first.child.kill('SIGKILL');
    await first.exit;
    expect((await home.entries())[0]).toEqual(spent);
    const second = await home.start();
    await second.wrote(/Token refreshed successfully, expires at: /);
    await expectAllWork(home, second.url);
    expect((await home.entries())[0]?.['refresh_token']).not.toBe(spent?.['refresh_token']);
  });

  it('repeats a refresh that it was killed in, at once, though the old access token is still good', async () => {
    const home = await makeHome();
    await home.write(NAMES.map((name) => logIn(home, name)));
    const [before] = await home.entries();
    const gate = createGate();
    home.sandbox.script(
      { failure: 'refused-401', path: '/api/llm/' },
      { path: GRANT, handler: () => gate.pass() },
    );
    const first = await home.start();
    const asked = ask(first.url).catch(() => undefined);
    await gate.reached;
    first.child.kill('SIGKILL');
    await Promise.all([first.exit, asked]);
    const second = await home.start();
    await second.wrote(/Token refreshed successfully, expires at: /);
    await expectAllWork(home, second.url);
    expect((await home.entries())[0]?.['refresh_token']).not.toBe(before?.['refresh_token']);
  });

  it('finishes a refresh that is under way when it is told to stop', async () => {
    const home = await makeHome();
    await home.write(NAMES.map((name) => logIn(home, name, name === 'a')));
    const gate = createGate();
    const issued = home.sandbox.issueTokens('a@example.com');
    const handler = async (_request: unknown, response: ServerResponse): Promise<void> => {
      await gate.pass();
      const body = { access_token: issued.accessToken, refresh_token: issued.refreshToken };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    home.sandbox.script({ path: GRANT, handler });
    const run = await home.start();
    await gate.reached;
    run.child.kill('SIGTERM');
    await run.wrote(/finishing the running requests/);
    gate.open();
    expect(await run.exit).toBe(0);
    expect((await home.entries())[0]).toMatchObject({
      access_token: issued.accessToken,
      refresh_token: issued.refreshToken,
    });
  });
});
