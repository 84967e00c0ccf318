import { GatewayError } from '../kernel/gateway-error.ts';
import type { Clock, Logger } from '../kernel/ports.ts';
import type { Secret } from '../kernel/secret.ts';
import { dueTime } from './due-time.ts';
import type { DuePlan } from './due-time.ts';
import { countFailure, describeRetry, mayRetry } from './refresh-failure.ts';
import type { RefreshFailure } from './refresh-failure.ts';
import { noTurns } from './refresh-turns.ts';
import type { RefreshTurn, RefreshTurns } from './refresh-turns.ts';
import { isSameSecret } from './tokens.ts';
import type { Tokens } from './tokens.ts';

export interface TokenCacheDeps extends DuePlan {
  /** Names the login in logs and errors. */
  readonly label: () => string;
  /** What its owner can do when WorkOS refuses it. */
  readonly advice: string;
  /** Brings tokens newer than `held`, already saved. @throws GatewayError `upstream-auth` when refused for good. */
  readonly refresh: (held: Tokens) => Promise<Tokens>;
  /** Hears of every refresh that succeeded. */
  readonly onRefreshed?: (() => void) | undefined;
  /** What a refresh waits for that no caller waits for. */
  readonly turns?: RefreshTurns | undefined;
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
  /** Refreshes, due or not, even while a failed refresh waits for its next try; true when that succeeds. Never rejects. */
  readonly refresh: () => Promise<boolean>;
  /** Refreshes if it is due or was `isInterrupted`, and from now on ahead of time by itself. Never rejects. */
  readonly start: (isInterrupted?: boolean) => Promise<void>;
  /** True while there is a token that can be sent without a refresh. */
  readonly hasValid: () => boolean;
  readonly isUsable: () => boolean;
  /** When the access token ends, Unix milliseconds; absent when there is none or nobody said. */
  readonly expiresAt: () => number | undefined;
  /** Why it is not usable; without secrets. */
  readonly reason: () => string | undefined;
  /** Ends the background work and waits for a refresh that is under way. */
  readonly stop: () => Promise<void>;
}

interface State {
  readonly deps: TokenCacheDeps;
  held: Tokens;
  /** Unix milliseconds; minus infinity when the age of the token is anyone's guess. */
  obtainedAt: number;
  /** The upstream refused the access token, and WorkOS the refresh token: nothing is left to try. */
  isDead: boolean;
  failure: RefreshFailure | undefined;
  running: Promise<void> | undefined;
  forcedAt: readonly number[];
  /** Only a `started` one refreshes by itself; the first refresh starts it, unless it was stopped. */
  phase: 'loaded' | 'started' | 'stopped';
  cancelTimer: () => void;
  /** The place in the queue of a refresh that nobody waits for. */
  turn: RefreshTurn | undefined;
}

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
    phase: 'loaded',
    cancelTimer: () => undefined,
    turn: undefined,
  };
  return {
    adopt: (tokens) => {
      take(state, tokens);
      schedule(state);
    },
    token: () => token(state),
    renew: (refused) => renew(state, refused),
    refresh: async () => {
      if (!canRefresh(state)) return false;
      await refreshOnce(state);
      return state.failure === undefined;
    },
    start: async (isInterrupted = false) => {
      state.phase = 'started';
      if (isInterrupted && mayRefresh(state)) await refreshOnce(state);
      else if (isDue(state) && mayRefresh(state)) await refreshInTurn(state);
      else schedule(state);
    },
    hasValid: () => findValid(state) !== undefined,
    isUsable: () => findValid(state) !== undefined || (canRefresh(state) && state.failure === undefined),
    expiresAt: () => state.held.expiresAt,
    reason: () => (findValid(state) === undefined ? reasonOf(state) : undefined),
    stop: async () => {
      state.phase = 'stopped';
      cancelNext(state);
      await state.running;
    },
  };
}

async function token(state: State): Promise<Secret> {
  if (findValid(state) === undefined) {
    if (state.running !== undefined || mayRefresh(state)) await refreshOnce(state);
  } else if (isDue(state) && mayRefresh(state)) {
    void refreshInTurn(state);
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
  if (state.phase === 'loaded') state.phase = 'started';
  state.running ??= refresh(state).finally(() => {
    state.running = undefined;
    schedule(state);
  });
  return state.running;
}

async function refresh(state: State): Promise<void> {
  try {
    take(state, await state.deps.refresh(state.held));
    state.deps.onRefreshed?.();
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
  const isKnown = state.failure?.isRefused === true; // its owner has been told, loudly enough
  const failure = countFailure(state.failure, error, clock.now());
  state.failure = failure;
  const valid = findValid(state) === undefined ? 'no valid token is left' : 'the token in use stays';
  const text = `Token refresh of ${label()} failed: ${failure.message}; ${valid}, next try at ${describeRetry(failure)}`;
  if (!failure.isRefused) logger.warn({ credential: label() }, text);
  else logger[isKnown ? 'warn' : 'error']({ credential: label() }, `${text}. ${advice}`);
}

/** Keeps one timer, for the next moment at which a refresh is due or may be tried again. */
function schedule(state: State): void {
  cancelNext(state);
  if (state.phase !== 'started' || !canRefresh(state)) return;
  const wait = (state.failure?.retryAt ?? dueAt(state)) - state.deps.clock.now();
  const delayMs = Math.min(Math.max(wait, MIN_TIMER_MS), MAX_TIMER_MS);
  state.cancelTimer = state.deps.clock.after(delayMs, () => {
    const isWanted = state.failure !== undefined || isDue(state);
    if (isWanted && mayRefresh(state)) void refreshInTurn(state);
    else schedule(state);
  });
}

function refreshInTurn(state: State): Promise<void> {
  if (state.running !== undefined) return state.running;
  const isHalfSpent = state.failure?.isRefused === false; // the answer may be lost: WorkOS repeats it for 30 s only
  state.turn ??= (state.deps.turns ?? noTurns).request(() => refreshOnce(state), isHalfSpent);
  return state.turn.done;
}

/** Gives up the turn as well: whatever brings new tokens, makes the refresh needless. */
function cancelNext(state: State): void {
  state.cancelTimer();
  state.turn?.giveUp();
  state.turn = undefined;
}

const dueAt = ({ held, obtainedAt, deps }: State): number => dueTime(held, obtainedAt, deps);

const isDue = (state: State): boolean =>
  state.held.accessToken === undefined || state.deps.clock.now() >= dueAt(state);

/** The access token, unless it is known to have ended. */
function findValid({ held, isDead, deps }: State): Secret | undefined {
  const hasEnded = held.expiresAt !== undefined && held.expiresAt <= deps.clock.now();
  return isDead || hasEnded ? undefined : held.accessToken;
}

const canRefresh = ({ held }: State): boolean => held.refreshToken !== undefined;

const mayRefresh = (state: State): boolean =>
  canRefresh(state) && (state.failure === undefined || mayRetry(state.failure, state.deps.clock.now()));

function reasonOf({ deps, failure, held }: State): string {
  const { label, advice } = deps;
  if (failure?.isRefused === true) return `${label()}: ${failure.message}. ${advice}`;
  if (failure !== undefined) {
    return `${label()}: ${failure.message}; the next try is at ${describeRetry(failure)}`;
  }
  if (held.accessToken === undefined) return `${label()} holds no token. ${advice}`;
  return `${label()}: the access token has ended and there is no refresh token. ${advice}`;
}
