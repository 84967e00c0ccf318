import type { JsonObject } from '../../kernel/json.ts';
import { SANDBOX_ORGANIZATION } from '../login/sessions.ts';

const HOUR_SECONDS = 3600;

/** What Factory says of the one account there is. */
export const WHOAMI: JsonObject = {
  userId: 'user_sandbox',
  orgId: 'factory-org-sandbox',
  email: 'sandbox@example.com',
  region: 'us',
};

export const ORGANIZATIONS: JsonObject = { workosOrgIds: [SANDBOX_ORGANIZATION] };

/** Usage windows, a fifth of each spent; `now` is Unix milliseconds. */
export function usageLimits(now: number): JsonObject {
  const window = (seconds: number): JsonObject => ({
    usedPercent: 20,
    windowEnd: new Date(now + seconds * 1000).toISOString(),
    secondsRemaining: seconds,
  });
  const pool = {
    fiveHour: window(5 * HOUR_SECONDS),
    weekly: window(7 * 24 * HOUR_SECONDS),
    monthly: window(30 * 24 * HOUR_SECONDS),
  };
  return {
    usesTokenRateLimitsBilling: true,
    extraUsageAllowed: false,
    extraUsageBalanceCents: 0,
    overagePreference: 'droidCore',
    limits: { standard: pool, core: pool },
  };
}
