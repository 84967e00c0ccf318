import { GatewayError } from '../kernel/gateway-error.ts';
import { findObject, parseJson } from '../kernel/json.ts';
import type { JsonObject } from '../kernel/json.ts';

/**
 * The whole body of a request as an object, numbers exact.
 *
 * @throws GatewayError `invalid-request` when the bytes are not one JSON object.
 */
export function readJsonBody(body: Uint8Array): JsonObject {
  try {
    const parsed = findObject(parseJson(new TextDecoder().decode(body)));
    if (parsed !== undefined) return parsed;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : 'it cannot be read';
    throw new GatewayError('invalid-request', `the request body is not valid JSON: ${reason}`, {
      code: 'invalid_json',
      cause,
    });
  }
  throw new GatewayError('invalid-request', 'the request body must be a JSON object', {
    code: 'invalid_json',
  });
}
