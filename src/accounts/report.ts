import type { AccountState } from './account-state.ts';
import { healthNow } from './health.ts';
import { POOLS, gateFor } from './roster.ts';
import type { Roster, Seat } from './roster.ts';
import { labelOf } from './settle.ts';

/**
 * What an account is good for now. `off`: its owner does not want it used. `partly-parked`: one of its allowances is
 * spent. `no-token`: it waits for a refresh.
 */
export type AccountWord =
  'ready' | 'partly-parked' | 'login-refused' | 'quota-spent' | 'cooling-down' | 'no-token' | 'off';

/** One account for people: what it is doing and how it has done. */
export interface AccountReport extends AccountState {
  readonly id: string;
  readonly label: string;
  readonly enabled: boolean;
  readonly word: AccountWord;
}

/** All members in their order, with their health as it is now. */
export const reportOf = (
  { members }: Roster,
  canPay: (id: string) => boolean,
  now: number,
): AccountReport[] =>
  members.map((seat) => ({
    ...seat.state,
    health: healthNow(seat.state, now),
    healthAt: now,
    id: seat.id,
    label: labelOf(seat),
    enabled: seat.member?.enabled === true,
    word: wordOf(seat, canPay, now),
  }));

function wordOf(seat: Seat, canPay: (id: string) => boolean, now: number): AccountWord {
  if (seat.member?.enabled !== true) return 'off';
  const { parkings } = seat.state;
  if (parkings.some(({ kind }) => kind === 'login')) return 'login-refused';
  const open = POOLS.filter((pool) => gateFor(seat, pool, now) === 'open');
  if (open.length === 0)
    return parkings.some(({ kind }) => kind === 'quota') ? 'quota-spent' : 'cooling-down';
  if (!canPay(seat.id)) return 'no-token';
  return open.length < POOLS.length ? 'partly-parked' : 'ready';
}
