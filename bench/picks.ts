import { createAccountPool } from '../src/accounts/account-pool.ts';
import type { AccountPool } from '../src/accounts/account-pool.ts';
import { GatewayError } from '../src/kernel/gateway-error.ts';
import type { Logger } from '../src/kernel/ports.ts';
import { systemClock } from '../src/system-ports.ts';

// Microseconds per choice of an account and per settlement, for pools of several sizes.
const SIZES = [1, 10, 100, 1000];
const ROUNDS = 200_000;

const silent: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silent,
};

function createPool(size: number): AccountPool {
  const pool = createAccountPool({
    clock: systemClock,
    logger: silent,
    canPay: () => true,
    affinity: () => 'off',
    onChange: () => undefined,
  });
  pool.setMembers(
    Array.from({ length: size }, (_, index) => ({ id: `acc_${index}`, label: `${index}`, enabled: true })),
  );
  return pool;
}

/** Gives the accounts different healths, as they have in life. */
function wear(pool: AccountPool, uses: number): void {
  const error = new GatewayError('server', 'failed');
  for (let use = 0; use < uses; use++) {
    const pick = pool.pick(demand);
    if (pick !== undefined && use % 3 === 0)
      pool.settle(pick, { kind: 'failed', error, status: 500 }, 'standard');
  }
}

const demand = { pool: 'standard', tried: new Set<string>(), mayProbe: true } as const;

function measure(run: () => void): number {
  for (let round = 0; round < ROUNDS / 10; round++) run();
  const startedAt = process.hrtime.bigint();
  for (let round = 0; round < ROUNDS; round++) run();
  return Number(process.hrtime.bigint() - startedAt) / 1000 / ROUNDS;
}

for (const size of SIZES) {
  const pool = createPool(size);
  wear(pool, 2 * size);
  const pickUs = measure(() => void pool.pick(demand));
  const bothUs = measure(() => {
    const pick = pool.pick(demand);
    if (pick !== undefined) pool.settle(pick, { kind: 'answered', usage: undefined }, 'standard');
  });
  process.stdout.write(
    `${String(size).padStart(5)} accounts: ${pickUs.toFixed(2)} µs per pick, ${bothUs.toFixed(2)} µs with settling\n`,
  );
}
