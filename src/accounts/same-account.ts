import { readClaims } from '../credentials/jwt.ts';
import { isSameSecret } from '../credentials/tokens.ts';
import type { Tokens } from '../credentials/tokens.ts';
import type { Account } from './account.ts';

/** What is known of a login that may be one of the accounts already. */
export interface Newcomer {
  readonly tokens: Tokens;
  readonly email?: string;
  readonly organizationId?: string;
}

/**
 * The account that a login is another session of: the same person (by user id, else by e-mail address) in the same
 * organisation, else the very same refresh token. Two organisations of one person are two accounts; where one of the two
 * sides does not know its organisation they are one, unless there are several that it could be.
 */
export function findSameAccount<A extends Account>(
  accounts: readonly A[],
  newcomer: Newcomer,
): A | undefined {
  const userId = findUserId(newcomer.tokens);
  const email = normalEmail(newcomer.email ?? newcomer.tokens.email);
  const bySession = accounts.find(
    ({ tokens: { refreshToken } }) =>
      refreshToken !== undefined && isSameSecret(refreshToken, newcomer.tokens.refreshToken),
  );
  return (
    findByOrganization(
      accounts.filter(({ tokens }) => userId !== undefined && findUserId(tokens) === userId),
      newcomer,
    ) ??
    findByOrganization(
      accounts.filter((account) => email !== undefined && normalEmail(account.email) === email),
      newcomer,
    ) ??
    bySession
  );
}

function findByOrganization<A extends Account>(
  accounts: readonly A[],
  { organizationId, tokens }: Newcomer,
): A | undefined {
  const wanted = organizationId ?? tokens.organizationId;
  const exact = accounts.find((account) => account.organizationId === wanted);
  if (exact !== undefined) return exact;
  const possible =
    wanted === undefined ? accounts : accounts.filter((account) => account.organizationId === undefined);
  return possible.length === 1 ? possible[0] : undefined;
}

const findUserId = ({ accessToken }: Tokens): string | undefined =>
  accessToken && readClaims(accessToken).userId;

const normalEmail = (email: string | undefined): string | undefined => email?.trim().toLowerCase();
