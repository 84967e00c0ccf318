import type { ErrorAnswer, Frame, HeaderReader } from '../../kernel/codec.ts';
import { GatewayError } from '../../kernel/gateway-error.ts';
import type { ErrorKind } from '../../kernel/gateway-error.ts';
import { findJson, findObject, findString, writeJson } from '../../kernel/json.ts';
import type { Json, JsonObject } from '../../kernel/json.ts';
import { retryHeaders } from '../../kernel/retry-headers.ts';
import { readErrorObject, readUpstreamError } from '../../kernel/upstream-error.ts';
import type { ErrorWords } from '../../kernel/upstream-error.ts';
import { encodeEvent } from '../../sse/encode.ts';
import { wordTooLong } from './context-length.ts';

const TYPES: Readonly<Record<ErrorKind, string>> = {
  'invalid-request': 'invalid_request_error',
  'context-length': 'invalid_request_error',
  'content-policy': 'invalid_request_error',
  authentication: 'authentication_error',
  billing: 'billing_error',
  permission: 'permission_error',
  'not-found': 'not_found_error',
  conflict: 'conflict_error',
  'too-large': 'request_too_large',
  'rate-limit': 'rate_limit_error',
  overloaded: 'overloaded_error',
  timeout: 'timeout_error',
  server: 'api_error',
  'bad-upstream': 'api_error',
  'stream-cut': 'api_error',
  'upstream-auth': 'api_error',
  unavailable: 'api_error',
  cancelled: 'api_error',
};

// `api_error` is not here: it says nothing that the status does not say better.
const WORDS: ErrorWords = {
  invalid_request_error: 'invalid-request',
  authentication_error: 'authentication',
  billing_error: 'billing',
  permission_error: 'permission',
  not_found_error: 'not-found',
  conflict_error: 'conflict',
  request_too_large: 'too-large',
  rate_limit_error: 'rate-limit',
  overloaded_error: 'overloaded',
  timeout_error: 'timeout',
};

/** Status, body and headers of a failure; an overload is 529, as Anthropic's own service says it. */
export const encodeError = (error: GatewayError, requestId: string): ErrorAnswer => ({
  status: error.kind === 'overloaded' ? 529 : error.status,
  body: errorBody(error, requestId),
  headers: errorHeaders(error, requestId),
});

/** The `error` event that ends a stream; nothing may follow it. */
export const encodeStreamError = (error: GatewayError, requestId?: string): string =>
  encodeEvent('error', writeJson(errorBody(error, requestId)));

const errorBody = (error: GatewayError, requestId: string | undefined): JsonObject => ({
  type: 'error',
  error: { type: TYPES[error.kind], message: messageOf(error) },
  ...(requestId !== undefined && { request_id: requestId }),
});

const messageOf = ({ kind, message }: GatewayError): string =>
  kind === 'context-length' ? wordTooLong(message) : message;

const errorHeaders = (error: GatewayError, requestId: string): Record<string, string> => ({
  'x-request-id': requestId,
  'request-id': requestId,
  ...retryHeaders(error),
});

/** The failure behind an upstream's status and body. */
export const decodeError = (status: number, text: string, headers: HeaderReader): GatewayError =>
  withErrorCode(readUpstreamError(status, text, headers, WORDS), findObject(findJson(text))?.['error']);

/** Newer servers put their code into details of the error. */
function withErrorCode(failure: GatewayError, error: Json | undefined): GatewayError {
  const code = findString(findObject(findObject(error)?.['details'])?.['error_code']);
  const { kind, message, details } = failure;
  return code === undefined ? failure : new GatewayError(kind, message, { code, ...details });
}

/** The error that an event (with the name of its frame) or a whole body under status 200 tells of, if it is one. */
export function findErrorIn(data: JsonObject | undefined, event?: string): GatewayError | undefined {
  if (data === undefined) return undefined;
  const { type, error } = data;
  // Factory's own envelope has no `type`, and repeats itself under `error`.
  const untyped = type === undefined && error !== undefined && error !== null;
  const isError = type === 'error' || event === 'error' || untyped;
  return isError ? withErrorCode(readErrorObject(error ?? data, WORDS), error) : undefined;
}

/** The error that this frame tells of, if it is one. */
export const findStreamError = (frame: Frame): GatewayError | undefined =>
  frame.event === 'error' || frame.data.includes('"error"')
    ? findErrorIn(findObject(findJson(frame.data)), frame.event)
    : undefined;

/** True when a body already is an error as Messages clients read it. */
export function isErrorBody(body: Json | undefined): boolean {
  const envelope = findObject(body);
  const error = findObject(envelope?.['error']);
  return (
    envelope?.['type'] === 'error' &&
    typeof error?.['type'] === 'string' &&
    typeof error['message'] === 'string'
  );
}
