import type { Outcome } from '../credentials/credential.ts';
import type { Logger } from '../kernel/ports.ts';
import type { ModelPool } from '../kernel/settings.ts';
import type { Parking } from './account-state.ts';
import { afterFailure, afterSuccess } from './health.ts';
import { judgeOutcome } from './judge-outcome.ts';
import { park, postpone, withoutBlocking } from './parking.ts';
import type { Grounds } from './parking.ts';
import { look, newPick, place } from './roster.ts';
import type { AccountPick, Roster, Seat } from './roster.ts';
import { countOutcome } from './statistics.ts';

/** A trial that failed and told nothing is not repeated with the very next request, which another account can serve. */
const PAUSE_MS = 30_000;

interface Settling {
  readonly roster: Roster;
  readonly logger: Logger;
  readonly seat: Seat;
  readonly pick: AccountPick;
  readonly pool: ModelPool;
  readonly now: number;
}

/** Draws the consequences of how one use of an account ended. */
export function settle(
  { roster, logger }: Pick<Settling, 'roster' | 'logger'>,
  pick: AccountPick,
  outcome: Outcome,
  pool: ModelPool,
): void {
  const seat = roster.seats.get(pick.id);
  if (seat === undefined) return;
  const now = look(roster);
  const settling: Settling = { roster, logger, seat, pick, pool, now };
  if (seat.trial?.pick === pick) seat.trial = undefined;
  seat.state = countOutcome(seat.state, outcome, now);
  const verdict = judgeOutcome(outcome, pool);
  switch (verdict.kind) {
    case 'success':
      seat.state = { ...seat.state, ...afterSuccess(seat.state, now) };
      if (pick.isProbe) comeBack(settling, withoutBlocking(seat.state.parkings, pool));
      break;
    case 'setback':
      seat.state = { ...seat.state, ...afterFailure(seat.state, now) };
      tryLater(settling, PAUSE_MS);
      break;
    case 'nothing':
      tryLater(settling, outcome.kind === 'failed' ? PAUSE_MS : 0);
      break;
    case 'park':
      parkSeat(settling, verdict.grounds);
      break;
  }
  place(roster, seat, now);
}

/** Leaves these parkings, in every other respect as if the account had never been parked. */
export function comeBack(
  { roster, logger, seat }: Pick<Settling, 'roster' | 'logger' | 'seat'>,
  parkings: readonly Parking[],
): void {
  if (parkings.length === seat.state.parkings.length) return;
  changeParkings(roster, seat, parkings);
  seat.pick = newPick(seat.id, false);
  const label = labelOf(seat);
  logger.info({ account: label }, `Account ${label} is back`);
}

/** Gives a seat other parkings; who may be used is found out anew before the next choice. */
export function changeParkings(roster: Roster, seat: Seat, parkings: readonly Parking[]): void {
  seat.state = { ...seat.state, parkings };
  roster.nextChangeAt = -Infinity;
}

export const labelOf = ({ id, member }: Seat): string => member?.label ?? id;

function tryLater({ roster, seat, pick, pool, now }: Settling, pauseMs: number): void {
  if (!pick.isProbe) return;
  changeParkings(roster, seat, postpone(seat.state.parkings, pool, now));
  if (pauseMs > 0) seat.trial ??= { pick, aloneUntil: now, spareUntil: now + pauseMs };
}

function parkSeat({ roster, logger, seat, pick, now }: Settling, grounds: Grounds): void {
  // Asked before the account was parked and came back: it says what was, not what is.
  if (!pick.isProbe && pick !== seat.pick) return;
  const before = seat.state.parkings;
  const after = park(before, grounds, { now, isTrial: pick.isProbe });
  changeParkings(roster, seat, after);
  const isKnown = (parking: Parking): boolean =>
    before.some(({ kind, scope, count }) => {
      return kind === parking.kind && scope === parking.scope && count === parking.count;
    });
  const news = after.find((parking) => !isKnown(parking));
  if (news !== undefined) announce(logger, labelOf(seat), news);
}

function announce(logger: Logger, label: string, { kind, until, reason }: Parking): void {
  const fields = { account: label };
  const back = until === undefined ? '' : new Date(until).toISOString();
  if (kind === 'throttle') {
    logger.warn(fields, `Account ${label} cooling down until ${back}: ${reason}`);
  } else {
    const expected = back === '' ? '' : `, back at ${back}`;
    logger.warn(fields, `Account ${label} disabled: ${withTime(reason, expected)}`);
  }
}

/** The time stands behind what happened and before the upstream's own words. */
export function withTime(reason: string, expected: string): string {
  const words = reason.indexOf(' (');
  return words < 0 ? reason + expected : reason.slice(0, words) + expected + reason.slice(words);
}
