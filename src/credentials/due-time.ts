import { REFRESH_AHEAD_MS } from './tokens.ts';
import type { Tokens } from './tokens.ts';

export interface DuePlan {
  /** A token is replaced when it is older than this, however long it would live. */
  readonly intervalMs: number;
  /** 0 to 1: brings that forward by up to a tenth, so that logins which began together drift apart. */
  readonly spread?: number | undefined;
}

const LARGEST_SPREAD = 0.1;

/**
 * When the access token should be replaced, Unix milliseconds: well before its end, in the middle of a very short life.
 *
 * @param obtainedAt - Unix milliseconds; minus infinity when nobody knows how old it is.
 */
export function dueTime({ expiresAt }: Tokens, obtainedAt: number, plan: DuePlan): number {
  const byAge = obtainedAt + plan.intervalMs * (1 - LARGEST_SPREAD * (plan.spread ?? 0));
  if (expiresAt === undefined) return byAge;
  const ahead = Math.min(REFRESH_AHEAD_MS, (expiresAt - obtainedAt) / 2);
  return Math.min(byAge, expiresAt - ahead);
}
