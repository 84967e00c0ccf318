import type { Outcome } from '../credentials/credential.ts';
import type { ErrorKind } from '../kernel/gateway-error.ts';
import type { ModelPool } from '../kernel/settings.ts';
import type { Parking } from './account-state.ts';
import type { Grounds } from './parking.ts';
import { readQuota, wordsOfBody } from './read-quota.ts';
import { singleLine } from './single-line.ts';

/** What the end of a request means for its account. */
export type Verdict =
  | { readonly kind: 'success' }
  /** The request's own fault, or nobody's: the account is as good as before. */
  | { readonly kind: 'nothing' }
  /** A failure that may come from the account. */
  | { readonly kind: 'setback' }
  | { readonly kind: 'park'; readonly grounds: Grounds };

type Failure = Extract<Outcome, { readonly kind: 'failed' }>;
type Effect = Parking['kind'] | 'setback' | 'nothing';

/** What a failure does to its account where no status says more. */
const EFFECTS: Readonly<Record<ErrorKind, Effect>> = {
  'invalid-request': 'nothing',
  'context-length': 'nothing',
  'content-policy': 'nothing',
  authentication: 'login',
  billing: 'quota',
  permission: 'nothing',
  'not-found': 'nothing',
  conflict: 'nothing',
  'too-large': 'nothing',
  'rate-limit': 'throttle',
  overloaded: 'setback',
  timeout: 'setback',
  server: 'setback',
  'bad-upstream': 'setback',
  'stream-cut': 'setback',
  'upstream-auth': 'nothing', // no token was to be had: nothing was asked of the upstream
  unavailable: 'nothing',
  cancelled: 'nothing',
};

const EFFECTS_OF_STATUS: Readonly<Record<number, Effect>> = {
  401: 'login',
  402: 'quota',
  408: 'setback',
  429: 'throttle',
};

/** Judges by the upstream's status first, by the kind of the failure where there was none. */
export function judgeOutcome(outcome: Outcome, pool: ModelPool): Verdict {
  if (outcome.kind === 'answered') return { kind: 'success' };
  if (outcome.kind === 'inconclusive' || outcome.kind === 'unused') return { kind: 'nothing' };
  const effect = effectOf(outcome);
  if (effect === 'nothing' || effect === 'setback') return { kind: effect };
  return { kind: 'park', grounds: GROUNDS[effect](outcome, pool) };
}

function effectOf({ status, error }: Failure): Effect {
  if (status === undefined || status < 400) return EFFECTS[error.kind];
  return EFFECTS_OF_STATUS[status] ?? (status >= 500 ? 'setback' : 'nothing');
}

const GROUNDS: Readonly<Record<Parking['kind'], (failure: Failure, pool: ModelPool) => Grounds>> = {
  login: ({ error }) => ({
    kind: 'login',
    scopes: ['account'],
    reason: withWords('its login was refused', error.message),
  }),
  quota: quotaGrounds,
  throttle: ({ error }) => ({
    kind: 'throttle',
    scopes: ['account'],
    reason: withWords('too many requests', error.message),
    ...waitOf(error.details.retryAfterSeconds),
  }),
};

function quotaGrounds({ error, text = '' }: Failure, pool: ModelPool): Grounds {
  const { pools, waitMs } = readQuota(`${wordsOfBody(text)}\n${error.message}`);
  const isOne = pools.length === 1;
  const scopes: readonly Parking['scope'][] = isOne ? [...new Set([...pools, pool])] : ['account'];
  const what = isOne ? `quota of the ${scopes.join(' and ')} pool is spent` : 'quota is spent';
  return {
    kind: 'quota',
    scopes,
    reason: withWords(what, error.message),
    ...(waitMs === undefined ? waitOf(error.details.retryAfterSeconds) : { waitMs }),
  };
}

const waitOf = (seconds: number | undefined): { readonly waitMs?: number } =>
  seconds === undefined || Number.isNaN(seconds) ? {} : { waitMs: seconds * 1000 };

function withWords(what: string, message: string): string {
  const words = singleLine(message);
  return words === '' ? what : `${what} (${words})`;
}
