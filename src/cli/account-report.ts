import type { Account } from '../accounts/account.ts';
import type { AccountState, Parking } from '../accounts/account-state.ts';
import { FULL_HEALTH, healthNow } from '../accounts/health.ts';
import type { JsonObject } from '../kernel/json.ts';
import type { ModelPool } from '../kernel/settings.ts';
import type { Quota } from './factory.ts';
import { relative } from './time-words.ts';

/** Everything that is to be told of one account. */
export interface AccountReport {
  readonly account: Account;
  /** What the server remembers of it; absent before its first request. */
  readonly state: AccountState | undefined;
  /** Absent where nobody asked; a text says why there is none. */
  readonly quotas: readonly Quota[] | string | undefined;
}

export const REPORT_HEAD = ['LABEL', 'ID', 'STATE', 'HEALTH', 'TOKEN ENDS', 'STANDARD', 'CORE', 'LAST ERROR'];

const WINDOW_WORDS: Readonly<Record<Quota['window'], string>> = {
  fiveHour: '5 h',
  weekly: 'week',
  monthly: 'month',
};

/** One row under {@link REPORT_HEAD}. */
export function reportRow(report: AccountReport, now: number): string[] {
  const { account, state } = report;
  const { expiresAt } = account.tokens;
  const error = state?.lastError;
  return [
    account.label,
    account.id,
    stateWords(account, state, now),
    String(healthOf(state, now)),
    expiresAt === undefined ? 'unknown' : `${relative(expiresAt, now)}, ${isoTime(expiresAt)}`,
    quotaWords(report, 'standard', now),
    quotaWords(report, 'core', now),
    error === undefined ? '' : `${relative(error.at, now)}: ${error.message}`,
  ];
}

/** The same for programs, without what is not known; times are Unix milliseconds. */
export function reportJson({ account, state, quotas }: AccountReport, now: number): JsonObject {
  const error = state?.lastError;
  return {
    id: account.id,
    label: account.label,
    email: account.email ?? null,
    organization_id: account.organizationId ?? null,
    enabled: account.enabled,
    state: stateWords(account, state, now),
    health: healthOf(state, now),
    token_expires_at: account.tokens.expiresAt ?? null,
    has_refresh_token: account.tokens.refreshToken !== undefined,
    ...(typeof quotas === 'object' && { quotas: quotas.map(quotaJson) }),
    ...(typeof quotas === 'string' && { quota_error: quotas }),
    ...(state !== undefined && { requests: state.requests }),
    ...(state?.lastUsedAt !== undefined && { last_used_at: state.lastUsedAt }),
    ...(error !== undefined && { last_error: { ...error } }),
  };
}

const healthOf = (state: AccountState | undefined, now: number): number =>
  state === undefined ? FULL_HEALTH : Math.round(healthNow(state, now));

const quotaJson = ({ pool, window, usedPercent, endsAt }: Quota): JsonObject => ({
  pool,
  window,
  used_percent: usedPercent,
  ends_at: endsAt ?? null,
});

/** Whether it is used, and what it waits for if not. */
function stateWords(account: Account, state: AccountState | undefined, now: number): string {
  if (!account.enabled) return 'disabled';
  const { tokens, enabledAt = 0 } = account;
  const hasEnded = tokens.expiresAt !== undefined && tokens.expiresAt <= now;
  if (tokens.refreshToken === undefined && (tokens.accessToken === undefined || hasEnded))
    return 'login over';
  const parkings = (state?.parkings ?? []).filter(
    ({ at, until }) => at > enabledAt && (until === undefined || until > now),
  );
  return parkings.length === 0 ? 'active' : parkings.map((parking) => parkingWords(parking, now)).join('; ');
}

const PARKING_WORDS: Readonly<Record<Parking['kind'], string>> = {
  login: 'login refused',
  quota: 'quota spent',
  throttle: 'cooling down',
};

function parkingWords({ kind, scope, until }: Parking, now: number): string {
  const where = scope === 'account' ? '' : ` (${scope})`;
  const back = until === undefined ? '' : `, back ${relative(until, now)}`;
  return `${PARKING_WORDS[kind]}${where}${back}`;
}

/** The tightest window of one allowance: it decides. */
function quotaWords({ quotas }: AccountReport, pool: ModelPool, now: number): string {
  if (typeof quotas === 'string') return '?';
  const own = (quotas ?? []).filter((quota) => quota.pool === pool);
  const [first, ...others] = own;
  if (first === undefined) return '-';
  const tightest = others.reduce(
    (most, quota) => (quota.usedPercent > most.usedPercent ? quota : most),
    first,
  );
  const { usedPercent, window, endsAt } = tightest;
  const until = endsAt === undefined || endsAt <= now ? '' : `, ends ${relative(endsAt, now)}`;
  return `${Math.round(usedPercent)} % of the ${WINDOW_WORDS[window]}${until}`;
}

const isoTime = (time: number): string => `${new Date(time).toISOString().slice(0, 19)}Z`;
