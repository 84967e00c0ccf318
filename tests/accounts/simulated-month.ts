import type { AccountPick } from '../../src/accounts/account-pool.ts';
import { findStates, writeStates } from '../../src/accounts/state-json.ts';
import type { Outcome } from '../../src/credentials/credential.ts';
import { createRepeatableRandom } from '../support/repeatable-random.ts';
import {
  DAY,
  HOUR,
  MINUTE,
  answered,
  broken,
  createWrongClock,
  openRoom,
  refused401,
  spent,
  throttled,
} from './pool-room.ts';
import type { Room, WrongClock } from './pool-room.ts';

const IDS = ['a', 'b', 'c', 'd', 'e'];

/** What a month is made of besides steady traffic. */
export interface MonthPlan {
  readonly seed: number;
  /** Whether an upstream may park an account without saying until when. */
  readonly hasSilent: boolean;
  /** How wrong the clock goes, one step every two days, in milliseconds. */
  readonly jumps: readonly number[];
}

export interface MonthReport {
  /** The longest time, in minutes, that an account which would have answered was not asked, account by account. */
  readonly idleMinutes: readonly number[];
  readonly served: number;
  readonly refused: number;
}

interface UpstreamAccount {
  usedInWindow: number;
  usedInWeek: number;
  /** By the right clock: when it answers again, and what it says until then. */
  awayUntil: number;
  complaint: () => Outcome;
  idleSince: number;
  longestIdle: number;
}

/** Plays a month, one request a minute, with a restart every nine hours and a refresh of each login every six. */
export function playMonth({ seed, hasSilent, jumps }: MonthPlan): MonthReport {
  const dice = createDice(seed);
  const clock = createWrongClock();
  const right = { elapsed: 0 };
  const upstream = new Map(IDS.map((id) => [id, newAccount()]));
  let room = openRoom(IDS, clock);
  let served = 0;
  let refused = 0;
  for (let minute = 1; minute <= (30 * DAY) / MINUTE; minute++) {
    clock.advance(MINUTE);
    right.elapsed = minute * MINUTE;
    if (minute % (2 * 24 * 60) === 0) clock.jump(jumps[(minute / 2880) % jumps.length] ?? 0);
    if (minute % (9 * 60) === 7) room = restart(room, clock);
    if (minute % (6 * 60) === 0) refreshAll(room);
    const isServed = request(room, (id) => ask(upstream, id, { now: right.elapsed, dice, hasSilent }));
    if (isServed) served++;
    else refused++;
    watch(upstream, right.elapsed);
  }
  return {
    idleMinutes: [...upstream.values()].map(({ longestIdle }) => longestIdle / MINUTE),
    served,
    refused,
  };
}

const newAccount = (): UpstreamAccount => ({
  usedInWindow: 0,
  usedInWeek: 0,
  awayUntil: 0,
  complaint: () => answered,
  idleSince: 0,
  longestIdle: 0,
});

const refreshAll = (room: Room): void => {
  for (const id of IDS) room.pool.refreshed(id);
};

/** What is known goes over a restart in the form of its file. */
function restart(room: Room, clock: WrongClock): Room {
  const states = findStates(writeStates(room.pool.snapshot()));
  const next = openRoom(IDS, clock);
  next.pool.restore(states ?? new Map<string, never>([]));
  return next;
}

/** One request as the pipeline makes it: three tries, one trial. */
function request(room: Room, answer: (id: string) => Outcome): boolean {
  const tried = new Set<string>();
  let mayProbe = true;
  for (let attempt = 0; attempt < 3; attempt++) {
    const pick: AccountPick | undefined = room.pick({ tried, mayProbe });
    if (pick === undefined) return false;
    mayProbe &&= !pick.isProbe;
    tried.add(pick.id);
    const outcome = answer(pick.id);
    room.pool.settle(pick, outcome, 'standard');
    if (outcome.kind === 'answered') return true;
  }
  return false;
}

interface World {
  readonly now: number;
  readonly dice: () => number;
  readonly hasSilent: boolean;
}

function ask(upstream: ReadonlyMap<string, UpstreamAccount>, id: string, world: World): Outcome {
  const account = upstream.get(id) ?? newAccount();
  account.idleSince = world.now;
  if (world.now < account.awayUntil) return account.complaint();
  account.usedInWindow++;
  account.usedInWeek++;
  if (world.dice() < 0.02) return broken;
  if (account.usedInWindow > 120 || world.dice() < 0.002) return leave(account, world);
  return answered;
}

/** The account stops answering for a while; what it says of that is right, wrong or absurd. */
function leave(account: UpstreamAccount, { now, dice, hasSilent }: World): Outcome {
  const isWeek = account.usedInWeek > 1500;
  const awayMs = (isWeek ? 2 * DAY : 5 * HOUR) * dice();
  account.awayUntil = now + awayMs;
  account.usedInWindow = 0;
  if (isWeek) account.usedInWeek = 0;
  const minutes = Math.round(awayMs / MINUTE);
  const complaints: readonly (() => Outcome)[] = [
    () => spent(`Reached the 5-hour limit of the standard pool, resets in ${minutes}min`),
    () => spent(`Reached the weekly limit of the standard pool, resets in ${minutes * 9} min`),
    () => spent('Reached the monthly limit, resets in 30 days'),
    () => spent('Limit reached. Resets in 1 min'),
    () => spent('Limit reached. Resets in 99999999999999999999 weeks and 3 min'),
    () => throttled(7),
    () => throttled(10 ** 12),
    () => throttled(),
    ...(hasSilent ? [() => refused401, () => spent('Payment Required')] : []),
  ];
  account.complaint = complaints[Math.floor(dice() * complaints.length)] ?? (() => broken);
  return account.complaint();
}

function watch(upstream: ReadonlyMap<string, UpstreamAccount>, now: number): void {
  for (const account of upstream.values()) {
    const since = Math.max(account.idleSince, account.awayUntil);
    account.longestIdle = Math.max(account.longestIdle, now - since);
  }
}

/** Numbers from 0 to 1, the same in every run. */
function createDice(seed: number): () => number {
  const random = createRepeatableRandom(seed);
  return () => {
    const [high = 0, low = 0] = random.bytes(2);
    return (high * 256 + low) / 65_536;
  };
}
