import fetch from 'node-fetch';
import { GatewayError } from '../kernel/gateway-error.ts';
import type { Clock, Logger } from '../kernel/ports.ts';
import type { Road } from './agents.ts';
import { codeOf, networkError } from './network-error.ts';
import type { Roads } from './roads.ts';

interface FormAnswer {
  readonly status: number;
  readonly text: string;
}

/** Posts a form to an account or OAuth service. */
export type PostForm = (
  url: string,
  form: Readonly<Record<string, string>>,
  timeoutMs: number,
) => Promise<FormAnswer>;

export interface PostFormDeps {
  readonly roads: Roads;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly userAgent: string;
}

/**
 * Account calls go over `node-fetch` and the same roads as model requests, one round-robin step each. The next proxy is
 * tried only when the connection was refused: an answer that is lost on the way may have spent a single-use token.
 *
 * The promise rejects with GatewayError `timeout` after `timeoutMs`, `bad-upstream` for every other network failure.
 */
export function createPostForm(deps: PostFormDeps): PostForm {
  return async (url, form, timeoutMs) => {
    const roads = deps.roads.next();
    for (const [index, road] of roads.entries()) {
      if (road.proxy !== undefined) deps.logger.info({}, `Using proxy ${road.proxy} for request to ${url}`);
      try {
        return await postOnce({ ...deps, road }, url, form, timeoutMs);
      } catch (error) {
        const refused = error instanceof GatewayError && codeOf(error.cause) === 'ECONNREFUSED';
        if (!refused || index === roads.length - 1) throw error;
      }
    }
    throw new GatewayError('bad-upstream', 'there is no road to the account service');
  };
}

async function postOnce(
  { road, clock, userAgent }: PostFormDeps & { readonly road: Road },
  url: string,
  form: Readonly<Record<string, string>>,
  timeoutMs: number,
): Promise<FormAnswer> {
  const timeout = new AbortController();
  const stop = clock.after(timeoutMs, () => timeout.abort());
  try {
    const response = await fetch(url, {
      method: 'POST',
      body: new URLSearchParams(form),
      headers: { accept: 'application/json', 'user-agent': userAgent },
      agent: ({ protocol }) => road.pooled(protocol === 'https:'),
      signal: timeout.signal,
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
