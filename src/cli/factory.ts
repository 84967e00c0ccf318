import type { Secret } from '../kernel/secret.ts';
import type { ModelPool } from '../kernel/settings.ts';

/** How much of one allowance is spent. */
export interface Quota {
  readonly pool: ModelPool;
  readonly window: 'fiveHour' | 'weekly' | 'monthly';
  readonly usedPercent: number;
  /** Unix milliseconds; absent where nobody said. */
  readonly endsAt?: number;
}

/** What Factory says of the account behind a token; all of it rejects with GatewayError. */
export interface Factory {
  /** WorkOS organisations, `org_…`. */
  readonly organizations: (token: Secret) => Promise<readonly string[]>;
  readonly limits: (token: Secret) => Promise<readonly Quota[]>;
}
