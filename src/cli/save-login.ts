import type { Account, AccountsReading } from '../accounts/account.ts';
import type { AccountVault } from '../accounts/account-vault.ts';
import type { AccountEdit } from '../accounts/edit-accounts.ts';
import { findSameAccount } from '../accounts/same-account.ts';
import type { TokenPair } from '../credentials/tokens.ts';
import type { JsonObject } from '../kernel/json.ts';
import type { Clock, Random } from '../kernel/ports.ts';

export interface SaveLoginDeps {
  readonly vault: AccountVault;
  readonly clock: Clock;
  readonly random: Random;
}

/** Where a fresh login has gone. */
export interface SavedLogin {
  readonly id: string;
  /** It took the place of tokens that were there. */
  readonly isReplacement: boolean;
  readonly reading: AccountsReading;
}

/**
 * Puts a fresh login into the file: in the place of the account that it is already, else behind the others. An account
 * that is replaced keeps its id, its label unless another is given, and whether it is enabled.
 *
 * @throws Error, its message safe to show, when the file cannot be written.
 */
export async function saveLogin(
  pair: TokenPair,
  label: string | undefined,
  { vault, clock, random }: SaveLoginDeps,
): Promise<SavedLogin> {
  const now = clock.now();
  const madeId = `acc_${Buffer.from(random.bytes(8)).toString('hex')}`;
  let known: Account | undefined;
  const reading = await vault.change((before): AccountEdit[] => {
    known = before.kind === 'found' ? findSameAccount(before.accounts, { tokens: pair }) : undefined;
    const fields: JsonObject = {
      ...(pair.email !== undefined && { email: pair.email }),
      ...(label !== undefined && { label }),
      ...tokenFields(pair, now),
    };
    if (known === undefined) return [{ kind: 'add', entry: { id: madeId, ...fields, enabled: true } }];
    // Whoever logs in again wants the account back; whether it is enabled stays the owner's word.
    return [{ kind: 'set', id: known.id, fields: { ...fields, enabled_at: now } }];
  });
  return { id: known?.id ?? madeId, isReplacement: known !== undefined, reading };
}

/** The members of an entry that come with a new pair of tokens. */
const tokenFields = (pair: TokenPair, now: number): JsonObject => ({
  access_token: pair.accessToken.reveal(),
  refresh_token: pair.refreshToken.reveal(),
  expires_at: pair.expiresAt,
  last_refresh: now,
  ...(pair.organizationId !== undefined && { organization_id: pair.organizationId }),
});
