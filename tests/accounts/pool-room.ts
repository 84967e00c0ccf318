import { createAccountPool } from '../../src/accounts/account-pool.ts';
import type { AccountPick, AccountPool, PoolDemand, PoolMember } from '../../src/accounts/account-pool.ts';
import type { Outcome } from '../../src/credentials/credential.ts';
import { GatewayError } from '../../src/kernel/gateway-error.ts';
import type { ErrorDetails, ErrorKind } from '../../src/kernel/gateway-error.ts';
import type { Clock } from '../../src/kernel/ports.ts';
import type { ModelPool } from '../../src/kernel/settings.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import type { FakeClock } from '../support/fake-clock.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import type { RecordingLogger } from '../support/recording-logger.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** A clock that can be set wrong as well. */
export interface WrongClock extends FakeClock {
  readonly jump: (ms: number) => void;
}

export function createWrongClock(): WrongClock {
  const right = createFakeClock();
  let wrongBy = 0;
  return {
    ...right,
    now: () => right.now() + wrongBy,
    jump: (ms) => {
      wrongBy += ms;
    },
  };
}

export interface Room {
  readonly pool: AccountPool;
  readonly clock: WrongClock;
  readonly logger: RecordingLogger;
  /** Accounts without a valid token. */
  readonly poor: Set<string>;
  readonly changes: () => number;
  readonly setAffinity: (mode: 'off' | 'conversation') => void;
  readonly pick: (demand?: Partial<PoolDemand>) => AccountPick | undefined;
  /** Who would be picked, with `?` behind a trial. */
  readonly ask: (demand?: Partial<PoolDemand>) => string | undefined;
  /** One use that ends so; tells who served. */
  readonly use: (outcome: Outcome, demand?: Partial<PoolDemand>) => string | undefined;
  readonly said: () => readonly string[];
}

export const members = (...ids: string[]): PoolMember[] =>
  ids.map((id) => ({ id, label: `${id}@x`, enabled: true }));

export function openRoom(ids: readonly string[] = ['a', 'b'], clock = createWrongClock()): Room {
  const logger = createRecordingLogger();
  const poor = new Set<string>();
  let changed = 0;
  let mode: 'off' | 'conversation' = 'off';
  const pool = createAccountPool({
    clock,
    logger,
    canPay: (id) => !poor.has(id),
    affinity: () => mode,
    onChange: () => {
      changed++;
    },
  });
  pool.setMembers(members(...ids));
  const pick = (demand?: Partial<PoolDemand>): AccountPick | undefined =>
    pool.pick({ pool: 'standard', tried: new Set(), mayProbe: true, ...demand });
  const word = (picked: AccountPick | undefined): string | undefined =>
    picked && `${picked.id}${picked.isProbe ? '?' : ''}`;
  return {
    pool,
    clock,
    logger,
    poor,
    changes: () => changed,
    setAffinity: (wanted) => {
      mode = wanted;
    },
    pick,
    ask: (demand) => word(pick(demand)),
    use: (outcome, demand) => {
      const picked = pick(demand);
      if (picked !== undefined) pool.settle(picked, outcome, demand?.pool ?? 'standard');
      return word(picked);
    },
    said: () => logger.lines.map(({ level, message }) => `${level}: ${message}`),
  };
}

export const answered: Outcome = { kind: 'answered', usage: undefined };
export const inconclusive: Outcome = { kind: 'inconclusive' };

export const failed = (
  kind: ErrorKind,
  status: number | undefined,
  message = 'the upstream said so',
  details: ErrorDetails = {},
): Outcome => ({ kind: 'failed', status, error: new GatewayError(kind, message, details) });

export const refused401 = failed('authentication', 401, 'expired or revoked');
export const throttled = (retryAfterSeconds?: number): Outcome =>
  failed('rate-limit', 429, 'slow down', retryAfterSeconds === undefined ? {} : { retryAfterSeconds });
export const spent = (words: string): Outcome => failed('billing', 402, words);
export const broken = failed('server', 500, 'oops');

export const iso = (clock: Clock, inMs: number): string => new Date(clock.now() + inMs).toISOString();

/** How often each of them is picked in `count` uses that end so. */
export function shares(
  room: Room,
  count: number,
  pool: ModelPool = 'standard',
): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (let use = 0; use < count; use++) {
    const id = room.pick({ pool })?.id ?? 'nobody';
    counts[id] = (counts[id] ?? 0) + 1;
  }
  return counts;
}
