import type { Tokens } from '../credentials/tokens.ts';

/**
 * Above zero when `one` was made after `other`, below when before, zero when nobody can tell. Tokens without any date
 * are taken for older: every refresh dates what it brings.
 */
export function compareAge(one: Tokens, other: Tokens): number {
  if (one.issuedAt !== undefined && other.issuedAt !== undefined) return one.issuedAt - other.issuedAt;
  if (one.expiresAt !== undefined && other.expiresAt !== undefined) return one.expiresAt - other.expiresAt;
  return Number(isDated(one)) - Number(isDated(other));
}

const isDated = ({ issuedAt, expiresAt }: Tokens): boolean =>
  issuedAt !== undefined || expiresAt !== undefined;
