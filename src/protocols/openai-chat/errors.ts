import type { ErrorAnswer, Frame, HeaderReader } from '../../kernel/codec.ts';
import type { ErrorKind, GatewayError } from '../../kernel/gateway-error.ts';
import {
  findJson,
  findNumber,
  findObject,
  findString,
  isJsonArray,
  listOf,
  writeJson,
} from '../../kernel/json.ts';
import type { Json, JsonObject } from '../../kernel/json.ts';
import { retryHeaders } from '../../kernel/retry-headers.ts';
import { readErrorObject, readUpstreamError } from '../../kernel/upstream-error.ts';
import type { ErrorWords } from '../../kernel/upstream-error.ts';

/** The words of OpenAI, of the vendors that copied it, and of other gateways. */
const WORDS: ErrorWords = {
  context_length_exceeded: 'context-length',
  content_policy_violation: 'content-policy',
  content_filter: 'content-policy',
  invalid_prompt: 'content-policy',
  bio_policy: 'content-policy',
  invalid_api_key: 'authentication',
  authentication_error: 'authentication',
  invalid_authentication_error: 'authentication',
  insufficient_quota: 'billing',
  exceeded_current_quota_error: 'billing',
  billing_error: 'billing',
  permission_error: 'permission',
  permission_denied: 'permission',
  model_not_found: 'not-found',
  not_found_error: 'not-found',
  rate_limit_error: 'rate-limit',
  rate_limit_exceeded: 'rate-limit',
  rate_limit_reached_error: 'rate-limit',
  overloaded: 'overloaded',
  overloaded_error: 'overloaded',
  engine_overloaded_error: 'overloaded',
  server_is_overloaded: 'overloaded',
  slow_down: 'overloaded',
  invalid_request_error: 'invalid-request',
  request_too_large: 'too-large',
  timeout: 'timeout',
  server_error: 'server',
  upstream_error: 'bad-upstream',
  stream_incomplete: 'stream-cut',
  // The numbers of Z.AI, which stand in `code` as text.
  1113: 'billing',
  1211: 'not-found',
  1261: 'context-length',
  1301: 'content-policy',
};

/** The numbers of MiniMax, by the word that means the same: they clash with those of Z.AI. */
const STATUS_CODES: ReadonlyMap<number, string> = new Map([
  [1001, 'timeout'],
  [1002, 'rate_limit_error'],
  [1004, 'invalid_api_key'],
  [1008, 'insufficient_quota'],
  [1026, 'content_filter'],
  [1027, 'content_filter'],
  [1039, 'rate_limit_error'],
  [2013, 'invalid_request_error'],
]);

/** A failed answer of an upstream of this dialect. */
export function decodeError(status: number, text: string, headers: HeaderReader): GatewayError {
  const body = findObject(findJson(text));
  const wrapped = body === undefined ? undefined : vendorError(body);
  return readUpstreamError(status, wrapped === undefined ? text : writeJson(wrapped), headers, WORDS);
}

/**
 * The error that a chunk or a whole answer under status 200 tells of, if it does.
 *
 * @param begun - the answer has begun; then a message beside it is no error unless it says so.
 */
export function findError(data: JsonObject, begun: boolean): GatewayError | undefined {
  const error = findErrorValue(data, begun);
  return error === undefined ? undefined : readErrorObject(error, WORDS);
}

/** The error that this frame, the first of a stream, tells of, if it is one. */
export function findStreamError(frame: Frame): GatewayError | undefined {
  const data = findObject(findJson(frame.data));
  return data === undefined ? undefined : findError(data, false);
}

function findErrorValue(data: JsonObject, begun: boolean): Json | undefined {
  const choice = findObject(listOf(data['choices'])[0]);
  return (
    errorIn(data) ??
    (choice === undefined ? undefined : errorIn(choice)) ??
    vendorError(data) ??
    (begun && !isErrorByName(data) ? undefined : bareError(data))
  );
}

/** `error` as an object or, at some vendors, a sentence; without any content it is none. */
function errorIn({ error }: JsonObject): Json | undefined {
  const object = findObject(error);
  if (object !== undefined) return Object.keys(object).length === 0 ? undefined : object;
  return error === '' ? undefined : findString(error);
}

/** MiniMax reports failures beside an answer without choices. */
function vendorError(data: JsonObject): JsonObject | undefined {
  const base = findObject(data['base_resp']);
  const code = findNumber(base?.['status_code']) ?? 0;
  if (code === 0) return undefined;
  const type = STATUS_CODES.get(code) ?? 'server_error';
  return { type, message: findString(base?.['status_msg']) ?? 'the upstream reported an error' };
}

/** In the middle of an answer an error has to say that it is one: other services' signs of life have messages too. */
const isErrorByName = ({ object, type, code, status }: JsonObject): boolean =>
  [object, type].some((word) => /error$/i.test(findString(word) ?? '')) ||
  [code, status].some((number) => (findNumber(number) ?? 0) >= 400);

/** Members of the error at the top, without choices beside them. */
function bareError(data: JsonObject): JsonObject | undefined {
  if (isJsonArray(data['choices'])) return undefined;
  const message = findString(data['message']) ?? findString(data['detail']) ?? findString(data['msg']);
  return message === undefined ? undefined : { ...data, message };
}

/** `code` is the default; the upstream's own code wins unless `fixed`, where clients key on ours. */
interface Words {
  readonly type: string;
  readonly code: string | null;
  readonly fixed?: boolean;
}

const CLIENT_WORDS: Readonly<Record<ErrorKind, Words>> = {
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
  const { code, fixed } = CLIENT_WORDS[kind];
  if (kind === 'not-found') return details.code === 'model_not_found' ? details.code : null;
  return fixed === true ? code : (details.code ?? code);
}

const errorBody = (error: GatewayError): JsonObject => ({
  error: {
    message: error.message,
    type: CLIENT_WORDS[error.kind].type,
    param: error.details.param ?? null,
    code: codeOf(error),
  },
});

/** A failure before the first byte, as the OpenAI SDKs read it. */
export function encodeError(error: GatewayError, requestId: string): ErrorAnswer {
  return {
    status: error.kind === 'overloaded' ? 503 : error.status,
    body: errorBody(error),
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

/** A failure in the middle of a stream; the SDKs throw on it, and no `[DONE]` follows. */
export const encodeStreamError = (error: GatewayError): string =>
  `data: ${JSON.stringify(errorBody(error))}\n\n`;
