import { describe, expect, it } from 'vitest';
import type { AccountsReading } from '../../src/accounts/account.ts';
import { editAccounts } from '../../src/accounts/edit-accounts.ts';
import { mergeAccounts } from '../../src/accounts/merge-accounts.ts';
import { readAccounts } from '../../src/accounts/read-accounts.ts';
import { makeJwt } from '../credentials/fake-workos.ts';

const MOMENT = 1_764_000_000_000;
const textOf = (...entries: readonly object[]): string => JSON.stringify(entries);

/** Merges one text into another; the entries that come of it, and the fate of each account. */
function merge(giving: string, receiving: string | undefined) {
  const { edits, report } = mergeAccounts(readAccounts(giving), readAccounts(receiving));
  const text = editAccounts(receiving, edits);
  const reading = readAccounts(text);
  return {
    text,
    entries: reading.kind === 'found' ? reading.accounts.map(({ entry }) => entry()) : [],
    report: report.map(({ label, fate }) => [label, fate]),
  };
}

const early = { refresh_token: 'early', last_refresh: MOMENT };
const late = { refresh_token: 'late', last_refresh: MOMENT + 1 };

describe('a merge', () => {
  it('adds an account that is not there, whole and with its id', () => {
    const { entries, report } = merge(textOf({ refresh_token: 'r', label: 'mine', x: [1] }), undefined);
    expect(entries).toEqual([
      { id: expect.stringMatching(/^acc_[\da-f]{16}$/) as string, refresh_token: 'r', label: 'mine', x: [1] },
    ]);
    expect(report).toEqual([['mine', 'added']]);
  });

  it('lets the newer tokens win and leaves the rest of the receiving side', () => {
    const own = { id: 'a', ...early, access_token: 'old', label: 'here', enabled: false, mine: 1 };
    const other = {
      id: 'a',
      ...late,
      access_token: 'new',
      expires_at: MOMENT + 9,
      label: 'there',
      theirs: 1,
    };
    const { entries, report } = merge(textOf(other), textOf(own));
    expect(entries).toEqual([{ ...own, ...late, access_token: 'new', expires_at: MOMENT + 9 }]);
    expect(report).toEqual([['here', 'updated']]);
  });

  it('fills in an address and an organisation that are missing, and no others', () => {
    const names = { email: 'me@example.com', organization_id: 'org_1' };
    const other = { id: 'a', ...late, ...names };
    expect(merge(textOf(other), textOf({ id: 'a', ...early })).entries).toEqual([other]);
    const own = { id: 'a', ...early, email: 'mine@example.com', organization_id: 'org_2' };
    expect(merge(textOf(other), textOf(own)).entries).toEqual([{ ...own, ...late }]);
  });

  it.each([
    ['older ones', early, late],
    ['ones of the same age', { refresh_token: 'other', last_refresh: MOMENT }, early],
    ['undated ones', { refresh_token: 'other' }, early],
    ['undated ones where its own are too', { refresh_token: 'other' }, { refresh_token: 'r' }],
    [
      'ones that end sooner',
      { refresh_token: 'x', expires_at: MOMENT },
      { refresh_token: 'y', expires_at: MOMENT + 1 },
    ],
  ])('does not take %s', (_what, other, own) => {
    const receiving = textOf({ id: 'a', ...own });
    const { text, report } = merge(textOf({ id: 'a', ...other }), receiving);
    expect(text).toBe(receiving);
    expect(report).toEqual([['a', 'kept-newer']]);
  });

  it.each([
    [
      'the time at which the access token was made',
      { access_token: makeJwt({ iat: 5, jti: 1 }), last_refresh: 1 },
      { access_token: makeJwt({ iat: 4 }), last_refresh: MOMENT },
    ],
    ['a date where there is none', late, { refresh_token: 'r' }],
    [
      'the end of the access token',
      { refresh_token: 'x', expires_at: MOMENT + 1 },
      { refresh_token: 'y', expires_at: MOMENT },
    ],
  ])('takes what is newer by %s', (_what, other, own) => {
    const { report } = merge(textOf({ id: 'a', ...other }), textOf({ id: 'a', ...own }));
    expect(report).toEqual([['a', 'updated']]);
  });

  it('changes nothing where both sides have the same tokens', () => {
    const receiving = textOf({ id: 'a', ...early, x: 1 });
    const { text, report } = merge(textOf({ id: 'a', ...early, label: 'other' }), receiving);
    expect(text).toBe(receiving);
    expect(report).toEqual([['a', 'same']]);
  });

  it('knows an account of another id by its person', () => {
    const own = { id: 'a', ...early, email: 'me@example.com' };
    const { entries, report } = merge(textOf({ id: 'b', ...late, email: 'ME@example.com' }), textOf(own));
    expect(entries).toEqual([{ ...own, ...late }]);
    expect(report).toEqual([['me@example.com', 'updated']]);
  });

  it('takes the newest of several logins of one person', () => {
    const email = 'me@example.com';
    const latest = { refresh_token: 'latest', last_refresh: MOMENT + 2 };
    const giving = textOf(
      { id: 'b', ...late, email },
      { id: 'c', ...latest, email },
      { id: 'd', ...early, email },
    );
    expect(merge(giving, undefined)).toMatchObject({
      entries: [{ id: 'b', ...latest }],
      report: [
        [email, 'added'],
        [email, 'updated'],
        [email, 'kept-newer'],
      ],
    });
  });

  it('drops an access token that belongs to older times, but no refresh token for want of one', () => {
    const own = { id: 'a', ...early, access_token: 'old', expires_at: MOMENT };
    expect(merge(textOf({ id: 'a', ...late }), textOf(own)).entries).toEqual([{ id: 'a', ...late }]);
    const accessOnly = { id: 'a', access_token: 'new', last_refresh: MOMENT + 1 };
    expect(merge(textOf(accessOnly), textOf(own)).entries).toEqual([
      { id: 'a', ...early, access_token: 'new', last_refresh: MOMENT + 1 },
    ]);
  });

  it('is over after one round in each direction', () => {
    const here = textOf({ id: 'a', ...early }, { id: 'b', ...late }, { id: 'c', refresh_token: 'c' });
    const there = textOf({ id: 'a', ...late }, { id: 'b', ...early }, { id: 'd', refresh_token: 'd' });
    const sent = merge(here, there).text;
    const back = merge(sent, here).text;
    expect(merge(back, sent).report.map(([, fate]) => fate)).toEqual(['same', 'same', 'same', 'same']);
    expect(merge(sent, back).report.map(([, fate]) => fate)).toEqual(['same', 'same', 'same', 'same']);
  });

  it('shows no token', () => {
    const merged = mergeAccounts(readAccounts(textOf({ refresh_token: 'canary' })), { kind: 'absent' });
    expect(JSON.stringify(merged.report)).not.toContain('canary');
  });

  const broken: AccountsReading = { kind: 'malformed', reason: 'is not JSON (line 1, column 1)' };
  it.each([
    [broken, readAccounts('[]'), 'The accounts to merge cannot be read: the file is not JSON'],
    [readAccounts('[]'), broken, 'Nothing is merged: the accounts file is not JSON'],
  ])('with a malformed side is refused', (giving, receiving, message) => {
    expect(() => mergeAccounts(giving, receiving)).toThrow(message);
  });
});
