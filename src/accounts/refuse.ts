import { GatewayError } from '../kernel/gateway-error.ts';
import type { ModelPool } from '../kernel/settings.ts';
import type { Parking } from './account-state.ts';
import { blockingOf } from './parking.ts';
import { gateFor } from './roster.ts';
import type { Roster, Seat } from './roster.ts';
import { withTime } from './settle.ts';

/** From what keeps an account away longest to what is over soonest. */
const GRAVITY: readonly Parking['kind'][] = ['login', 'quota', 'throttle'];

interface RefusalQuestion {
  readonly pool: ModelPool;
  readonly now: number;
  /** False for an account whose login is over: nobody is told to wait for it. */
  readonly isAlive: (id: string) => boolean;
}

/**
 * What to tell a client when all accounts are parked: 429 with the time to wait when some are only throttled, 503 when
 * one is just being tried, 402 when the quota of all is spent; `undefined` when none of these is the whole truth.
 */
export function refuse(
  { members }: Roster,
  { pool, now, isAlive }: RefusalQuestion,
): GatewayError | undefined {
  const wanted = members.filter(({ member }) => member?.enabled === true);
  const gravest = wanted.map((seat) => gravestOf(seat, pool));
  const alive = wanted.filter(({ id }) => isAlive(id));
  const hopeful = alive.map((seat) => gravestOf(seat, pool));
  const throttled = soonest(hopeful.filter((parking) => parking?.kind === 'throttle'));
  if (throttled !== undefined) {
    const seconds = Math.max(1, Math.ceil(((throttled.until ?? now) - now) / 1000));
    return new GatewayError(
      'rate-limit',
      `The accounts that could serve this are cooling down, the first for ${seconds} s: ${throttled.reason}`,
      { retryAfterSeconds: seconds },
    );
  }
  const due = alive.filter((seat) => gateFor(seat, pool, now) === 'trial');
  if (due.length > 0) return beingTried(due, now);
  const isSpent = (parking: Parking | undefined): boolean =>
    parking?.kind === 'quota' && endOf(parking) > now;
  const spent = gravest.every(isSpent) ? soonest(gravest) : undefined;
  return spent && new GatewayError('billing', describeSpent(spent), { shouldRetry: false });
}

/** An account may be back: whether it is, the next moment tells. */
function beingTried(due: readonly Seat[], now: number): GatewayError {
  const freeAt = Math.min(...due.map(({ trial }) => trial?.aloneUntil ?? now));
  const retryAfterSeconds = Math.max(1, Math.ceil((freeAt - now) / 1000));
  return new GatewayError(
    'unavailable',
    `No account is ready, and one is being tried that may be back; ask again in ${retryAfterSeconds} s`,
    { retryAfterSeconds, shouldRetry: true },
  );
}

function gravestOf({ state }: Seat, pool: ModelPool): Parking | undefined {
  const blocking = blockingOf(state.parkings, pool);
  const kind = GRAVITY.find((candidate) => blocking.some((parking) => parking.kind === candidate));
  const same = blocking.filter((parking) => parking.kind === kind);
  return same.sort((a, b) => endOf(b) - endOf(a))[0]; // it is back when the last of them is over
}

const endOf = ({ until }: Parking): number => until ?? Infinity;

const soonest = (parkings: readonly (Parking | undefined)[]): Parking | undefined =>
  parkings
    .filter((parking) => parking !== undefined)
    .reduce<Parking | undefined>(
      (first, parking) => (first === undefined || endOf(parking) < endOf(first) ? parking : first),
      undefined,
    );

function describeSpent({ reason, until }: Parking): string {
  const back = until === undefined ? '' : `, back at ${new Date(until).toISOString()}`;
  return `All accounts are out of quota: ${withTime(reason, back)}`;
}
