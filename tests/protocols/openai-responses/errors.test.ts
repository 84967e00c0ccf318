import { describe, expect, it } from 'vitest';
import type { Frame } from '../../../src/kernel/codec.ts';
import { ERROR_KINDS, GatewayError } from '../../../src/kernel/gateway-error.ts';
import type { ErrorDetails, ErrorKind } from '../../../src/kernel/gateway-error.ts';
import type { Json } from '../../../src/kernel/json.ts';
import { client, upstream, wireEvents } from './support.ts';

const encode = (kind: ErrorKind, details: ErrorDetails = {}) =>
  client.encodeError(new GatewayError(kind, 'message', details), 'req_1');

describe('openai-responses encodeError', () => {
  it.each<[ErrorKind, number, string, string | null]>([
    ['invalid-request', 400, 'invalid_request_error', null],
    ['context-length', 400, 'invalid_request_error', 'context_length_exceeded'],
    ['content-policy', 400, 'invalid_request_error', 'content_policy_violation'],
    ['authentication', 401, 'invalid_request_error', 'invalid_api_key'],
    ['billing', 402, 'insufficient_quota', 'insufficient_quota'],
    ['permission', 403, 'permission_error', 'permission_denied'],
    ['not-found', 404, 'invalid_request_error', null],
    ['conflict', 409, 'conflict_error', null],
    ['too-large', 413, 'invalid_request_error', 'request_too_large'],
    ['rate-limit', 429, 'rate_limit_error', 'rate_limit_exceeded'],
    ['overloaded', 503, 'server_error', 'overloaded'],
    ['timeout', 504, 'server_error', 'timeout'],
    ['server', 500, 'server_error', null],
    ['bad-upstream', 502, 'server_error', 'upstream_error'],
    ['stream-cut', 502, 'server_error', 'stream_incomplete'],
    ['upstream-auth', 502, 'server_error', 'upstream_auth'],
    ['unavailable', 503, 'server_error', 'unavailable'],
    ['cancelled', 499, 'server_error', 'cancelled'],
  ])('tells %s as %i %s, code %s (C143)', (kind, status, type, code) => {
    const { status: told, body } = encode(kind);
    expect([told, body]).toEqual([status, { error: { message: 'message', type, param: null, code } }]);
  });

  it("keeps the error's own code, field and status", () => {
    expect(
      encode('invalid-request', { code: 'invalid_encrypted_content', param: 'input[2]', status: 422 }),
    ).toMatchObject({
      status: 422,
      body: { error: { code: 'invalid_encrypted_content', param: 'input[2]' } },
    });
  });

  it.each<[ErrorKind, string, string | null]>([
    ['context-length', 'string_above_max_length', 'context_length_exceeded'],
    ['upstream-auth', 'invalid_api_key', 'upstream_auth'],
    ['stream-cut', 'x', 'stream_incomplete'],
    ['not-found', 'model_not_found', 'model_not_found'],
    ['not-found', 'x', null],
    ['overloaded', 'slow_down', 'slow_down'],
  ])('tells %s with the code %s as %s', (kind, code, told) => {
    expect(encode(kind, { code }).body).toMatchObject({ error: { code: told } });
  });

  it('answers 503 to an overload whatever its own status was', () => {
    expect(encode('overloaded', { status: 529 }).status).toBe(503);
  });

  it.each<[ErrorKind, ErrorDetails, Record<string, string>]>([
    ['server', {}, {}],
    ['rate-limit', { retryAfterSeconds: 7 }, { 'retry-after': '7' }],
    ['server', { shouldRetry: true }, { 'x-should-retry': 'true' }],
    ['billing', {}, { 'x-should-retry': 'false' }],
    ['context-length', {}, { 'x-should-retry': 'false' }],
    ['invalid-request', {}, { 'x-should-retry': 'false' }],
    ['invalid-request', { shouldRetry: true }, { 'x-should-retry': 'true' }],
  ])('sends headers for %s with %o', (kind, details, headers) => {
    expect(encode(kind, details).headers).toEqual({ 'x-request-id': 'req_1', ...headers });
  });

  it.each(ERROR_KINDS)('tells %s in the middle of a stream as one error event', (kind) => {
    const text = client.encodeStreamError(new GatewayError(kind, 'line\nbreak', { param: 'p' }), 'req_1');
    const [event, ...others] = wireEvents(text);
    expect(others).toEqual([]);
    expect(text.startsWith('event: error\ndata: {')).toBe(true);
    expect(event).toMatchObject({ type: 'error', message: 'line\nbreak', param: 'p', sequence_number: 0 });
    expect(event?.['error']).toMatchObject({ message: 'line\nbreak', code: event?.['code'] ?? null });
  });
});

describe('openai-responses isErrorBody', () => {
  it.each<[Json | undefined, boolean]>([
    [{ error: { message: 'no', type: 'x', param: null, code: null } }, true],
    [{ type: 'error', error: { message: 'no' } }, false],
    [{ error: 'no' }, false],
    [{ detail: 'no' }, false],
    [undefined, false],
  ])('reads %j as %s', (body, expected) => {
    expect(client.isErrorBody(body)).toBe(expected);
  });
});

describe('openai-responses decodeError', () => {
  const decode = (status: number, error: Json) =>
    upstream.decodeError(status, JSON.stringify({ error }), () => undefined);

  it.each<[number, string | null, string | null, ErrorKind]>([
    [400, 'invalid_request_error', 'invalid_encrypted_content', 'invalid-request'],
    [400, 'invalid_request_error', 'context_length_exceeded', 'context-length'],
    [400, 'invalid_request_error', 'content_policy_violation', 'content-policy'],
    [401, 'invalid_request_error', null, 'authentication'],
    [403, 'invalid_request_error', null, 'permission'],
    [404, 'invalid_request_error', 'model_not_found', 'not-found'],
    [404, 'invalid_request_error', null, 'not-found'],
    [429, 'tokens', 'rate_limit_exceeded', 'rate-limit'],
    [429, 'insufficient_quota', 'insufficient_quota', 'billing'],
    [500, 'server_error', null, 'server'],
    [503, 'server_error', null, 'overloaded'],
    [503, 'server_error', 'server_is_overloaded', 'overloaded'],
  ])('reads %i %s %s as %s (C035, C142)', (status, type, code, kind) => {
    expect(decode(status, { message: 'words', type, param: null, code })).toMatchObject({
      kind,
      message: 'words',
    });
  });

  it('keeps the code by which a caller knows that the reasoning state was refused (C035)', () => {
    expect(decode(400, { message: 'x', code: 'invalid_encrypted_content' }).details.code).toBe(
      'invalid_encrypted_content',
    );
  });
});

describe('openai-responses findStreamError', () => {
  const find = (frame: Partial<Frame>) => upstream.findStreamError({ event: undefined, data: '', ...frame });

  it.each<[string, string | undefined, Json]>([
    ['an error event', 'error', { type: 'error', code: 'slow_down', message: 'm' }],
    ['a nameless error event', undefined, { type: 'error', error: { code: 'slow_down', message: 'm' } }],
    ['an event without a type', 'error', { code: 'slow_down', message: 'm' }],
    ['a bare error', 'message', { error: { code: 'slow_down', message: 'm' } }],
    [
      'a failed response',
      'response.failed',
      { type: 'response.failed', response: { error: { code: 'slow_down' } } },
    ],
  ])('finds %s', (_name, event, data) => {
    expect(find({ event, data: JSON.stringify(data) })?.kind).toBe('overloaded');
  });

  it.each<[string, string | undefined, string]>([
    ['the start of a response', 'response.created', '{"type":"response.created","response":{"error":null}}'],
    ['a nameless start', undefined, '{"type":"response.created","response":{"error":null}}'],
    ['a whole answer', 'response.done', '{"type":"response.done","response":{"status":"completed"}}'],
    ['the end word of another dialect', undefined, '[DONE]'],
    ['broken JSON', 'error', '{"type":'],
  ])('finds no error in %s', (_name, event, data) => {
    expect(find({ event, data })).toBeUndefined();
  });
});

describe('openai-responses findUsage', () => {
  const known = {
    inputTokens: 1,
    cacheReadTokens: 2,
    cacheWriteTokens: 3,
    outputTokens: 4,
    reasoningTokens: 5,
  };
  const wire = { input_tokens: 9, input_tokens_details: { cached_tokens: 8 }, output_tokens: 7 };

  it.each<[string, Json]>([
    ['a stream event', { type: 'response.completed', response: { usage: wire } }],
    ['a whole response', { object: 'response', usage: wire }],
  ])('reads the usage of %s over what was known', (_name, data) => {
    expect(upstream.findUsage(data as never, known)).toEqual({
      inputTokens: 9,
      cacheReadTokens: 8,
      cacheWriteTokens: 3,
      outputTokens: 7,
      reasoningTokens: 5,
    });
  });

  it.each<[Json]>([[{ usage: null }], [{ usage: {} }], [{ response: { usage: null } }], [{}]])(
    'keeps what was known at %j',
    (data) => {
      expect(upstream.findUsage(data as never, known)).toBe(known);
    },
  );
});
