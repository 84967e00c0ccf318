import { areSameTokens } from '../credentials/tokens.ts';
import type { JsonObject } from '../kernel/json.ts';
import type { Account, AccountsReading } from './account.ts';
import type { AccountEdit } from './edit-accounts.ts';
import { findMoment } from './read-accounts.ts';
import { findSameAccount } from './same-account.ts';
import { compareAge } from './token-age.ts';

/** What became of one account of the giving side. */
export interface MergedAccount {
  readonly label: string;
  /** `kept-newer`: the receiving side has tokens that are newer, or not known to be older. */
  readonly fate: 'added' | 'updated' | 'kept-newer' | 'same';
  /** The account of the giving side. */
  readonly account: Account;
}

/** What the receiving file has to take over. */
export interface AccountsMerge {
  readonly edits: readonly AccountEdit[];
  readonly report: readonly MergedAccount[];
}

/**
 * Brings the accounts of `giving` into `receiving`: unknown ones are added, and of a login that both have, the newer
 * tokens win. Whatever else the receiving side says of an account stays, `enabled` too. Called again with the two sides
 * exchanged, it brings back what is newer there.
 *
 * @throws Error, safe to show, when one of the two cannot be read.
 */
export function mergeAccounts(giving: AccountsReading, receiving: AccountsReading): AccountsMerge {
  const given = requireAccounts(giving, 'The accounts to merge cannot be read: the file');
  const held = new Map(
    requireAccounts(receiving, 'Nothing is merged: the accounts file').map((account) => [
      account.id,
      account,
    ]),
  );
  const edits: AccountEdit[] = [];
  const report = given.map((account): MergedAccount => {
    const own = held.get(account.id) ?? findSameAccount([...held.values()], account);
    const { label } = own ?? account;
    if (own === undefined) {
      held.set(account.id, account);
      edits.push({ kind: 'add', entry: { ...account.entry(), id: account.id } });
      return { label, fate: 'added', account };
    }
    if (areSameTokens(own.tokens, account.tokens)) return { label, fate: 'same', account };
    if (compareAge(account.tokens, own.tokens) <= 0) return { label, fate: 'kept-newer', account };
    held.set(own.id, { ...own, tokens: account.tokens });
    edits.push({ kind: 'set', id: own.id, fields: fieldsFor(own, account) });
    return { label, fate: 'updated', account };
  });
  return { edits, report };
}

function requireAccounts(reading: AccountsReading, subject: string): readonly Account[] {
  if (reading.kind === 'malformed') throw new Error(`${subject} ${reading.reason}`);
  return reading.kind === 'absent' ? [] : reading.accounts;
}

function fieldsFor(own: Account, { tokens, email, organizationId, entry }: Account): JsonObject {
  return {
    access_token: tokens.accessToken?.reveal(), // one that is older than the refresh token goes
    // A login must not lose the only thing that renews it to one that has none.
    ...(tokens.refreshToken !== undefined && { refresh_token: tokens.refreshToken.reveal() }),
    expires_at: tokens.expiresAt,
    last_refresh: findMoment(entry()['last_refresh']) ?? tokens.issuedAt,
    ...(own.email === undefined && email !== undefined && { email }),
    ...(own.organizationId === undefined &&
      organizationId !== undefined && { organization_id: organizationId }),
  };
}
