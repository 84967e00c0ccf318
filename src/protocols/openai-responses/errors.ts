import type { ErrorAnswer, Frame, HeaderReader } from '../../kernel/codec.ts';
import { GatewayError } from '../../kernel/gateway-error.ts';
import type { ErrorKind } from '../../kernel/gateway-error.ts';
import { findJson, findObject, findString } from '../../kernel/json.ts';
import { retryHeaders } from '../../kernel/retry-headers.ts';
import type { Json, JsonObject } from '../../kernel/json.ts';
import { readErrorObject, readUpstreamError } from '../../kernel/upstream-error.ts';
import type { ErrorWords } from '../../kernel/upstream-error.ts';

const WORDS: ErrorWords = {
  context_length_exceeded: 'context-length',
  content_policy_violation: 'content-policy',
  image_content_policy_violation: 'content-policy',
  content_filter: 'content-policy',
  invalid_prompt: 'content-policy',
  bio_policy: 'content-policy',
  cyber_policy: 'content-policy',
  invalid_api_key: 'authentication',
  authentication_error: 'authentication',
  insufficient_quota: 'billing',
  billing_error: 'billing',
  billing_hard_limit_reached: 'billing',
  billing_not_active: 'billing',
  permission_error: 'permission',
  permission_denied: 'permission',
  model_not_found: 'not-found',
  not_found_error: 'not-found',
  conflict_error: 'conflict',
  request_too_large: 'too-large',
  rate_limit_exceeded: 'rate-limit',
  rate_limit_error: 'rate-limit',
  server_is_overloaded: 'overloaded',
  overloaded: 'overloaded',
  overloaded_error: 'overloaded',
  slow_down: 'overloaded',
  timeout: 'timeout',
  timeout_error: 'timeout',
  vector_store_timeout: 'timeout',
  upstream_error: 'bad-upstream',
  stream_incomplete: 'stream-cut',
  // Reasoning state of another issuer: the caller may try once more without it, by the code in the details.
  invalid_encrypted_content: 'invalid-request',
  invalid_image: 'invalid-request',
  invalid_image_url: 'invalid-request',
  invalid_base64_image: 'invalid-request',
  invalid_request_error: 'invalid-request',
  server_error: 'server',
  api_error: 'server',
};

/** Reads a failed answer: its status, its text and the headers that tell when to come back; never throws. */
export const decodeError = (status: number, text: string, headers: HeaderReader): GatewayError =>
  readUpstreamError(status, text, headers, WORDS);

/** The error of a response object whose status is `failed` or `cancelled`. */
export function responseError(response: JsonObject | undefined, status: string): GatewayError {
  const error = response?.['error'] ?? undefined;
  if (error === undefined && status === 'cancelled') {
    return new GatewayError('bad-upstream', 'the upstream cancelled the response');
  }
  return readErrorObject(error, WORDS);
}

/** The error that a stream event tells of, if it is one: flat, under `error`, or as the end of a response. */
export function findEventError(type: string | undefined, event: JsonObject): GatewayError | undefined {
  const response = findObject(event['response']);
  const nested = findObject(event['error']);
  switch (type) {
    case 'error':
      return readErrorObject(nested ?? event, WORDS);
    case 'response.failed':
      return responseError(response, 'failed');
    case 'response.cancelled':
      return responseError(response, 'cancelled');
    case 'response.done': {
      const status = findString(response?.['status']);
      return status === 'failed' || status === 'cancelled' ? responseError(response, status) : undefined;
    }
    default: // no failure, unless an error stands where an event should
      return event['type'] === undefined && nested !== undefined ? readErrorObject(nested, WORDS) : undefined;
  }
}

const FAILURES: ReadonlySet<string> = new Set([
  'error',
  'response.failed',
  'response.cancelled',
  'response.done',
]);

/** The error that a frame of an unread stream tells of, if it is one. */
export function findStreamError({ event, data }: Frame): GatewayError | undefined {
  // The name alone clears nearly every frame of a stream, without parsing it.
  if (event?.startsWith('response.') === true && !FAILURES.has(event)) return undefined;
  const body = findObject(findJson(data));
  return body === undefined ? undefined : findEventError(findString(body['type']) ?? event, body);
}

interface Wording {
  readonly type: string;
  /** What stands in `code` when the error brings none of its own. */
  readonly code: string | null;
  /** The error's own code is the upstream's business and stays inside. */
  readonly fixed?: true;
}

const WORDING: Readonly<Record<ErrorKind, Wording>> = {
  'invalid-request': { type: 'invalid_request_error', code: null },
  'context-length': { type: 'invalid_request_error', code: 'context_length_exceeded', fixed: true },
  'content-policy': { type: 'invalid_request_error', code: 'content_policy_violation' },
  authentication: { type: 'invalid_request_error', code: 'invalid_api_key' },
  billing: { type: 'insufficient_quota', code: 'insufficient_quota' },
  permission: { type: 'permission_error', code: 'permission_denied' },
  'not-found': { type: 'invalid_request_error', code: null },
  conflict: { type: 'conflict_error', code: null },
  'too-large': { type: 'invalid_request_error', code: 'request_too_large' },
  'rate-limit': { type: 'rate_limit_error', code: 'rate_limit_exceeded' },
  overloaded: { type: 'server_error', code: 'overloaded' },
  timeout: { type: 'server_error', code: 'timeout' },
  server: { type: 'server_error', code: null },
  'bad-upstream': { type: 'server_error', code: 'upstream_error', fixed: true },
  'stream-cut': { type: 'server_error', code: 'stream_incomplete', fixed: true },
  'upstream-auth': { type: 'server_error', code: 'upstream_auth', fixed: true },
  unavailable: { type: 'server_error', code: 'unavailable' },
  cancelled: { type: 'server_error', code: 'cancelled' },
};

function codeOf({ kind, details }: GatewayError): string | null {
  const { code, fixed } = WORDING[kind];
  if (kind === 'not-found') return details.code === 'model_not_found' ? details.code : null;
  return fixed === true ? code : (details.code ?? code);
}

const errorObject = (error: GatewayError): JsonObject => ({
  message: error.message,
  type: WORDING[error.kind].type,
  param: error.details.param ?? null,
  code: codeOf(error),
});

/** The body, status and headers of a failure before the first byte; never throws. */
export function encodeError(error: GatewayError, requestId: string): ErrorAnswer {
  return {
    status: error.kind === 'overloaded' ? 503 : error.status,
    body: { error: errorObject(error) },
    headers: {
      'x-request-id': requestId,
      ...retryHeaders(error),
    },
  };
}

/** True when a body already is an error as the OpenAI SDKs read it; Anthropic's has a member `type` beside it. */
export function isErrorBody(body: Json | undefined): boolean {
  const object = findObject(body);
  const error = findObject(object?.['error']);
  return object?.['type'] === undefined && findString(error?.['message']) !== undefined;
}

/** The `error` member of a response that failed; its code is never null. */
export const failedResponseError = (error: GatewayError): JsonObject => ({
  code: codeOf(error) ?? WORDING[error.kind].type,
  message: error.message,
});

/**
 * A failure in the middle of a relayed stream, as one `error` event. Its flat members are the documented ones; the
 * official SDKs do not look at them and throw only where an event has a member `error`, so it carries that too.
 */
export function encodeStreamError(error: GatewayError): string {
  const nested = errorObject(error);
  const { code, message, param } = nested;
  const event = { type: 'error', code, message, param, sequence_number: 0, error: nested };
  return `event: error\ndata: ${JSON.stringify(event)}\n\n`;
}
