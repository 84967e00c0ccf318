import type { JsonObject } from '../kernel/json.ts';
import type { Settings } from '../kernel/settings.ts';
import type { CountTokens } from '../tokens/count-tokens.ts';
import type { ClientCall } from './client-call.ts';
import type { Delivery } from './delivery.ts';
import { estimateTokens } from './estimate-tokens.ts';
import { readJsonBody } from './read-json-body.ts';
import type { Route } from './resolve-route.ts';

export interface CountInput {
  readonly call: ClientCall;
  readonly route: Route;
  readonly body: Uint8Array;
  readonly settings: Settings;
  readonly delivery: Delivery;
  readonly countTokens: CountTokens;
}

/** Statuses by which an upstream says that it does not count. */
export const isUncounted = (status: number | undefined): boolean => status === 404 || status === 405;

/** The members of a request that its model has to read. */
const READ: readonly string[] = ['model', 'system', 'messages', 'tools', 'output_config', 'output_format'];

/** What of a body bears on its count; settings that only some services have are no reason to refuse one. */
const countable = (body: JsonObject): JsonObject => ({
  ...Object.fromEntries(Object.entries(body).filter(([key]) => READ.includes(key))),
  max_tokens: 1, // a count needs no limit, but the reader of whole requests asks for one
});

/**
 * Answers a request for a count of tokens from this machine, and says that it is an estimate.
 *
 * The promise rejects with GatewayError `invalid-request` naming the client's field.
 */
export async function answerCount({
  call,
  route,
  body,
  settings,
  delivery,
  countTokens,
}: CountInput): Promise<void> {
  const unheard = { note: () => undefined };
  const request = call.codec.decodeRequest(countable(readJsonBody(body)), unheard);
  const prefix =
    settings.systemPrompt === '' ? [] : [{ role: 'system' as const, text: settings.systemPrompt }];
  const whole = { ...request, system: [...prefix, ...request.system] };
  const tokens = await estimateTokens(whole, route.model.type, countTokens);
  delivery.head(200, { 'content-type': 'application/json; charset=utf-8', 'x-droid2api-estimated': 'true' });
  delivery.end(JSON.stringify({ input_tokens: tokens }));
}
