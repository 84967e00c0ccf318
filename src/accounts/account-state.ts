import type { ModelPool } from '../kernel/settings.ts';

/** Why an account is not chosen for a while. */
export interface Parking {
  /** `login`: its token is refused (401). `quota`: its allowance is spent (402). `throttle`: too many requests (429). */
  readonly kind: 'login' | 'quota' | 'throttle';
  /** All its requests, or those that draw on one allowance. */
  readonly scope: 'account' | ModelPool;
  /** For logs and people; without secrets. */
  readonly reason: string;
  /** Unix milliseconds. */
  readonly at: number;
  /** When it is expected back, Unix milliseconds; absent when it waits for its owner or for a successful refresh. */
  readonly until?: number;
  /** When a request may find out whether it is back already: at `until`, or one probe interval after the last try. */
  readonly probeAt?: number;
  /** How often in a row it has been parked for this. */
  readonly count: number;
}

/** What is remembered of an account, by its id, over restarts. Counts only grow. */
export interface AccountState {
  /** 0 to 100: how its last requests went. */
  readonly health: number;
  /** When `health` was true, Unix milliseconds. */
  readonly healthAt: number;
  readonly parkings: readonly Parking[];
  readonly requests: number;
  /** How often it failed, by error kind. */
  readonly failures: Readonly<Record<string, number>>;
  readonly tokens: { readonly input: number; readonly output: number; readonly cached: number };
  /** Unix milliseconds. */
  readonly lastUsedAt?: number;
  readonly lastError?: { readonly at: number; readonly kind: string; readonly message: string };
}
