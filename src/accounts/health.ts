/** How an account's last requests went: a weight from 1 to 100, true at a moment. */
export interface Health {
  readonly health: number;
  /** Unix milliseconds. */
  readonly healthAt: number;
}

export const FULL_HEALTH = 100;
/** Never nothing: an account of which little is expected still gets a request now and then. */
export const LEAST_HEALTH = 1;

const KEPT_BY_FAILURE = 0.8;
const WON_BY_SUCCESS = 0.1;
const HALVING_MS = 10 * 60_000;

/** Health at `now`: what is missing halves every ten minutes. A moment that lies ahead counts as now. */
export function healthNow({ health, healthAt }: Health, now: number): number {
  if (health >= FULL_HEALTH) return FULL_HEALTH;
  const missing = FULL_HEALTH - Math.max(LEAST_HEALTH, health);
  return FULL_HEALTH - missing * 2 ** (-Math.max(0, now - healthAt) / HALVING_MS);
}

/** After a failure that may be the account's: a fifth of the health is gone. */
export const afterFailure = (before: Health, now: number): Health => ({
  health: Math.max(LEAST_HEALTH, healthNow(before, now) * KEPT_BY_FAILURE),
  healthAt: now,
});

/** After a success: a tenth of what is missing has come back. */
export function afterSuccess(before: Health, now: number): Health {
  const health = healthNow(before, now);
  return { health: health + (FULL_HEALTH - health) * WON_BY_SUCCESS, healthAt: now };
}
