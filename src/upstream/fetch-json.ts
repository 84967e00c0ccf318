import { GatewayError } from '../kernel/gateway-error.ts';
import { findJson, findObject } from '../kernel/json.ts';
import type { JsonObject } from '../kernel/json.ts';
import type { Secret } from '../kernel/secret.ts';
import { callAccountService } from './account-call.ts';
import type { AccountCallDeps } from './account-call.ts';

/** Reads one JSON object that a bearer token opens. */
export type FetchJson = (
  url: string,
  token: Secret,
  headers?: Readonly<Record<string, string>>,
) => Promise<JsonObject>;

const TIMEOUT_MS = 10_000;

/**
 * The promise rejects with GatewayError: `upstream-auth` when the token is refused (401, 403), `timeout` or
 * `bad-upstream` for everything else that is no JSON object.
 */
export function createFetchJson(deps: AccountCallDeps): FetchJson {
  return async (url, token, headers = {}) => {
    const init = { method: 'GET', headers: { ...headers, authorization: `Bearer ${token.reveal()}` } };
    const { status, text } = await callAccountService({ url, init, timeoutMs: TIMEOUT_MS }, deps);
    if (status === 401 || status === 403) {
      throw new GatewayError('upstream-auth', `the token is refused (HTTP ${status})`);
    }
    const body = findObject(findJson(text));
    if (status < 200 || status > 299 || body === undefined) {
      const words = status < 200 || status > 299 ? `HTTP ${status}` : 'an answer that is no JSON object';
      throw new GatewayError('bad-upstream', `the account service answered with ${words}`);
    }
    return body;
  };
}
