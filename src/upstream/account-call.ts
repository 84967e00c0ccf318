import fetch from 'node-fetch';
import type { RequestInit } from 'node-fetch';
import { GatewayError } from '../kernel/gateway-error.ts';
import type { Clock, Logger } from '../kernel/ports.ts';
import type { Road } from './agents.ts';
import { codeOf, networkError } from './network-error.ts';
import type { Roads } from './roads.ts';

/** What every call to an account or OAuth service goes out with. */
export interface AccountCallDeps {
  readonly roads: Roads;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly userAgent: string;
}

/** One request; the answer is read to its end within `timeoutMs`. */
export interface AccountCall {
  readonly url: string;
  readonly init: Pick<RequestInit, 'method' | 'body'> & {
    readonly headers?: Readonly<Record<string, string>>;
  };
  readonly timeoutMs: number;
}

/** A whole answer, whatever its status. */
export interface AccountAnswer {
  readonly status: number;
  readonly text: string;
}

/** No account service has more to say; a larger answer is somebody else's. */
const MAX_ANSWER_BYTES = 1_048_576;

/**
 * Account calls go over `node-fetch` and the same roads as model requests, one round-robin step each. The next proxy is
 * tried only when the connection was refused: an answer that is lost on the way may have spent a single-use token.
 *
 * @throws GatewayError `timeout` after `timeoutMs`, `bad-upstream` for every other failure on the way.
 */
export async function callAccountService(call: AccountCall, deps: AccountCallDeps): Promise<AccountAnswer> {
  const roads = deps.roads.next();
  for (const [index, road] of roads.entries()) {
    if (road.proxy !== undefined) {
      deps.logger.info({}, `Using proxy ${road.proxy} for request to ${call.url}`);
    }
    try {
      return await callOver(road, call, deps);
    } catch (error) {
      const refused = error instanceof GatewayError && codeOf(error.cause) === 'ECONNREFUSED';
      if (!refused || index === roads.length - 1) throw error;
    }
  }
  throw new GatewayError('bad-upstream', 'there is no road to the account service');
}

async function callOver(
  road: Road,
  { url, init, timeoutMs }: AccountCall,
  { clock, userAgent }: AccountCallDeps,
): Promise<AccountAnswer> {
  const timeout = new AbortController();
  const stop = clock.after(timeoutMs, () => timeout.abort());
  try {
    const response = await fetch(url, {
      ...init,
      headers: { accept: 'application/json', 'user-agent': userAgent, ...init.headers },
      agent: ({ protocol }) => road.pooled(protocol === 'https:'),
      signal: timeout.signal,
      size: MAX_ANSWER_BYTES,
      redirect: 'manual', // these services have no reason to move: a form full of tokens follows nobody elsewhere
    });
    return { status: response.status, text: await response.text() };
  } catch (error) {
    if (timeout.signal.aborted) {
      throw new GatewayError('timeout', `the account service did not answer within ${timeoutMs / 1000} s`, {
        cause: error,
      });
    }
    throw networkError(road.proxy === undefined ? 'upstream' : 'proxy', error);
  } finally {
    stop();
  }
}
