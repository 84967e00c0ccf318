import { GatewayError } from '../kernel/gateway-error.ts';
import type { Clock, Logger } from '../kernel/ports.ts';
import type { Secret } from '../kernel/secret.ts';
import { backOffMs } from './back-off.ts';
import { errorCode } from '../disk/disk.ts';
import { REFRESH_AHEAD_MS, isSameSecret } from './tokens.ts';
import type { Tokens } from './tokens.ts';
import { isRefusal } from './workos.ts';

export interface TokenCacheDeps {
  /** Names the login in logs and errors. */
  readonly label: string;
  /** What its owner can do when WorkOS refuses it. */
  readonly advice: string;
  /** A token is replaced when it is older than this, however long it would live. */
  readonly intervalMs: number;
  /** Brings tokens newer than `held`, already saved. @throws GatewayError `upstream-auth` when refused for good. */
  readonly refresh: (held: Tokens) => Promise<Tokens>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The tokens of one login: always at hand, renewed ahead of time, one refresh at once however many ask. */
export interface TokenCache {
  /** Takes tokens from outside, such as the disk. */
  readonly adopt: (tokens: Tokens) => void;
  /**
   * The access token. Waits for a refresh only when there is no valid one; otherwise a refresh that is due runs beside.
   *
   * @throws GatewayError saying what to do. While a failed refresh waits for its next try it throws at once.
   */
  readonly token: () => Promise<Secret>;
  /** Another token than `refused`, from a forced refresh unless there is one already; `undefined` when none is to be had. */
  readonly renew: (refused: Secret) => Promise<Secret | undefined>;
  /** Refreshes if it is due, and from now on ahead of time by itself. Never rejects. */
  readonly start: () => Promise<void>;
  readonly isUsable: () => boolean;
  /** Why it is not usable; without secrets. */
  readonly reason: () => string | undefined;
  /** Ends the background work and waits for a refresh that is under way. */
  readonly stop: () => Promise<void>;
}

interface Failure {
  readonly message: string;
  readonly isRefused: boolean;
  readonly count: number;
  readonly retryAt: number;
}

interface State {
  readonly deps: TokenCacheDeps;
  held: Tokens;
  /** Unix milliseconds; minus infinity when the age of the token is anyone's guess. */
  obtainedAt: number;
  /** The upstream refused the access token, and WorkOS the refresh token: nothing is left to try. */
  isDead: boolean;
  failure: Failure | undefined;
  running: Promise<void> | undefined;
  forcedAt: readonly number[];
  isStarted: boolean;
  cancelTimer: () => void;
}

const WHEN_UNREACHABLE = { firstMs: 5_000, maxMs: 5 * 60_000 }; // the first retry still falls into the replay window
const WHEN_REFUSED = { firstMs: 60_000, maxMs: 15 * 60_000 };
const FORCED = { most: 3, withinMs: 5 * 60_000 };
const MIN_TIMER_MS = 5_000;
const MAX_TIMER_MS = 24 * 60 * 60_000; // a longer one would overflow and fire at once

export function createTokenCache(deps: TokenCacheDeps): TokenCache {
  const state: State = {
    deps,
    held: {},
    obtainedAt: -Infinity,
    isDead: false,
    failure: undefined,
    running: undefined,
    forcedAt: [],
    isStarted: false,
    cancelTimer: () => undefined,
  };
  return {
    adopt: (tokens) => {
      take(state, tokens);
      schedule(state);
    },
    token: () => token(state),
    renew: (refused) => renew(state, refused),
    start: async () => {
      state.isStarted = true;
      if (isDue(state) && mayRefresh(state)) await refreshOnce(state);
      else schedule(state);
    },
    isUsable: () => findValid(state) !== undefined || (canRefresh(state) && state.failure === undefined),
    reason: () => (findValid(state) === undefined ? reasonOf(state) : undefined),
    stop: async () => {
      state.isStarted = false;
      state.cancelTimer();
      await state.running;
    },
  };
}

async function token(state: State): Promise<Secret> {
  if (findValid(state) === undefined) {
    if (state.running !== undefined || mayRefresh(state)) await refreshOnce(state);
  } else if (isDue(state) && mayRefresh(state)) {
    void refreshOnce(state);
  }
  const valid = findValid(state);
  if (valid === undefined) {
    throw new GatewayError(
      state.failure?.isRefused === true ? 'upstream-auth' : 'unavailable',
      reasonOf(state),
    );
  }
  return valid;
}

async function renew(state: State, refused: Secret): Promise<Secret | undefined> {
  const findOther = (): Secret | undefined => {
    const valid = findValid(state);
    return isSameSecret(valid, refused) ? undefined : valid;
  };
  if (findOther() !== undefined) return findOther();
  if (state.running !== undefined) {
    await state.running;
  } else if (mayRefresh(state) && mayForce(state)) {
    await refreshOnce(state);
  }
  const isOver = state.failure?.isRefused === true || state.held.refreshToken === undefined;
  if (isOver && isSameSecret(state.held.accessToken, refused)) state.isDead = true;
  return findOther();
}

/** An upstream that refuses whatever it is shown must not become a stream of refreshes. */
function mayForce(state: State): boolean {
  const now = state.deps.clock.now();
  const recent = state.forcedAt.filter((time) => time > now - FORCED.withinMs);
  if (recent.length >= FORCED.most) return false;
  state.forcedAt = [...recent, now];
  return true;
}

function refreshOnce(state: State): Promise<void> {
  state.isStarted = true;
  state.running ??= refresh(state).finally(() => {
    state.running = undefined;
    schedule(state);
  });
  return state.running;
}

async function refresh(state: State): Promise<void> {
  try {
    take(state, await state.deps.refresh(state.held));
  } catch (error) {
    fail(state, error);
  }
}

function take(state: State, tokens: Tokens): void {
  const now = state.deps.clock.now();
  state.held = tokens;
  state.obtainedAt = Math.min(now, tokens.issuedAt ?? (tokens.expiresAt === undefined ? -Infinity : now));
  state.isDead = false;
  state.failure = undefined;
}

function fail(state: State, error: unknown): void {
  const { clock, logger, label, advice } = state.deps;
  const isRefused = isRefusal(error);
  const count = (state.failure?.count ?? 0) + 1;
  const retryAt = clock.now() + backOffMs(count, isRefused ? WHEN_REFUSED : WHEN_UNREACHABLE);
  const message = error instanceof GatewayError ? error.message : errorCode(error);
  state.failure = { message, isRefused, count, retryAt };
  const valid = findValid(state) === undefined ? 'no valid token is left' : 'the token in use stays';
  const next = `next try at ${new Date(retryAt).toISOString()}`;
  const text = `Token refresh of ${label} failed: ${message}; ${valid}, ${next}`;
  if (isRefused) logger.error({ credential: label }, `${text}. ${advice}`);
  else logger.warn({ credential: label }, text);
}

/** Keeps one timer, for the next moment at which a refresh is due or may be tried again. */
function schedule(state: State): void {
  state.cancelTimer();
  if (!state.isStarted || !canRefresh(state)) return;
  const wait = (state.failure?.retryAt ?? dueAt(state)) - state.deps.clock.now();
  const delayMs = Math.min(Math.max(wait, MIN_TIMER_MS), MAX_TIMER_MS);
  state.cancelTimer = state.deps.clock.after(delayMs, () => {
    const isWanted = state.failure !== undefined || isDue(state);
    if (isWanted && mayRefresh(state)) void refreshOnce(state);
    else schedule(state);
  });
}

/** When the token should be replaced: well before its end, in the middle of a very short life. */
function dueAt({ held, obtainedAt, deps }: State): number {
  const byAge = obtainedAt + deps.intervalMs;
  if (held.expiresAt === undefined) return byAge;
  const ahead = Math.min(REFRESH_AHEAD_MS, (held.expiresAt - obtainedAt) / 2);
  return Math.min(byAge, held.expiresAt - ahead);
}

const isDue = (state: State): boolean =>
  state.held.accessToken === undefined || state.deps.clock.now() >= dueAt(state);

/** The access token, unless it is known to have ended. */
function findValid({ held, isDead, deps }: State): Secret | undefined {
  const hasEnded = held.expiresAt !== undefined && held.expiresAt <= deps.clock.now();
  return isDead || hasEnded ? undefined : held.accessToken;
}

const canRefresh = ({ held }: State): boolean => held.refreshToken !== undefined;

const mayRefresh = (state: State): boolean =>
  canRefresh(state) && state.deps.clock.now() >= (state.failure?.retryAt ?? 0);

function reasonOf({ deps, failure, held }: State): string {
  const { label, advice } = deps;
  if (failure?.isRefused === true) return `${label}: ${failure.message}. ${advice}`;
  if (failure !== undefined) {
    return `${label}: ${failure.message}; the next try is at ${new Date(failure.retryAt).toISOString()}`;
  }
  if (held.accessToken === undefined) return `${label} holds no token. ${advice}`;
  return `${label}: the access token has ended and there is no refresh token. ${advice}`;
}
