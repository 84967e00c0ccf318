import { describe, expect, it } from 'vitest';
import { readEntry } from '../../src/accounts/read-accounts.ts';
import { findSameAccount } from '../../src/accounts/same-account.ts';
import type { Account } from '../../src/accounts/account.ts';
import type { JsonObject } from '../../src/kernel/json.ts';
import { makeJwt } from '../credentials/fake-workos.ts';

function account(entry: JsonObject): Account {
  const read = readEntry({ refresh_token: 'r', ...entry });
  if (typeof read === 'string') throw new Error(read);
  return read;
}

const jwt = (sub: string, organization?: string): string =>
  makeJwt({ sub, ...(organization !== undefined && { org_id: organization }) });

const workAtOne = account({ id: 'work', access_token: jwt('user_1', 'org_1'), email: 'Me@example.com' });
const workAtTwo = account({ id: 'second', access_token: jwt('user_1', 'org_2'), email: 'me@example.com' });
const homeless = account({ id: 'homeless', access_token: jwt('user_1') });
const byMail = account({ id: 'mail', email: 'ME@example.com ' });
const byMailAtOne = account({ id: 'mail-1', email: 'me@example.com', organization_id: 'org_1' });
const opaque = account({ id: 'opaque', refresh_token: 'opaque' });

describe('a login', () => {
  it.each<[string, JsonObject, readonly Account[], string | undefined]>([
    [
      'the same person and organisation',
      { access_token: jwt('user_1', 'org_1') },
      [byMail, workAtTwo, workAtOne],
      'work',
    ],
    ['another organisation', { access_token: jwt('user_1', 'org_3') }, [workAtOne, workAtTwo], undefined],
    [
      'an account whose organisation nobody knows',
      { access_token: jwt('user_1', 'org_3') },
      [workAtOne, homeless],
      'homeless',
    ],
    ['the only account of the person', { access_token: jwt('user_1') }, [workAtOne], 'work'],
    ['one of several of the person', { access_token: jwt('user_1') }, [workAtOne, workAtTwo], undefined],
    [
      'the one without an organisation either',
      { access_token: jwt('user_1') },
      [workAtOne, homeless],
      'homeless',
    ],
    ['another person', { access_token: jwt('user_2', 'org_1') }, [workAtOne, homeless, opaque], undefined],
    ['the same address, however it is written', { email: 'mE@Example.com' }, [opaque, byMail], 'mail'],
    [
      'the same address and organisation',
      { email: 'me@example.com', organization_id: 'org_1' },
      [byMail, byMailAtOne],
      'mail-1',
    ],
    [
      'the same address elsewhere',
      { email: 'me@example.com', organization_id: 'org_2' },
      [byMailAtOne],
      undefined,
    ],
    [
      'the same person before the same address',
      { access_token: jwt('user_1', 'org_1'), email: 'other@example.com' },
      [byMail, workAtOne],
      'work',
    ],
    [
      'the very same token',
      { refresh_token: 'opaque', email: 'me@example.com' },
      [workAtTwo, workAtOne, opaque],
      'opaque',
    ],
    ['nothing that is known', { refresh_token: 'unknown' }, [workAtOne, byMail, opaque], undefined],
  ])('is told by %s', (_what, entry, accounts, id) => {
    expect(findSameAccount(accounts, account({ refresh_token: 'fresh', ...entry }))?.id).toBe(id);
  });

  it('is nobody where neither knows a token or an address', () => {
    const stranger = account({ id: 'stranger', access_token: 'opaque-access', refresh_token: '' });
    const other = account({ id: 'other', access_token: 'another', refresh_token: null });
    expect(findSameAccount([other], stranger)).toBeUndefined();
  });
});
