import type { Secret } from '../kernel/secret.ts';

/** What is known of one login; one of the two tokens is always there. Times are Unix milliseconds. */
export interface Tokens {
  readonly accessToken?: Secret;
  /** Single use: the next refresh retires it. */
  readonly refreshToken?: Secret;
  /** When the access token ends; absent when nobody said. */
  readonly expiresAt?: number;
  /** When the access token was made; absent when nobody said. */
  readonly issuedAt?: number;
  readonly email?: string;
  readonly organizationId?: string;
  /** The person, `user_…`. */
  readonly userId?: string;
  /** One log-in of that person, `session_…`; refreshes stay in it. */
  readonly sessionId?: string;
}

/** A login fresh from the token endpoint. */
export interface TokenPair extends Tokens {
  readonly accessToken: Secret;
  readonly refreshToken: Secret;
  readonly expiresAt: number;
}

/** This long before its end an access token is replaced. */
export const REFRESH_AHEAD_MS = 2 * 60_000;

/** The largest time that a `Date` can hold. */
const MAX_TIME = 8.64e15;

/** `time` when it is a moment that can be printed, else `undefined`. */
export const findTime = (time: number | undefined): number | undefined =>
  time !== undefined && time > 0 && time <= MAX_TIME ? time : undefined;

export const isSameSecret = (one: Secret | undefined, other: Secret | undefined): boolean =>
  one?.reveal() === other?.reveal();

/** True when both are the same login in the same state. */
export const areSameTokens = (one: Tokens | undefined, other: Tokens | undefined): boolean =>
  isSameSecret(one?.accessToken, other?.accessToken) && isSameSecret(one?.refreshToken, other?.refreshToken);

/** True while the access token is known to live on for longer than {@link REFRESH_AHEAD_MS}. */
export const isFresh = (tokens: Tokens, now: number): boolean =>
  tokens.accessToken !== undefined && (tokens.expiresAt ?? 0) > now + REFRESH_AHEAD_MS;
