import type { Outcome } from '../credentials/credential.ts';
import type { GatewayError } from '../kernel/gateway-error.ts';
import type { Clock, Logger } from '../kernel/ports.ts';
import type { ModelPool } from '../kernel/settings.ts';
import type { AccountState, Parking } from './account-state.ts';
import { createAffinity } from './affinity.ts';
import { createChooser } from './choose.ts';
import type { ChooserDeps, PoolDemand } from './choose.ts';
import { mergeState } from './merge-states.ts';
import { awaken } from './parking.ts';
import { refuse } from './refuse.ts';
import { reportOf } from './report.ts';
import type { AccountReport } from './report.ts';
import { POOLS, arrange, createRoster, gateFor, look, seatOf } from './roster.ts';
import type { AccountPick, PoolMember, Roster, Seat } from './roster.ts';
import { changeParkings, comeBack, settle } from './settle.ts';

export type { AccountPick, PoolMember } from './roster.ts';
export type { PoolDemand } from './choose.ts';
export type { AccountReport } from './report.ts';

/** What is remembered of the accounts, by their ids. */
export type AccountStates = ReadonlyMap<string, AccountState>;

export interface AccountPoolDeps extends ChooserDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Something that is worth remembering has changed. */
  readonly onChange: () => void;
}

/** Shares requests out to several accounts by their health, and keeps count of how each is doing. */
export interface AccountPool {
  /** Who is there, each id once. What is known of an id stays, also while it is gone. */
  readonly setMembers: (members: readonly PoolMember[]) => void;
  /** The account for a request; `undefined` when none is left for it. */
  readonly pick: (demand: PoolDemand) => AccountPick | undefined;
  /** Hears once how the use of a pick ended; takes the very object that {@link pick} returned. */
  readonly settle: (pick: AccountPick, outcome: Outcome, pool: ModelPool) => void;
  /** The account has new tokens: what was waiting for them is tried with the next request. */
  readonly refreshed: (id: string) => void;
  /**
   * 429 when accounts are throttled, 503 when one is being tried, 402 when the quota of all is spent; `undefined` when
   * none of these is all there is. Nobody is told to wait for an account that is not `isAlive`: all are, unless told.
   */
  readonly refusal: (pool: ModelPool, isAlive?: (id: string) => boolean) => GatewayError | undefined;
  readonly report: () => readonly AccountReport[];
  /** What is to be remembered of all accounts, also of those that are gone. */
  readonly snapshot: () => AccountStates;
  /**
   * Takes up what is remembered on the disk.
   *
   * @param since - the snapshot that went into `states`; what happened after it stays.
   */
  readonly restore: (states: AccountStates, since?: AccountStates) => void;
  readonly isMember: (id: string) => boolean;
  /** Whether some account is neither parked nor off, and has what `isAlive` asks for: a valid token, unless told else. */
  readonly isUsable: (isAlive?: (id: string) => boolean) => boolean;
}

export function createAccountPool(deps: AccountPoolDeps): AccountPool {
  const { clock, logger, onChange, canPay } = deps;
  const roster = createRoster(clock);
  const chooser = createChooser(roster, createAffinity({ clock }), deps);
  return {
    setMembers: (members) => {
      arrange(roster, members);
      for (const seat of roster.members) comeBack({ roster, logger, seat }, wantedParkings(seat));
      look(roster);
    },
    pick: (demand) => chooser.choose(demand),
    settle: (pick, outcome, pool) => {
      settle({ roster, logger }, pick, outcome, pool);
      onChange();
    },
    refreshed: (id) => {
      const seat = roster.seats.get(id);
      if (seat === undefined) return;
      const now = look(roster); // first of all: it may move what the seat remembers
      chooser.reconsider(seat);
      const parkings = awaken(seat.state.parkings, now);
      if (parkings === seat.state.parkings) return;
      changeParkings(roster, seat, parkings);
      onChange();
    },
    refusal: (pool, isAlive = () => true) => refuse(roster, { pool, now: look(roster), isAlive }),
    report: () => reportOf(roster, canPay, look(roster)),
    snapshot: () => new Map([...roster.seats.values()].map(({ id, state }) => [id, state])),
    restore: (states, since) => restore(roster, states, since ?? new Map<string, AccountState>()),
    isMember: (id) => roster.seats.get(id)?.member !== undefined,
    isUsable: (isAlive = canPay) => {
      const now = look(roster);
      const isOnWheel = ({ slot }: Seat): boolean =>
        POOLS.some((pool) => roster.wheels[pool].weightOf(slot) > 0);
      const isAdmitted = (seat: Seat): boolean => POOLS.some((pool) => gateFor(seat, pool, now) !== 'shut');
      // The wheels know the answer for nearly all; those that they leave out are looked at one by one.
      return (
        roster.members.some((seat) => isOnWheel(seat) && isAlive(seat.id)) ||
        roster.members.some((seat) => isAdmitted(seat) && isAlive(seat.id))
      );
    },
  };
}

/** Without what befell the account before its owner last wanted it back. */
const wantedParkings = ({ state, wantedAt }: Seat): readonly Parking[] =>
  state.parkings.filter(({ at }) => at > wantedAt);

function restore(roster: Roster, states: AccountStates, since: AccountStates): void {
  for (const [id, state] of states) {
    const seat = seatOf(roster, id);
    seat.state = seat.state.requests === 0 ? state : mergeState(since.get(id), seat.state, state);
    seat.state = { ...seat.state, parkings: wantedParkings(seat) };
  }
  for (const [id, { member }] of roster.seats) {
    if (member === undefined && !states.has(id)) roster.seats.delete(id);
  }
  roster.nextChangeAt = -Infinity;
}
