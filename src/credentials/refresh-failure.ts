import { GatewayError } from '../kernel/gateway-error.ts';
import { errorCode } from '../disk/disk.ts';
import { backOffMs } from './back-off.ts';
import { isRefusal } from './workos.ts';

/** Failed refreshes in a row. */
export interface RefreshFailure {
  /** Why the last one failed; without secrets. */
  readonly message: string;
  /** WorkOS will not have the refresh token, rather than being out of reach. */
  readonly isRefused: boolean;
  readonly count: number;
  /** Before this moment, Unix milliseconds, nothing is tried that the owner does not ask for. */
  readonly retryAt: number;
  /** How long that was ahead at first; what is further away is so because the clock was set back. */
  readonly waitMs: number;
}

const WHEN_UNREACHABLE = { firstMs: 5_000, maxMs: 5 * 60_000 }; // the first retry still falls into the replay window
const WHEN_REFUSED = { firstMs: 60_000, maxMs: 6 * 60 * 60_000 };

/** The failures after one more; a refusal after an outage, and the other way round, counts from the beginning. */
export function countFailure(
  before: RefreshFailure | undefined,
  error: unknown,
  now: number,
): RefreshFailure {
  const isRefused = isRefusal(error);
  const count = before?.isRefused === isRefused ? before.count + 1 : 1;
  const waitMs = backOffMs(count, isRefused ? WHEN_REFUSED : WHEN_UNREACHABLE);
  return {
    message: error instanceof GatewayError ? error.message : errorCode(error),
    isRefused,
    count,
    retryAt: now + waitMs,
    waitMs,
  };
}

/** True when the next try may be made, also by a clock that has been set back since. */
export function mayRetry({ retryAt, waitMs }: RefreshFailure, now: number): boolean {
  const left = retryAt - now;
  return left <= 0 || left > waitMs;
}

/** When the next try is, for people. */
export const describeRetry = ({ retryAt }: RefreshFailure): string => new Date(retryAt).toISOString();
