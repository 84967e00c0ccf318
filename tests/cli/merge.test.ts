import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runInPipes } from './run-command.ts';
import { NOW, makeAccountsRoom } from './accounts-room.ts';
import { makeGatewayRoom } from './gateway-room.ts';

const entry = (name: string, age: number, more: object = {}): Record<string, unknown> => ({
  id: `acc_${name}`,
  label: name,
  access_token: `canary-${name}-${age}`,
  refresh_token: `canary-refresh-${name}-${age}`,
  expires_at: NOW + age,
  last_refresh: NOW + age,
  ...more,
});

const HERE = [entry('both', 1, { note: 'here' }), entry('newer', 9), entry('same', 1), entry('ours', 1)];
const THERE = [
  entry('both', 5, { enabled: false }),
  entry('newer', 1),
  entry('same', 1),
  entry('theirs', 1),
  7,
];

const theirs = JSON.stringify({ accounts: THERE });

describe('accounts merge', () => {
  const files = { readText: () => Promise.resolve(theirs) };

  it('takes what is new and reports it by label, without secrets', async () => {
    const { run, entries } = await makeAccountsRoom(HERE);
    const end = await run(['merge', 'other.json'], files);
    expect(end).toMatchObject({ code: 0, out: '' });
    expect(end.err.split('\n')).toEqual([
      '2 of 4 accounts bring something new:',
      'both    has the newer tokens now',
      'newer   keeps its own tokens, they are newer',
      'same    is the same on both sides',
      'theirs  added',
      'Left out of other.json: accounts[4] is not an object',
      '',
    ]);
    expect(await entries()).toEqual([
      { ...entry('both', 5), note: 'here' },
      ...HERE.slice(1),
      entry('theirs', 1),
    ]);
  });

  it('changes nothing in a dry run', async () => {
    const { run, entries } = await makeAccountsRoom(HERE);
    const end = await run(['merge', '-', '--dry-run'], files);
    expect(end.err).toMatch(/^2 of 4 accounts bring something new; nothing is changed, this is a dry run:/);
    expect(await entries()).toEqual(HERE);
  });

  it.each([[['merge', '-', '--reply']], [['merge', '-', '--reply', '--dry-run']]])(
    'answers %j with what is newer here or unknown there',
    async (args) => {
      const { run } = await makeAccountsRoom(HERE);
      const { out } = await run(args, files);
      expect(JSON.parse(out)).toEqual({ version: 1, accounts: [entry('newer', 9), entry('ours', 1)] });
    },
  );

  it('brings both sides to the same tokens when the reply is merged there', async () => {
    const here = await makeAccountsRoom(HERE);
    const there = await makeAccountsRoom(THERE.slice(0, 4));
    const { out } = await here.run(['merge', '-', '--reply'], files);
    await there.run(['merge', '-'], { readText: () => Promise.resolve(out) });
    const tokens = (entries: readonly Record<string, unknown>[]): string[] =>
      entries.map(({ refresh_token }) => String(refresh_token)).sort();
    expect(tokens(await there.entries())).toEqual(tokens(await here.entries()));
  });

  it.each<[string, string, string, RegExp]>([
    [
      'the other file',
      '[{"accou',
      JSON.stringify({ accounts: HERE }),
      /^accounts: standard input is not JSON/,
    ],
    ['our file', theirs, '{"accounts": 7}', /^accounts: Nothing is merged: .*accounts\.json/],
  ])('refuses to touch anything when %s cannot be read', async (_, text, own, words) => {
    const { run } = await makeAccountsRoom(own);
    const end = await run(['merge', '-'], { readText: () => Promise.resolve(text) });
    expect(end).toEqual({ code: 1, out: '', err: expect.stringMatching(words) as string });
  });

  it('says so when there is nothing to merge', async () => {
    const { run } = await makeAccountsRoom(HERE);
    const end = await run(['merge', '-'], { readText: () => Promise.resolve('') });
    expect(end).toEqual({ code: 0, out: '', err: 'There are no accounts to merge.\n' });
  });
});

describe('the accounts command as a process', { timeout: 60_000 }, () => {
  it('merges standard input, then lists with the quota of each account', async () => {
    const place = await makeGatewayRoom();
    const { sandbox } = place;
    const [first, second] = [sandbox.issueTokens('a@example.com'), sandbox.issueTokens('b@example.com')];
    sandbox.script({
      path: '/api/billing/limits',
      account: 'b@example.com',
      body: { limits: { core: { weekly: { usedPercent: 77, windowEnd: null } } } },
    });
    const merge = runInPipes('src/accounts-command.ts', ['merge', '-'], place);
    merge.type(
      JSON.stringify({
        accounts: [first, second].map(({ accessToken, refreshToken }) => ({
          access_token: accessToken,
          refresh_token: refreshToken,
        })),
      }),
    );
    merge.endInput();
    expect(await merge.exit).toBe(0);
    const list = runInPipes('src/accounts-command.ts', [], place);
    expect(await list.exit).toBe(0);
    expect(list.screen()).toMatch(
      /^a@example\.com .*active .* 20 % of the 5 h, ends in \S+.* 20 % of the 5 h/m,
    );
    expect(list.screen()).toMatch(/^b@example\.com .* - +77 % of the week$/m);
    expect(list.screen()).not.toContain(first.accessToken);
    expect(list.screen()).not.toContain(first.refreshToken);
  });

  it('names a file that it cannot read, and mistakes in the configuration', async () => {
    const place = await makeGatewayRoom();
    const merge = runInPipes('src/accounts-command.ts', ['merge', './none.json'], place);
    expect(await merge.exit).toBe(1);
    expect(merge.screen()).toBe('accounts: ./none.json cannot be read (ENOENT)\n');
    await writeFile(join(place.room, 'config.json'), '{ "port": "x" }');
    const list = runInPipes('src/accounts-command.ts', [], place);
    expect(await list.exit).toBe(1);
    expect(list.screen()).toMatch(/^accounts:\n {2}\.\/config\.json: port: /);
  });

  it('warns of proxies that it cannot use, for its calls go out without them', async () => {
    const { room } = await makeGatewayRoom();
    await writeFile(join(room, 'config.json'), '{ "proxies": [{ "name": "p", "url": "ftp://u:canary@h" }] }');
    const list = runInPipes('src/accounts-command.ts', [], { room });
    expect(await list.exit).toBe(0);
    expect(list.screen()).toContain('Warning: proxies: none is usable, requests go out directly\n');
    expect(list.screen()).not.toContain('canary');
  });
});
