import { findJson } from '../kernel/json.ts';
import { maskSecrets } from '../kernel/mask-secrets.ts';
import type { ClientCall } from './client-call.ts';
import type { Delivery } from './delivery.ts';
import { passedHeaders } from './passed-headers.ts';
import type { Failure } from './read-failure.ts';
import type { Route } from './resolve-route.ts';

/**
 * Tells the client of an upstream's refusal. A relayed one that already has the client's own shape, and quotes no
 * secret, goes on as the bytes that came; every other one is written anew with the upstream's words.
 */
export function passFailure(failure: Failure, call: ClientCall, delivery: Delivery, route: Route): void {
  const { error, answer } = failure;
  const fitting =
    route.lane === 'relay' && answer !== undefined && call.codec.isErrorBody(findJson(answer.text));
  if (!fitting || delivery.committed() || maskSecrets(answer.text) !== answer.text) {
    delivery.fail(error);
    return;
  }
  const passed = passedHeaders(answer.response, route.upstream.protocol, call.codec.protocol);
  delivery.head(answer.response.status, { 'content-type': 'application/json; charset=utf-8', ...passed });
  delivery.end(answer.text);
}
