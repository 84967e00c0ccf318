import { describe, expect, it } from 'vitest';
import type { ScriptedAnswer } from '../../src/sandbox/serving/script.ts';
import type { SandboxOptions } from '../../src/sandbox/start-sandbox.ts';
import { makeGatewayRoom } from './gateway-room.ts';
import type { GatewayRoom } from './gateway-room.ts';
import { noTerminal, runInPipes, runOnTerminal } from './run-command.ts';
import type { CommandRun } from './run-command.ts';

interface Conversation extends GatewayRoom {
  readonly run: CommandRun;
}

async function converse(
  args: readonly string[],
  options: SandboxOptions = {},
  script?: ScriptedAnswer,
): Promise<Conversation> {
  const room = await makeGatewayRoom(options);
  if (script !== undefined) room.sandbox.script(script);
  return { ...room, run: runOnTerminal('add-account.ts', args, room) };
}

/** Whatever the sandbox has given out, in the words of its answers. */
const tokensOf = async ({ accounts }: GatewayRoom): Promise<string[]> =>
  (await accounts()).flatMap(({ access_token, refresh_token }) => [
    String(access_token),
    String(refresh_token),
  ]);

const reason = noTerminal();

describe.skipIf(reason !== undefined)(
  `add-account on a terminal${reason === undefined ? '' : `, not run: ${reason}`}`,
  { timeout: 60_000 },
  () => {
    it('shows code and link, waits, and names the account and the list at the end', async () => {
      const place = await converse([]);
      const { run, sandbox } = place;
      await run.shows(/SAND-0001/);
      await run.shows(/device\?user_code=SAND-0001/);
      await run.shows(/Open the link on any device/);
      await run.shows(/Waiting for you to confirm, 0[45]:\d\d left/);
      await run.shows(/Logged in as sandbox-1@example\.com/);
      await run.shows(/\* +sandbox-1@example\.com +acc_[0-9a-f]{16}/);
      expect(await run.exit).toBe(0);
      expect(await place.accounts()).toEqual([
        expect.objectContaining({
          id: expect.stringMatching(/^acc_[0-9a-f]{16}$/) as string,
          email: 'sandbox-1@example.com',
          organization_id: 'org_sandbox',
          enabled: true,
        }),
      ]);
      expect(sandbox.requests.map(({ path }) => path)).not.toContain('/api/cli/org');
      const tokens = await tokensOf(place);
      expect(tokens.filter((token) => run.screen().includes(token))).toEqual([]);
    });

    it('leaves everything as it was when Ctrl-C ends the waiting, with exit code 130', async () => {
      const room = await makeGatewayRoom({ login: { pendingPolls: 10_000 } });
      const before = await room.writeAccounts([{ id: 'acc_0', refresh_token: 'canary-refresh' }]);
      const run = runOnTerminal('add-account.ts', [], room);
      await run.shows(/Waiting for you/);
      run.type('\u0003');
      await run.shows(/Cancelled/);
      expect(await run.exit).toBe(130);
      expect(await room.accountsText()).toBe(before);
    });

    it('does not wait for a silent WorkOS when Ctrl-C is pressed', async () => {
      const { run, sandbox } = await converse([], {}, { failure: 'silent' });
      await sandbox.waitFor(() => sandbox.requests.length > 0);
      run.type('\u0003');
      await run.shows(/Cancelled/);
      expect(await run.exit).toBe(130);
    });

    it('leaves at a question by Ctrl-C too, and keeps what was added before', async () => {
      const { run, accounts } = await converse(['--loop']);
      await run.shows(/Add another account\?/);
      run.type('\u0003');
      await run.shows(/Cancelled/);
      expect(await run.exit).toBe(130);
      expect(await accounts()).toHaveLength(1);
    });

    it.each(['SIGINT', 'SIGTERM'] as const)('leaves at a question when %s is sent', async (signal) => {
      const { run } = await converse(['--loop']);
      await run.shows(/Add another account\?/);
      run.signal(signal);
      await run.shows(/Cancelled/);
      expect(await run.exit).toBe(130);
    });

    it('offers a new code for one that is too old', async () => {
      const { run, accounts } = await converse([], { login: { outcome: ['expire', 'approve'] } });
      await run.shows(/The code is too old/);
      await run.shows(/Try again with a new code\?/);
      run.type('\r');
      await run.shows(/SAND-0002/);
      expect(await run.exit).toBe(0);
      expect(await accounts()).toHaveLength(1);
    });

    it('ends with 1 when the login was denied and nobody wants to try again', async () => {
      const { run, accountsText } = await converse([], { login: { outcome: 'deny' } });
      await run.shows(/denied in the browser/);
      await run.shows(/Try again with a new code\?/);
      run.type('n');
      expect(await run.exit).toBe(1);
      expect(await accountsText()).toBeUndefined();
    });

    it('adds one after the other with --loop', async () => {
      const { run, accounts } = await converse(['--loop']);
      await run.shows(/Add another account\?/);
      run.type('y');
      await run.shows(/Add another account\?[^]*Logged in as sandbox-2@example\.com/);
      await run.shows(/Add another account\?/);
      run.type('n');
      expect(await run.exit).toBe(0);
      expect((await accounts()).map(({ email }) => email)).toEqual([
        'sandbox-1@example.com',
        'sandbox-2@example.com',
      ]);
    });
  },
);

describe('add-account in a pipe', { timeout: 60_000 }, () => {
  it('replaces the tokens of an account that is there and leaves all else', async () => {
    const room = await makeGatewayRoom({ login: { email: 'Me@example.com' } });
    const own = { id: 'acc_0', email: 'me@EXAMPLE.com', label: 'mine', enabled: false, note: [1] };
    await room.writeAccounts([{ ...own, refresh_token: 'spent', organization_id: 'org_sandbox' }]);
    const run = runInPipes('add-account.ts', [], room);
    expect(await run.exit).toBe(0);
    const [account, ...others] = await room.accounts();
    expect(others).toEqual([]);
    expect(account).toMatchObject({ ...own, email: 'Me@example.com' });
    expect(account?.['refresh_token']).not.toBe('spent');
    expect(run.screen()).toContain('mine was there already and has new tokens.');
    expect(run.screen()).toContain('It is disabled: npm run accounts -- enable acc_0');
  });

  it('saves the login also when nobody reads its words any more', async () => {
    const room = await makeGatewayRoom({ login: { pendingPolls: 20 } });
    const run = runInPipes('add-account.ts', [], room);
    await run.shows(/Waiting for you/);
    run.stopReading();
    expect(await run.exit).toBe(130);
    expect(await room.accounts()).toHaveLength(1);
  });

  it('writes plain lines without colours and moves a login without organisation into its first one', async () => {
    const room = await makeGatewayRoom({ login: { withoutOrganization: true } });
    const run = runInPipes('add-account.ts', ['--label', 'work'], room);
    expect(await run.exit).toBe(0);
    expect(await room.accounts()).toEqual([
      expect.objectContaining({ label: 'work', organization_id: 'org_sandbox' }),
    ]);
    const refreshes = room.sandbox.requests.filter(({ body }) =>
      body.includes('organization_id=org_sandbox'),
    );
    expect(refreshes).toHaveLength(1);
    expect(run.screen()).toMatch(
      /Waiting for you to confirm, 05:00 left …\nLogged in as sandbox-1@example\.com\n/,
    );
    expect(run.screen()).not.toContain('Warning');
  });

  it('tells mistakes of the configuration and of its own arguments', async () => {
    const room = await makeGatewayRoom();
    const wrong = runInPipes('add-account.ts', ['--lop'], room);
    expect(await wrong.exit).toBe(2);
    expect(wrong.screen()).toContain('Usage: npm run add-account');
    const unset = runInPipes('add-account.ts', [], { ...room, env: { CONFIG_FILE: './none.json' } });
    expect(await unset.exit).toBe(1);
    expect(unset.screen()).toContain('none.json: there is no such file');
    const help = runInPipes('add-account.ts', ['--help'], room);
    expect(await help.exit).toBe(0);
  });
});
