import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Account, AccountsReading } from '../../src/accounts/account.ts';
import { readAccounts } from '../../src/accounts/read-accounts.ts';
import { hashText } from '../../src/disk/journal.ts';
import { makeJwt } from '../credentials/fake-workos.ts';

const MOMENT = 1_764_000_000_000;

const listOf = (...entries: readonly unknown[]): string => JSON.stringify({ version: 1, accounts: entries });

const accountsOf = (reading: AccountsReading): readonly Account[] =>
  reading.kind === 'found' ? reading.accounts : [];

/** The only account of a text, its secrets laid open. */
function readOne(entry: object): object {
  const [account, another] = accountsOf(readAccounts(listOf(entry)));
  if (account === undefined || another !== undefined) throw new Error('one account is expected');
  const { tokens, ...rest } = account;
  const { accessToken, refreshToken, ...times } = tokens;
  return { ...rest, access: accessToken?.reveal(), refresh: refreshToken?.reveal(), times };
}

describe('an accounts file', () => {
  it.each([undefined, '', ' \n', '\uFEFF\n'])('that holds %j is absent', (text) => {
    expect(readAccounts(text)).toEqual({ kind: 'absent' });
  });

  it.each([
    ['{"accounts": [', 'is not JSON (line 1, column 15)'],
    ['{\n  "accounts": [}\n]', 'is not JSON (line 2, column 16)'],
    ['canary', 'is not JSON (line 1, column 1)'],
    ['{"accounts":[]} canary', 'is not JSON (line 1, column 17)'],
    ['"canary"', 'is neither an object nor a list'],
    ['{"access_token":"canary"}', 'has no member "accounts"'],
    ['{"accounts":{"canary":1}}', 'has a member "accounts" that is no list'],
    ['{"accounts":[],"accounts":[]}', 'has the member "accounts" twice'],
  ])('that holds %j is malformed', (text, reason) => {
    expect(readAccounts(text)).toEqual({ kind: 'malformed', reason });
  });

  it.each([
    ['a byte order mark', '\uFEFF{"accounts":[{"refresh_token":"r"}]}'],
    ['comments and trailing commas', '{ // mine\n"accounts":[{/* the "one" */"refresh_token":"r",},],}'],
    ['nothing but a list', '[{"refresh_token":"r"}]'],
    [
      'another version and members that nobody knows',
      '{"version":7,"x":1,"accounts":[{"refresh_token":"r"}]}',
    ],
  ])('is read with %s', (_what, text) => {
    const reading = readAccounts(text);
    expect(accountsOf(reading).map(({ tokens }) => tokens.refreshToken?.reveal())).toEqual(['r']);
    expect(reading).toMatchObject({ mistakes: [] });
  });

  it('keeps the exact text of a number that no double holds', () => {
    const [account] = accountsOf(readAccounts('[{"refresh_token":"r","n":12345678901234567890 /* long */}]'));
    expect(Object.keys(account?.entry() ?? {})).toEqual(['refresh_token', 'n']);
    expect(typeof account?.entry()['n']).toBe('object');
  });

  it('is read, whatever it holds', () => {
    const texts = fc.oneof(
      fc.string(),
      fc.json(),
      fc.array(fc.json()).map((all) => `[${all.join(',')}]`),
    );
    fc.assert(
      fc.property(texts, (text) => {
        expect(['absent', 'malformed', 'found']).toContain(readAccounts(text).kind);
      }),
    );
  });
});

describe('an entry', () => {
  it('needs a refresh token only, of which its id is made', () => {
    expect(readOne({ refresh_token: ' r\n', access_token: null })).toMatchObject({
      id: `acc_${hashText('r').slice(0, 16)}`,
      label: `acc_${hashText('r').slice(0, 16)}`,
      refresh: 'r',
      enabled: true,
      times: {},
    });
  });

  it.each([5, '', ' ', null])(
    'whose id is %j gets one of its access token, where there is no other',
    (id) => {
      expect(readOne({ id, access_token: 'a' })).toMatchObject({
        id: `acc_${hashText('a').slice(0, 16)}`,
        access: 'a',
      });
    },
  );

  it('says all that there is to know', () => {
    const entry = {
      id: 'acc_1',
      email: 'me@example.com',
      label: ' at\twork ',
      access_token: 'a',
      refresh_token: 'r',
      expires_at: MOMENT,
      last_refresh: MOMENT - 1,
      organization_id: 'org_1',
      enabled: false,
      enabled_at: MOMENT - 2,
    };
    expect(readOne(entry)).toMatchObject({
      id: 'acc_1',
      email: 'me@example.com',
      label: 'at work',
      access: 'a',
      refresh: 'r',
      times: { expiresAt: MOMENT, issuedAt: MOMENT - 1 },
      organizationId: 'org_1',
      enabled: false,
      enabledAt: MOMENT - 2,
    });
  });

  it('takes from its token what it does not say, and the end of it in any case', () => {
    const claims = { exp: 1_800_000_000, iat: 1_700_000_000, email: 'jwt@example.com', org_id: 'org_2' };
    expect(readOne({ access_token: makeJwt(claims), expires_at: MOMENT, email: '' })).toMatchObject({
      label: 'jwt@example.com',
      email: 'jwt@example.com',
      organizationId: 'org_2',
      times: { expiresAt: 1_800_000_000_000, issuedAt: 1_700_000_000_000 },
    });
  });

  it.each([
    [{ expires_at: MOMENT }, MOMENT],
    [{ expires_at: String(MOMENT) }, MOMENT],
    [{ expires_at: MOMENT / 1000 }, MOMENT],
    [{ expires_at: ` ${MOMENT / 1000} ` }, MOMENT],
    [{ exp: MOMENT }, MOMENT],
    [{ expires_at: MOMENT, exp: 5 }, MOMENT],
    [{ expires_at: 'soon', exp: MOMENT }, MOMENT],
    [{ expires_at: -1 }, undefined],
    [{ expires_at: '' }, undefined],
    [{ expires_at: {} }, undefined],
  ])('with the end %j is read', (times, expiresAt) => {
    const [account] = accountsOf(readAccounts(listOf({ refresh_token: 'r', ...times })));
    expect(account?.tokens.expiresAt).toBe(expiresAt);
  });

  it('is not disabled by the status word of another tool', () => {
    expect(readOne({ refresh_token: 'r', status: 'disabled' })).toMatchObject({ enabled: true });
  });

  it('does not get its tokens from a prototype', () => {
    expect(readAccounts('[{"__proto__":{"refresh_token":"r"} /* - */}]')).toMatchObject({ accounts: [] });
  });

  it.each([
    [5, 'is not an object'],
    [null, 'is not an object'],
    [[{ refresh_token: 'canary' }], 'is not an object'],
    [{ label: 'canary' }, 'has neither an "access_token" nor a "refresh_token"'],
    [{ refresh_token: ' ', access_token: null }, 'has neither an "access_token" nor a "refresh_token"'],
    [{ refresh_token: 'r', access_token: ['canary'] }, 'holds no text in "access_token"'],
    [{ refresh_token: 'r', label: 5 }, 'holds no text in "label"'],
    [{ refresh_token: 'put your canary here' }, 'holds no token in "refresh_token"'],
    [{ refresh_token: 'r', enabled: 'false' }, 'has an "enabled" that is neither true nor false'],
  ])('like %j is reported and passed over', (entry, mistake) => {
    expect(readAccounts(listOf({ refresh_token: 'good' }, entry))).toMatchObject({
      accounts: [{ enabled: true }],
      mistakes: [`accounts[1] ${mistake}`],
    });
  });
});

describe('two entries of one id', () => {
  const early = { id: 'acc_1', refresh_token: 'early', last_refresh: MOMENT };
  const late = { id: 'acc_1', refresh_token: 'late', last_refresh: MOMENT + 1 };
  const undated = { id: 'acc_1', refresh_token: 'undated' };

  it.each([
    ['the later', [early, late], 'late', 'accounts[0] has the id of accounts[1], which counts'],
    ['the later', [late, early], 'late', 'accounts[1] has the id of accounts[0], which counts'],
    ['the dated', [undated, early], 'early', 'accounts[0] has the id of accounts[1], which counts'],
    [
      'the first',
      [undated, { ...undated, x: 1 }],
      'undated',
      'accounts[1] has the id of accounts[0], which counts',
    ],
  ])('are %s one of them', (_which, entries, token, mistake) => {
    const reading = readAccounts(listOf(...entries));
    expect(accountsOf(reading).map(({ tokens }) => tokens.refreshToken?.reveal())).toEqual([token]);
    expect(reading).toMatchObject({ mistakes: [mistake] });
  });

  it('may be one that names itself and one whose id is made', () => {
    const id = `acc_${hashText('r').slice(0, 16)}`;
    const reading = readAccounts(listOf({ refresh_token: 'r' }, { id, refresh_token: 'x' }));
    expect(accountsOf(reading)).toHaveLength(1);
  });
});
