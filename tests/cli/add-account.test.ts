import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createAccountVault } from '../../src/accounts/account-vault.ts';
import { addAccounts } from '../../src/cli/add-account.ts';
import type { AddAccountDeps } from '../../src/cli/add-account.ts';
import type { Post, PostAnswer } from '../../src/credentials/workos.ts';
import { GatewayError } from '../../src/kernel/gateway-error.ts';
import { makeJwt } from '../credentials/fake-workos.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { createRepeatableRandom } from '../support/repeatable-random.ts';
import { makeRoom } from '../support/temporary-room.ts';
import { until } from '../support/until.ts';
import { createFakeTerminal } from './fake-terminal.ts';
import type { FakeTerminal } from './fake-terminal.ts';

type Fate = PostAnswer | Error;

const json = (status: number, body: object): PostAnswer => ({ status, text: JSON.stringify(body) });
const START = json(200, {
  device_code: 'canary-device',
  user_code: 'ABCD-EFGH',
  verification_uri: 'https://auth.example.com/device',
  expires_in: 300,
  interval: 5,
});
const refusal = (error: string): PostAnswer => json(400, { error });
const DOWN = new GatewayError('bad-upstream', 'the upstream refused the connection');

const tokens = (number: number, organization?: string): PostAnswer =>
  json(200, {
    access_token: makeJwt({ exp: 1_700_010_000, sub: 'user_1', jti: number, org_id: organization }),
    refresh_token: `canary-refresh-${number}`,
    user: { email: 'me@example.com' },
  });

const factory = (organizations: () => Promise<readonly string[]>): Partial<AddAccountDeps> => ({
  factory: { organizations, limits: () => Promise.resolve([]) },
});

interface Play {
  readonly code: number;
  readonly terminal: FakeTerminal;
  readonly accounts: readonly Record<string, unknown>[];
  readonly forms: readonly Readonly<Record<string, string>>[];
}

interface Scene {
  readonly fates: readonly Fate[];
  readonly answers?: readonly (boolean | undefined)[];
  readonly options?: Partial<Parameters<typeof addAccounts>[0]>;
  readonly deps?: Partial<AddAccountDeps>;
  readonly before?: string;
  /** Sees every request go out. */
  readonly onPost?: (room: string) => void;
  /** Sees every line of the conversation. */
  readonly onLine?: (line: string, leave: () => void) => void;
}

/** Plays one conversation in a room of its own, second by second. */
async function play({ fates, answers = [], options, deps, before, onPost, onLine }: Scene): Promise<Play> {
  const room = await makeRoom();
  const path = join(room, 'accounts.json');
  if (before !== undefined) await writeFile(path, before);
  const clock = createFakeClock();
  const logger = createRecordingLogger();
  const leaving = new AbortController();
  const terminal = createFakeTerminal(answers, (line) => onLine?.(line, () => leaving.abort()));
  const queue = [...fates];
  const forms: Readonly<Record<string, string>>[] = [];
  const post: Post = (_, form) => {
    forms.push(form);
    onPost?.(room);
    const fate = queue.shift() ?? refusal('authorization_pending');
    return fate instanceof Error ? Promise.reject(fate) : Promise.resolve(fate);
  };
  let code: number | undefined;
  const work = addAccounts(
    { loop: false, label: undefined, browser: false, ...options },
    {
      terminal,
      vault: createAccountVault({ path, dataDirectory: join(room, 'data'), clock, logger }),
      workos: { post, baseUrl: 'https://workos.example.com', clientId: 'client_1', clock },
      factory: undefined,
      openBrowser: () => Promise.resolve(false),
      random: createRepeatableRandom(),
      logger,
      signal: leaving.signal,
      ...deps,
    },
  ).then((end) => {
    code = end;
  });
  await until(() => {
    if (code === undefined) clock.advance(100);
    return code !== undefined;
  });
  await work;
  const text = await readFile(path, 'utf8').catch(() => '{"accounts":[]}');
  const { accounts } = (/^\{/.test(text) ? JSON.parse(text) : { accounts: [] }) as Pick<Play, 'accounts'>;
  expect(terminal.lines.join('\n')).not.toContain('canary');
  return { code: code ?? -1, terminal, accounts, forms };
}

describe('adding an account', () => {
  it('tells the time that is left, and keeps trying while nobody answers', async () => {
    const { terminal, code } = await play({
      fates: [START, DOWN, refusal('authorization_pending'), tokens(1, 'org_1')],
    });
    expect(code).toBe(0);
    expect(terminal.lines).toContain('spin: Waiting for you to confirm, 05:00 left');
    expect(terminal.lines).toContain('spin: Waiting for you to confirm, 04:57 left');
    expect(terminal.lines).toContain(
      'spin: No answer, trying on, 04:53 left (the upstream refused the connection)',
    );
    expect(terminal.lines).toContain('spin: Waiting for you to confirm, 04:48 left');
    expect(terminal.lines.at(-1)).toMatch(
      /^outro: Saved in .*accounts\.json\. A running server takes it up by itself\.$/,
    );
  });

  it('opens the browser where there is one', async () => {
    const opened: string[] = [];
    const openBrowser = (url: string): Promise<boolean> => Promise.resolve(opened.push(url) > 0);
    const { terminal } = await play({
      fates: [START, tokens(1, 'org_1')],
      options: { browser: true },
      deps: { openBrowser },
    });
    expect(opened).toEqual(['https://auth.example.com/device']);
    expect(terminal.lines).toContain('info: Your browser opens the page.');
  });

  it.each<[string, readonly Fate[], readonly (boolean | undefined)[], number]>([
    ['WorkOS is down and nobody tries again', [DOWN], [false], 1],
    ['WorkOS is down and the person leaves', [DOWN], [undefined], 130],
    ['WorkOS is back at the second try', [DOWN, START, tokens(1, 'org_1')], [true], 0],
    ['WorkOS knows no such client', [refusal('invalid_client')], [true], 1],
    ['the code is refused', [START, refusal('invalid_grant')], [true], 1],
    [
      'the login is denied, then not',
      [START, refusal('access_denied'), START, tokens(1, 'org_1')],
      [true],
      0,
    ],
  ])('ends as it should when %s', async (_, fates, answers, expected) => {
    const { code, accounts } = await play({ fates, answers });
    expect(code).toBe(expected);
    expect(accounts).toHaveLength(expected === 0 ? 1 : 0);
  });

  it('replaces an account of the same person also when that logs in again at once', async () => {
    const { code, accounts, terminal } = await play({
      fates: [START, tokens(1, 'org_1'), START, tokens(2, 'org_1')],
      answers: [true, false],
      options: { loop: true, label: 'mine' },
    });
    expect(code).toBe(0);
    expect(accounts).toEqual([
      expect.objectContaining({
        label: 'mine',
        refresh_token: 'canary-refresh-2',
        enabled_at: expect.any(Number) as number,
      }),
    ]);
    expect(terminal.lines).toContain('info: mine was there already and has new tokens.');
  });

  it('saves tokens that arrive while the person leaves, and then leaves', async () => {
    const { code, accounts, forms } = await play({
      fates: [START, tokens(1)],
      deps: factory(() => Promise.resolve(['org_7'])),
      onLine: (line, leave) => {
        if (line.startsWith('success: Logged in')) leave();
      },
    });
    expect(forms).toHaveLength(2);
    expect(code).toBe(130);
    expect(accounts).toHaveLength(1);
  });

  it('leaves when the person does, before the code is there', async () => {
    const { code, terminal } = await play({
      fates: [START],
      onLine: (line, leave) => {
        if (line.startsWith('intro')) leave();
      },
    });
    expect(code).toBe(130);
    expect(terminal.lines.at(-1)).toBe('outro: Cancelled. Whatever was added before is saved.');
  });

  it('starts nothing when the accounts file cannot be understood', async () => {
    const { code, terminal, forms } = await play({ fates: [], before: 'oops' });
    expect(code).toBe(1);
    expect(forms).toEqual([]);
    expect(terminal.lines.at(-1)).toMatch(/^error: .*accounts\.json is not JSON/);
  });

  it('offers to save again when the file cannot be written', async () => {
    const { code, terminal } = await play({
      fates: [START, tokens(1, 'org_1')],
      answers: [true, false],
      onPost: (room) => void writeFile(join(room, 'accounts.json'), '{"accounts": 7}'),
    });
    expect(code).toBe(1);
    expect(terminal.lines.filter((line) => line.startsWith('ask: Try to save it again?'))).toHaveLength(2);
    expect(terminal.lines.find((line) => line.startsWith('error: Not saved'))).toMatch(
      /no list; it is left as it is/,
    );
  });
});

describe('a first login without an organisation', () => {
  it('is saved, then refreshed into the first one', async () => {
    const { code, accounts, forms } = await play({
      fates: [START, tokens(1), tokens(2)],
      deps: factory(() => Promise.resolve(['org_7', 'org_8'])),
    });
    expect(code).toBe(0);
    expect(forms.at(-1)).toMatchObject({ refresh_token: 'canary-refresh-1', organization_id: 'org_7' });
    expect(accounts).toEqual([
      expect.objectContaining({ refresh_token: 'canary-refresh-2', organization_id: 'org_7' }),
    ]);
  });

  it.each<[string, () => Promise<readonly string[]>, RegExp, number]>([
    ['has none', () => Promise.resolve([]), /belongs to no organisation/, 2],
    [
      'cannot be asked',
      () => Promise.reject(new GatewayError('timeout', 'too slow')),
      /joined no organisation: too slow/,
      2,
    ],
    [
      'is refused there',
      () => Promise.resolve(['org_7']),
      /joined no organisation: WorkOS refused .*organization_not_found/,
      3,
    ],
  ])('stays as it is, with a warning, when it %s', async (_, organizations, words, posts) => {
    const { code, accounts, terminal, forms } = await play({
      fates: [START, tokens(1), refusal('organization_not_found')],
      deps: factory(organizations),
    });
    expect(code).toBe(0);
    expect(forms).toHaveLength(posts);
    expect(accounts).toEqual([expect.objectContaining({ refresh_token: 'canary-refresh-1' })]);
    expect(terminal.lines.find((line) => line.startsWith('warn'))).toMatch(words);
  });
});
