import type { Demand } from '../credentials/credential.ts';
import type { Affinity } from './affinity.ts';
import { gateFor, look, newPick, place } from './roster.ts';
import type { AccountPick, Roster, Seat } from './roster.ts';

/** What of a request's demand decides which account it gets. */
export type PoolDemand = Pick<Demand, 'pool' | 'session' | 'tried' | 'mayProbe'>;

export interface ChooserDeps {
  /** False while an account has no valid token. */
  readonly canPay: (id: string) => boolean;
  readonly affinity: () => 'off' | 'conversation';
}

export interface Chooser {
  /** An account for this request; `undefined` when none is left for it. */
  readonly choose: (demand: PoolDemand) => AccountPick | undefined;
  /** Has it asked anew whether the account can pay. */
  readonly reconsider: (seat: Seat) => void;
}

/** A trial whose end nobody told is over after this long. */
const LOST_TRIAL_MS = 15 * 60_000;
/** Refusals come at once; an account that has not refused for this long may well be back. */
const ALONE_MS = 5000;
/** How often those are asked again that could not pay; a refresh that succeeds is heard of at once. */
const ASK_AGAIN_MS = 1000;
/** A conversation leaves an account that is worse than this. */
const LEAST_HEALTH_FOR_BOND = 50;

interface Choice extends ChooserDeps {
  readonly roster: Roster;
  readonly bonds: Affinity;
  /** Those that could not pay, who was sent a request longest ago first. */
  broke: Seat[];
  askAgainAt: number;
}

export function createChooser(roster: Roster, bonds: Affinity, deps: ChooserDeps): Chooser {
  const choice: Choice = { ...deps, roster, bonds, broke: [], askAgainAt: 0 };
  return {
    choose: (demand) => choose(choice, demand),
    reconsider: (seat) => {
      if (!seat.isBroke || !choice.canPay(seat.id)) return;
      seat.isBroke = false;
      choice.broke = choice.broke.filter((other) => other !== seat);
      place(roster, seat, look(roster));
    },
  };
}

function choose(choice: Choice, demand: PoolDemand): AccountPick | undefined {
  const now = look(choice.roster);
  const isSpared = ({ trial, id }: Seat): boolean =>
    (trial !== undefined && now < trial.spareUntil) || !choice.canPay(id);
  const trial = findTrial(choice, demand, now, isSpared);
  if (trial !== undefined) return begin(trial, now);
  if (choice.broke.length > 0) askAgain(choice, now);
  const isBonded = demand.session !== undefined && choice.affinity() === 'conversation';
  const seat = isBonded ? stay(choice, demand, demand.session) : turn(choice, demand);
  if (seat !== undefined) return seat.pick;
  // Nobody can pay: a request that waits for a refresh is better than one that is refused.
  const waiting = findBroke(choice, demand, now);
  if (waiting !== undefined) return waiting.pick;
  const last = findTrial(choice, demand, now, ({ trial }) => trial !== undefined && now < trial.aloneUntil);
  return last && begin(last, now);
}

function findTrial(
  { roster }: Choice,
  { pool, tried, mayProbe }: PoolDemand,
  now: number,
  isSpared: (seat: Seat) => boolean,
): Seat | undefined {
  if (!mayProbe) return undefined;
  return roster.due.find(
    (seat) => gateFor(seat, pool, now) === 'trial' && !tried.has(seat.id) && !isSpared(seat),
  );
}

function begin(seat: Seat, now: number): AccountPick {
  const pick = newPick(seat.id, true);
  seat.trial = { pick, aloneUntil: now + ALONE_MS, spareUntil: now + LOST_TRIAL_MS };
  return pick;
}

/** The account that the conversation is with, while nothing speaks against it; else it moves to whose turn it is. */
function stay(choice: Choice, demand: PoolDemand, session: string): Seat | undefined {
  const { roster, bonds, canPay } = choice;
  const wheel = roster.wheels[demand.pool];
  const bound = roster.seats.get(bonds.find(session) ?? '');
  const isGood =
    bound !== undefined &&
    wheel.weightOf(bound.slot) >= LEAST_HEALTH_FOR_BOND &&
    !demand.tried.has(bound.id) &&
    canPay(bound.id);
  if (isGood) wheel.charge(bound.slot);
  const seat = isGood ? bound : turn(choice, demand);
  if (seat !== undefined) bonds.bind(session, seat.id);
  return seat;
}

/** Whose turn it is; those that turn out to be unable to pay step aside. */
function turn(choice: Choice, { pool, tried }: PoolDemand): Seat | undefined {
  const { roster, canPay } = choice;
  const barred = tried.size === 0 ? undefined : slotsOf(roster, tried);
  const isBarred = barred && ((slot: number): boolean => barred.includes(slot));
  for (;;) {
    const seat = roster.members[roster.wheels[pool].next(isBarred)];
    if (seat === undefined || canPay(seat.id)) return seat;
    seat.isBroke = true;
    choice.broke.push(seat);
    place(roster, seat, roster.seenAt);
  }
}

const slotsOf = ({ seats }: Roster, ids: ReadonlySet<string>): readonly number[] =>
  [...ids].map((id) => seats.get(id)?.slot ?? -1);

function askAgain(choice: Choice, now: number): void {
  const isTime = now >= choice.askAgainAt || now < choice.askAgainAt - ASK_AGAIN_MS;
  if (!isTime) return;
  choice.askAgainAt = now + ASK_AGAIN_MS;
  for (const seat of choice.broke) {
    seat.isBroke = seat.slot >= 0 && !choice.canPay(seat.id);
    if (!seat.isBroke) place(choice.roster, seat, now);
  }
  choice.broke = choice.broke.filter(({ isBroke }) => isBroke);
}

function findBroke(choice: Choice, { pool, tried }: PoolDemand, now: number): Seat | undefined {
  const found = choice.broke.find((seat) => gateFor(seat, pool, now) === 'open' && !tried.has(seat.id));
  if (found !== undefined) choice.broke = [...choice.broke.filter((seat) => seat !== found), found];
  return found;
}
