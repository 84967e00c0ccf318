import type { Frame, HeaderReader } from '../../kernel/codec.ts';
import { GatewayError } from '../../kernel/gateway-error.ts';
import { findJson, findObject, findString, listOf } from '../../kernel/json.ts';
import type { Json, JsonObject } from '../../kernel/json.ts';
import { readErrorObject, readUpstreamError } from '../../kernel/upstream-error.ts';
import type { ErrorWords } from '../../kernel/upstream-error.ts';

/** The canonical status words of Google's APIs, as they stand in `error.status`. */
const WORDS: ErrorWords = {
  invalid_argument: 'invalid-request',
  failed_precondition: 'invalid-request',
  out_of_range: 'invalid-request',
  unimplemented: 'invalid-request',
  unauthenticated: 'authentication',
  permission_denied: 'permission',
  not_found: 'not-found',
  already_exists: 'conflict',
  aborted: 'conflict',
  resource_exhausted: 'rate-limit',
  unavailable: 'overloaded',
  deadline_exceeded: 'timeout',
  internal: 'server',
  unknown: 'server',
  data_loss: 'server',
  cancelled: 'server',
};

/** Reads a failed answer, whose error may be wrapped in a list. */
export function decodeError(status: number, text: string, headers: HeaderReader): GatewayError {
  const body = findJson(text);
  const wrapper = findObject(body) ?? findObject(listOf(body)[0]);
  return refine(readUpstreamError(status, text, headers, WORDS), findObject(wrapper?.['error']));
}

/** The error of a chunk that has one instead of an answer. */
export const decodeChunkError = (error: Json): GatewayError =>
  refine(readErrorObject(error, WORDS), findObject(error));

/** The error that this frame of a stream tells of. */
export function findStreamError({ data }: Frame): GatewayError | undefined {
  if (!data.includes('"error"')) return undefined;
  const json = findJson(data);
  const chunk = findObject(json) ?? findObject(listOf(json)[0]);
  const error = chunk?.['error'];
  return error === undefined || error === null ? undefined : decodeChunkError(error);
}

/** Google says in `details` what the status leaves open: a bad key comes as a plain 400, a wait as `RetryInfo`. */
function refine(error: GatewayError, wire: JsonObject | undefined): GatewayError {
  const details = listOf(wire?.['details']).map(findObject);
  const badKey = details.some((detail) => detail?.['reason'] === 'API_KEY_INVALID');
  const wait =
    error.details.retryAfterSeconds ??
    details
      .map((detail) => secondsOf(findString(detail?.['retryDelay'])))
      .find((value) => value !== undefined);
  if (!badKey && wait === undefined) return error;
  return new GatewayError(badKey ? 'authentication' : error.kind, error.message, {
    ...error.details,
    ...(wait !== undefined && { retryAfterSeconds: wait }),
  });
}

/** Whole seconds, rounded up, of a duration such as `34.6s`. */
function secondsOf(duration: string | undefined): number | undefined {
  const match = /^(\d+(?:\.\d+)?)s$/.exec(duration ?? '');
  return match === null ? undefined : Math.ceil(Number(match[1]));
}
