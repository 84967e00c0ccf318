import type { GatewayError } from '../kernel/gateway-error.ts';

/**
 * What a refusal says of the credential that paid: its `login` is over, its `quota` is spent, it asked too often.
 * Everything else is the fault of the request, of the upstream, or of the way there.
 */
export type Fault = 'login' | 'quota' | 'throttle';

/** @param status - the upstream's own, where the failure came with one. */
export function faultOf(error: GatewayError, status: number | undefined): Fault | undefined {
  switch (status ?? error.details.status ?? STATUS_OF[error.kind]) {
    case 401:
      return 'login';
    case 402:
      return 'quota';
    case 429:
      return 'throttle';
    default:
      return undefined;
  }
}

/** For failures that come inside an answer with a good status. */
const STATUS_OF: Readonly<Partial<Record<GatewayError['kind'], number>>> = {
  authentication: 401,
  billing: 402,
  'rate-limit': 429,
};
