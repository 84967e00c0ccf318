import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Parking } from '../../src/accounts/account-state.ts';
import type { Factory } from '../../src/cli/factory.ts';
import { createRefreshIntents } from '../../src/credentials/refresh-intent.ts';
import { GatewayError } from '../../src/kernel/gateway-error.ts';
import { createSecret } from '../../src/kernel/secret.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { makeRoom } from '../support/temporary-room.ts';
import { withTime } from '../support/until.ts';
import { NOW, makeAccountsRoom } from './accounts-room.ts';
import type { CommandEnd } from './accounts-room.ts';

const HOUR = 3_600_000;

const A = {
  id: 'acc_aaaaaaaaaaaaaaaa',
  email: 'a@example.com',
  access_token: 'canary-access-a',
  refresh_token: 'canary-refresh-a',
  expires_at: NOW + 2 * HOUR,
  note: 'stays',
};
const B = {
  ...A,
  id: 'acc_abbbbbbbbbbbbbbb',
  email: 'b@example.com',
  label: 'Work',
  refresh_token: 'canary-refresh-b',
};

const expectNoSecret = ({ out, err }: CommandEnd): void => expect(out + err).not.toContain('canary');

describe('accounts list', () => {
  const rowOf = ({ out }: CommandEnd, label: string): string =>
    out.split('\n').find((line) => line.startsWith(label)) ?? '';

  it('is a table of what is known, without secrets', async () => {
    const { run } = await makeAccountsRoom([A, { ...B, enabled: false }], {
      [A.id]: {
        health: 42.4,
        lastError: { at: NOW - 90_000, kind: 'server', message: 'HTTP 500\u001b[31m, red' },
      },
    });
    const end = await run([]);
    expect(end).toMatchObject({ code: 0, err: '' });
    expect(end.out.split('\n')).toEqual([
      'LABEL          ID                    STATE     HEALTH  TOKEN ENDS                    STANDARD  CORE  LAST ERROR',
      'a@example.com  acc_aaaaaaaaaaaaaaaa  active    42      in 2 h, 2023-11-15T00:13:20Z  -         -     1 min 30 s ago: HTTP 500 [31m, red',
      expect.stringMatching(/^Work +acc_abbbbbbbbbbbbbbb +disabled +100 +in 2 h/) as string,
      '',
    ]);
    expectNoSecret(end);
  });

  it.each<[string, Partial<Parking>[], object, string]>([
    ['a refused login', [{ kind: 'login' }], {}, 'login refused '],
    [
      'a spent allowance',
      [{ kind: 'quota', scope: 'core', until: NOW + HOUR }],
      {},
      'quota spent (core), back in 1 h ',
    ],
    ['a cool-down', [{ kind: 'throttle', until: NOW + 61_000 }], {}, 'cooling down, back in 1 min 1 s '],
    ['both', [{ kind: 'throttle' }, { kind: 'quota' }], {}, 'cooling down; quota spent '],
    ['a cool-down that is over', [{ kind: 'throttle', until: NOW }], {}, 'active '],
    ['what its owner has voided', [{ kind: 'login' }], { enabled_at: NOW }, 'active '],
    ['tokens that are past mending', [], { refresh_token: undefined, expires_at: NOW }, 'login over '],
    ['tokens that a refresh will mend', [], { expires_at: NOW }, 'active '],
  ])('tells of %s', async (_, parkings, fields, words) => {
    const whole = parkings.map((some) => ({
      kind: 'login' as const,
      scope: 'account' as const,
      reason: 'because',
      at: NOW - HOUR,
      count: 1,
      ...some,
    }));
    const { run } = await makeAccountsRoom([{ ...A, ...fields }], { [A.id]: { parkings: whole } });
    expect(rowOf(await run(['list', '--offline']), A.email)).toContain(`${A.id}  ${words}`);
  });

  const factory: Factory = {
    organizations: () => Promise.resolve([]),
    limits: (token) =>
      token.reveal() === A.access_token
        ? Promise.resolve([
            { pool: 'standard', window: 'fiveHour', usedPercent: 12, endsAt: NOW + HOUR },
            { pool: 'standard', window: 'weekly', usedPercent: 80.4 },
          ])
        : Promise.reject(new GatewayError('upstream-auth', 'the token is refused (HTTP 401)')),
  };

  it('tells the tightest window of each allowance, and why there is none', async () => {
    const ended = { ...A, id: 'acc_c', email: 'c@example.com', expires_at: NOW - 1 };
    const none = { id: 'acc_d', email: 'd@example.com', refresh_token: 'canary-d' };
    const { run } = await makeAccountsRoom([A, { ...B, access_token: 'canary-other' }, ended, none]);
    const end = await run(['list'], { factory });
    expect(rowOf(end, A.email)).toMatch(/80 % of the week +-$/);
    expect(rowOf(end, 'Work')).toMatch(/\? +\?$/);
    expect(end.out.split('\n').slice(5, -1)).toEqual([
      'Quota of Work: the token is refused (HTTP 401)',
      'Quota of c@example.com: the access token has ended',
      'Quota of d@example.com: there is no access token',
    ]);
    expectNoSecret(end);
    expect(rowOf(await run(['list', '--offline'], { factory }), A.email)).toMatch(/- +-$/);
  });

  it('is a document for programs with --json', async () => {
    const { run } = await makeAccountsRoom([A, 7], {
      [A.id]: { requests: 3, lastUsedAt: NOW - 1, lastError: { at: 1, kind: 'server', message: 'm' } },
    });
    const end = await run(['list', '--json'], { factory });
    expect(JSON.parse(end.out)).toEqual({
      accounts: [
        {
          id: A.id,
          label: A.email,
          email: A.email,
          organization_id: null,
          enabled: true,
          state: 'active',
          health: 100,
          token_expires_at: A.expires_at,
          has_refresh_token: true,
          quotas: [
            { pool: 'standard', window: 'fiveHour', used_percent: 12, ends_at: NOW + HOUR },
            { pool: 'standard', window: 'weekly', used_percent: 80.4, ends_at: null },
          ],
          requests: 3,
          last_used_at: NOW - 1,
          last_error: { at: 1, kind: 'server', message: 'm' },
        },
      ],
      mistakes: ['accounts[1] is not an object'],
    });
    expectNoSecret(end);
  });

  it.each<[string, readonly unknown[] | string, CommandEnd]>([
    ['no file', '', { code: 0, out: 'There are no accounts yet: npm run add-account\n', err: '' }],
    [
      'a mistake in it',
      [7],
      {
        code: 0,
        out: 'There are no accounts yet: npm run add-account\n',
        err: 'Left out: accounts[0] is not an object\n',
      },
    ],
    [
      'a file that is none',
      '{',
      { code: 1, out: '', err: expect.stringMatching(/^accounts: .*accounts\.json is not JSON/) as string },
    ],
  ])('says so when there is %s', async (_, accounts, end) => {
    expect(await (await makeAccountsRoom(accounts)).run(['list'])).toEqual(end);
  });
});

describe('accounts enable, disable and remove', () => {
  it('tells the server through the file, and leaves all else in it', async () => {
    const { run, entries } = await makeAccountsRoom([A, B]);
    expect(await run(['disable', 'WORK'])).toMatchObject({
      code: 0,
      out: 'Work is disabled: its login is kept, but not used.\n',
    });
    expect(await entries()).toEqual([A, { ...B, enabled: false }]);
    expect(await run(['enable', 'b@example.com'])).toMatchObject({ code: 0, out: 'Work is enabled.\n' });
    expect(await entries()).toEqual([A, { ...B, enabled: true, enabled_at: NOW }]);
  });

  it.each<[readonly string[], boolean | undefined, number, number]>([
    [['remove', 'acc_aa', '--yes'], undefined, 0, 1],
    [['remove', 'acc_aa'], true, 0, 1],
    [['remove', 'acc_aa'], false, 1, 2],
    [['remove', 'acc_aa'], undefined, 130, 2],
  ])('removes with %j when the answer is %j: code %i', async (args, answer, code, left) => {
    const { run, entries } = await makeAccountsRoom([A, B]);
    expect((await run(args, { ask: () => Promise.resolve(answer) })).code).toBe(code);
    expect(await entries()).toHaveLength(left);
  });

  it('removes the tokens that wait for being saved as well', async () => {
    const { run } = await makeAccountsRoom([A, B]);
    const directory = join(await makeRoom(), 'refreshing');
    const intents = createRefreshIntents({ directory, logger: createRecordingLogger() });
    const { begin, kept } = intents.of(A.id);
    const pair = {
      accessToken: createSecret('canary-access'),
      refreshToken: createSecret('canary-refresh'),
      expiresAt: NOW,
    };
    await begin(createSecret('canary-spent'));
    await kept.keep(createSecret('canary-spent'), pair);
    expect((await run(['remove', 'acc_aa', '--yes'], { intentOf: intents.of })).code).toBe(0);
    expect(await readdir(directory)).toEqual([]);
  });

  it.each<[readonly string[], string]>([
    [['remove', 'Work'], 'accounts: nobody is there to confirm this: add --yes\n'],
    [['enable', 'nobody'], 'accounts: There is no account "nobody"\n'],
    [['enable', ' '], 'accounts: There is no account " "\n'],
    [
      ['disable', 'acc_a'],
      `accounts: "acc_a" could be any of these: a@example.com (${A.id}), Work (${B.id})\n`,
    ],
    [
      ['refresh', 'acc_a'],
      `accounts: "acc_a" could be any of these: a@example.com (${A.id}), Work (${B.id})\n`,
    ],
  ])('fails at %j and changes nothing', async (args, err) => {
    const { run, entries } = await makeAccountsRoom([A, B]);
    expect(await run(args)).toEqual({ code: 1, out: '', err });
    expect(await entries()).toEqual([A, B]);
  });
});

describe('accounts refresh', () => {
  it('fetches new tokens and saves them', async () => {
    const { run, entries, workos } = await makeAccountsRoom([A, B]);
    const end = await run(['refresh', A.email]);
    expect(end).toEqual({
      code: 0,
      out: 'a@example.com has new tokens, good until 2023-11-15T06:13:20.000Z.\n',
      err: '',
    });
    const [a, b] = await entries();
    expect(a).toMatchObject({ refresh_token: 'canary-refresh-1', note: 'stays' });
    expect(b).toEqual(B);
    expect(workos.asked).toEqual(['canary-refresh-a']);
  });

  it('takes up what another process fetches at the same time, instead of refreshing twice', async () => {
    const { run, workos, clock } = await makeAccountsRoom([A]);
    const both = Promise.all([run(['refresh', A.id]), run(['refresh', A.id])]);
    const outputs = (await withTime(clock, both)).map(({ out }) => out).sort();
    expect(outputs).toEqual([
      expect.stringMatching(/^a@example\.com has new tokens/) as string,
      expect.stringMatching(/^a@example\.com has tokens that another process has just fetched/) as string,
    ]);
    expect(workos.asked).toHaveLength(1);
  });

  it('says why when WorkOS refuses, and keeps what is there', async () => {
    const { run, entries } = await makeAccountsRoom([{ ...A, refresh_token: 'canary-spent' }]);
    const end = await run(['refresh', A.id]);
    expect(end.code).toBe(1);
    expect(end.err).toMatch(/WorkOS refused the refresh token \(HTTP 400, invalid_grant/);
    expectNoSecret(end);
    expect(await entries()).toEqual([{ ...A, refresh_token: 'canary-spent' }]);
  });

  it('fails when there is nothing to refresh with', async () => {
    const { run } = await makeAccountsRoom([{ ...A, refresh_token: undefined }]);
    expect(await run(['refresh', A.id])).toMatchObject({
      code: 1,
      err: 'accounts: there is no refresh token\n',
    });
  });
});

describe('accounts with other words', () => {
  it.each<[readonly string[], string]>([
    [['lst'], 'there is no command "lst"'],
    [['toString'], 'there is no command "toString"'],
    [['enable'], 'enable needs the ID'],
    [['merge'], 'merge needs the FILE'],
    [['enable', 'a', 'b'], 'enable can do nothing with "b"'],
    [['list', 'a'], 'list can do nothing with "a"'],
    [['enable', 'a', '--json'], 'enable knows no option --json'],
    [['list', '--all'], "Unknown option '--all'"],
  ])('shows how it is used after %j', async (args, words) => {
    const end = await (await makeAccountsRoom([A])).run(args);
    expect(end).toMatchObject({ code: 2, out: '' });
    expect(end.err).toMatch(/^accounts: /);
    expect(end.err).toContain(words);
    expect(end.err).toContain('Usage: npm run accounts');
  });

  it.each([['help'], ['--help'], ['-h']])('explains itself with %s', async (word) => {
    const end = await (await makeAccountsRoom([A])).run([word]);
    expect(end).toMatchObject({ code: 0, err: '' });
    expect(end.out).toContain('Usage: npm run accounts');
  });
});
