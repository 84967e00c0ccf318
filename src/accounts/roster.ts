import type { Clock } from '../kernel/ports.ts';
import type { ModelPool } from '../kernel/settings.ts';
import type { AccountState } from './account-state.ts';
import { LEAST_HEALTH, healthNow } from './health.ts';
import { confine, gateOf, nextTrialAt, shift } from './parking.ts';
import { newState } from './statistics.ts';
import { createWheel } from './wheel.ts';
import type { Wheel } from './wheel.ts';

/** The choice of an account for one request; the very object that was handed out is what settles it. */
export interface AccountPick {
  readonly id: string;
  /** This use finds out whether a parked account is back. */
  readonly isProbe: boolean;
}

/** One account that requests may be shared out to. */
export interface PoolMember {
  readonly id: string;
  readonly label: string;
  readonly enabled: boolean;
  /** When its owner last wanted it back, Unix milliseconds. */
  readonly enabledAt?: number;
}

/** A request that finds out whether an account is back; while it is under way, and after one that told nothing, others hold back. */
interface Trial {
  readonly pick: AccountPick;
  /** Until then nobody else tries, Unix milliseconds. */
  readonly aloneUntil: number;
  /** Until then nobody tries whom another account can serve. */
  readonly spareUntil: number;
}

/** An account, or what is remembered of one that is gone. */
export interface Seat {
  readonly id: string;
  member: PoolMember | undefined;
  /** The last wish of its owner to have it back, as the file dates it. */
  wish: number;
  /** The same by the clock of this process; minus infinity when never. */
  wantedAt: number;
  /** Its number on the wheels, -1 for one that is gone. */
  slot: number;
  state: AccountState;
  /** What is handed out for an ordinary use; another object once the account has come back from being parked. */
  pick: AccountPick;
  /** The last trial, as long as others hold back for it. */
  trial: Trial | undefined;
  /** It had no valid token when it was last asked. */
  isBroke: boolean;
}

/** Who is there, and whose turn it is for each allowance. */
export interface Roster {
  readonly clock: Clock;
  readonly seats: Map<string, Seat>;
  readonly wheels: Readonly<Record<ModelPool, Wheel>>;
  /** The seats that have a slot, by its number. */
  members: readonly Seat[];
  /** Those of the members that a request may try, who has waited longest first. */
  due: readonly Seat[];
  /** When time alone changes who may be used, or how much; minus infinity when something else has. */
  nextChangeAt: number;
  seenAt: number;
}

export const POOLS: readonly ModelPool[] = ['standard', 'core'];

/** Health heals all the time; weights follow it in steps. */
const HEALING_STEP_MS = 60_000;

export const createRoster = (clock: Clock): Roster => ({
  clock,
  seats: new Map(),
  wheels: { standard: createWheel(), core: createWheel() },
  members: [],
  due: [],
  nextChangeAt: -Infinity,
  seenAt: clock.now(),
});

export const newPick = (id: string, isProbe: boolean): AccountPick => ({ id, isProbe });

/** The seat of an account, made when there is none. */
export function seatOf(roster: Roster, id: string): Seat {
  const known = roster.seats.get(id);
  if (known !== undefined) return known;
  const seat: Seat = {
    id,
    member: undefined,
    wish: -Infinity,
    wantedAt: -Infinity,
    slot: -1,
    state: newState(roster.clock.now()),
    pick: newPick(id, false),
    trial: undefined,
    isBroke: false,
  };
  roster.seats.set(id, seat);
  return seat;
}

/** Gives the wheels to these members; whoever stays keeps its turn. */
export function arrange(roster: Roster, members: readonly PoolMember[]): void {
  const seats = members.map(({ id }) => seatOf(roster, id));
  const former = seats.map(({ slot }) => slot);
  for (const seat of roster.members) {
    seat.member = undefined;
    seat.slot = -1;
  }
  seats.forEach((seat, slot) => {
    seat.slot = slot;
    admit(seat, members[slot], roster.clock.now());
  });
  roster.members = seats;
  for (const pool of POOLS) roster.wheels[pool].arrange(former);
  roster.nextChangeAt = -Infinity;
}

/** A wish that another machine's clock dates into the future was made just now, at the latest. */
function admit(seat: Seat, member: PoolMember | undefined, now: number): void {
  const wish = member?.enabledAt ?? -Infinity;
  const isKnown = wish === seat.wish;
  seat.member = member;
  seat.wish = wish;
  if (!isKnown) seat.wantedAt = Math.min(wish, now);
}

/** Brings everything up to this moment, which it returns; nearly always a comparison. */
export function look(roster: Roster): number {
  const now = roster.clock.now();
  if (now < roster.seenAt) setBack(roster, now - roster.seenAt);
  roster.seenAt = now;
  if (now >= roster.nextChangeAt) review(roster, now);
  return now;
}

/** The clock was set back: what is left of every wait stays what it was. */
function setBack(roster: Roster, byMs: number): void {
  for (const seat of roster.seats.values()) {
    const { state, trial } = seat;
    const parkings = state.parkings.map((parking) => shift(parking, byMs));
    seat.state = { ...state, healthAt: state.healthAt + byMs, parkings };
    seat.wantedAt += byMs;
    seat.trial = trial && {
      ...trial,
      aloneUntil: trial.aloneUntil + byMs,
      spareUntil: trial.spareUntil + byMs,
    };
  }
  roster.nextChangeAt = -Infinity;
}

function review(roster: Roster, now: number): void {
  let nextChangeAt = now + HEALING_STEP_MS;
  const due: Seat[] = [];
  for (const seat of roster.members) {
    confineState(seat, now);
    place(roster, seat, now);
    const { parkings } = seat.state;
    nextChangeAt = Math.min(nextChangeAt, nextTrialAt(parkings, now));
    if (POOLS.some((pool) => gateFor(seat, pool, now) === 'trial')) due.push(seat);
  }
  roster.due = due.length < 2 ? due : due.sort((a, b) => dueSince(a) - dueSince(b));
  roster.nextChangeAt = nextChangeAt;
}

function confineState(seat: Seat, now: number): void {
  const { state } = seat;
  if (state.healthAt > now) seat.state = { ...state, healthAt: now };
  if (state.parkings.length === 0) return;
  const parkings = state.parkings.map((parking) => confine(parking, now));
  const isSame = parkings.every((parking, index) => parking === state.parkings[index]);
  if (!isSame) seat.state = { ...seat.state, parkings };
}

const dueSince = ({ state }: Seat): number =>
  Math.max(...state.parkings.map(({ probeAt }) => probeAt ?? -Infinity));

/** Whether requests for `pool` may use the account; shut for one that its owner does not want used. */
export const gateFor = (seat: Seat, pool: ModelPool, now: number): 'open' | 'trial' | 'shut' =>
  seat.member?.enabled === true ? gateOf(seat.state.parkings, pool, now) : 'shut';

/** Puts a seat on the wheels that it belongs on, with its health for a weight. */
export function place(roster: Roster, seat: Seat, now: number): void {
  if (seat.slot < 0) return;
  const weight = Math.max(LEAST_HEALTH, healthNow(seat.state, now));
  for (const pool of POOLS) {
    const isFree = !seat.isBroke && gateFor(seat, pool, now) === 'open';
    roster.wheels[pool].setWeight(seat.slot, isFree ? weight : 0);
  }
}
