import { backOffMs } from '../credentials/back-off.ts';
import type { ModelPool } from '../kernel/settings.ts';
import type { Parking } from './account-state.ts';
import { LONGEST_WINDOW_MS } from './read-quota.ts';

/** Announced times are sometimes wrong: however far the end is, a request tries once an hour. */
export const PROBE_INTERVAL_MS = 60 * 60_000;

const CEILING_MS: Readonly<Record<Parking['kind'], number>> = {
  login: LONGEST_WINDOW_MS,
  quota: LONGEST_WINDOW_MS,
  throttle: 5 * 60 * 60_000,
};
const LEAST_COOL_DOWN_MS = 1000;
const COOL_DOWN = { firstMs: 60_000, maxMs: 15 * 60_000 };

/** What an answer says about the account that it was asked with. */
export interface Grounds {
  readonly kind: Parking['kind'];
  readonly scopes: readonly Parking['scope'][];
  /** For logs and people; without secrets. */
  readonly reason: string;
  /** Milliseconds until it is expected back; absent when nothing was said. */
  readonly waitMs?: number;
}

/** Whether requests may use an account: all of them, one that tries, or none. */
export type Gate = 'open' | 'trial' | 'shut';

const blocks = ({ scope }: Parking, pool: ModelPool): boolean => scope === 'account' || scope === pool;

const isDue = ({ probeAt }: Parking, now: number): boolean => probeAt !== undefined && probeAt <= now;

/** The gate for requests that draw on `pool`. */
export function gateOf(parkings: readonly Parking[], pool: ModelPool, now: number): Gate {
  let gate: Gate = 'open'; // no lists: with a thousand accounts this is asked a thousand times a request
  for (const parking of parkings) {
    if (!blocks(parking, pool)) continue;
    if (!isDue(parking, now)) return 'shut';
    gate = 'trial';
  }
  return gate;
}

/** Those that keep requests for `pool` away. */
export const blockingOf = (parkings: readonly Parking[], pool: ModelPool): readonly Parking[] =>
  parkings.filter((parking) => blocks(parking, pool));

/** Those that are left once a request for `pool` has been answered. */
export const withoutBlocking = (parkings: readonly Parking[], pool: ModelPool): readonly Parking[] =>
  parkings.filter((parking) => !blocks(parking, pool));

/**
 * Parks on these grounds. What a trial finds unchanged counts as one more time in a row; an answer that was still
 * under way when the account was parked can only prolong that.
 */
export function park(
  parkings: readonly Parking[],
  grounds: Grounds,
  { now, isTrial }: { readonly now: number; readonly isTrial: boolean },
): readonly Parking[] {
  const isSame = ({ kind, scope }: Parking): boolean =>
    kind === grounds.kind && grounds.scopes.includes(scope);
  const renewed = grounds.scopes.map((scope) => {
    const before = parkings.find((parking) => isSame(parking) && parking.scope === scope);
    if (before === undefined || isTrial)
      return begin(grounds, scope, { now, count: (before?.count ?? 0) + 1 });
    return prolong(before, begin(grounds, scope, { now, count: before.count }), grounds);
  });
  const isPast = ({ kind, until }: Parking): boolean => kind === 'throttle' && (until ?? now) <= now;
  return [...parkings.filter((parking) => !isSame(parking) && !isPast(parking)), ...renewed];
}

function begin(
  { kind, reason, waitMs }: Grounds,
  scope: Parking['scope'],
  { now, count }: { readonly now: number; readonly count: number },
): Parking {
  const wait = kind === 'throttle' ? (waitMs ?? backOffMs(count, COOL_DOWN)) : waitMs;
  const parking = { kind, scope, reason, at: now, count };
  if (wait === undefined) return parking;
  const until = now + Math.min(Math.max(wait, LEAST_COOL_DOWN_MS), CEILING_MS[kind]);
  return { ...parking, until, probeAt: Math.min(until, now + PROBE_INTERVAL_MS) };
}

const prolong = (before: Parking, after: Parking, { waitMs }: Grounds): Parking =>
  waitMs === undefined || (before.until ?? 0) >= (after.until ?? 0) ? before : after;

/** What waited for a successful refresh may be tried now. */
export const awaken = (parkings: readonly Parking[], now: number): readonly Parking[] =>
  parkings.some(({ until }) => until === undefined)
    ? parkings.map((parking) => (parking.until === undefined ? { ...parking, probeAt: now } : parking))
    : parkings;

/** After a trial for `pool` that told nothing: the next one is made behind others that wait. */
export const postpone = (parkings: readonly Parking[], pool: ModelPool, now: number): readonly Parking[] =>
  parkings.map((parking) =>
    blocks(parking, pool) && isDue(parking, now) ? { ...parking, probeAt: now } : parking,
  );

/** When the first of them may be tried that cannot yet; infinity when none will by time alone. */
export const nextTrialAt = (parkings: readonly Parking[], now: number): number =>
  parkings.reduce(
    (first, { probeAt }) => (probeAt !== undefined && probeAt > now ? Math.min(first, probeAt) : first),
    Infinity,
  );

/** The same with every time moved by `byMs`, after the clock was set back. */
export const shift = (parking: Parking, byMs: number): Parking => ({
  ...parking,
  at: parking.at + byMs,
  ...(parking.until !== undefined && { until: parking.until + byMs }),
  ...(parking.probeAt !== undefined && { probeAt: parking.probeAt + byMs }),
});

/**
 * The parking as it can be at `now`, whatever clock wrote it: begun by now, over within what its kind can last, tried
 * within one probe interval. It stays the same object where nothing is wrong with it.
 */
export function confine(parking: Parking, now: number): Parking {
  if (parking.at > now) return confine(shift(parking, now - parking.at), now);
  const { until: stated, kind } = parking;
  const until = stated === undefined ? undefined : Math.min(stated, now + CEILING_MS[kind]);
  const firstTrialAt = until === undefined ? undefined : Math.min(until, parking.at + PROBE_INTERVAL_MS);
  const trialAt = parking.probeAt ?? firstTrialAt;
  const probeAt = trialAt === undefined ? undefined : Math.min(trialAt, now + PROBE_INTERVAL_MS);
  if (until === stated && probeAt === parking.probeAt) return parking;
  return { ...parking, ...(until !== undefined && { until }), ...(probeAt !== undefined && { probeAt }) };
}
