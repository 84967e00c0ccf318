import { APIError } from 'openai';
import { describe, expect, it } from 'vitest';
import { ERROR_KINDS, GatewayError } from '../../../src/kernel/gateway-error.ts';
import type { ErrorKind } from '../../../src/kernel/gateway-error.ts';
import { client, upstream } from './support.ts';

const decode = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  upstream.decodeError(status, JSON.stringify(body), (name) => headers[name]);
const frame = (data: string) => upstream.findStreamError({ event: undefined, data });

describe('openai-chat decodeError', () => {
  it.each([
    [400, { message: 'x', type: 'invalid_request_error', code: 'context_length_exceeded' }, 'context-length'],
    [
      400,
      { message: 'x', type: 'invalid_request_error', code: 'content_policy_violation' },
      'content-policy',
    ],
    [400, { message: 'x', type: 'invalid_request_error', param: 'n' }, 'invalid-request'],
    [401, { message: 'x', type: 'invalid_request_error', code: 'invalid_api_key' }, 'authentication'],
    [401, { message: 'x', type: 'invalid_request_error' }, 'authentication'],
    [404, { message: 'x', type: 'invalid_request_error', code: 'model_not_found' }, 'not-found'],
    [413, { message: 'x', type: 'invalid_request_error' }, 'too-large'],
    [429, { message: 'x', type: 'insufficient_quota', code: 'insufficient_quota' }, 'billing'],
    [429, { message: 'x', type: 'rate_limit_error' }, 'rate-limit'],
    [429, { message: 'x', type: 'engine_overloaded_error' }, 'rate-limit'],
    [429, { message: 'x', type: 'exceeded_current_quota_error' }, 'billing'],
    [500, { message: 'x', type: 'invalid_request_error' }, 'server'],
    [503, { message: 'x', type: 'server_error' }, 'overloaded'],
    [500, { message: 'x', code: 'constructor' }, 'server'],
    [400, { message: 'x', code: '1261' }, 'context-length'],
    [429, { message: 'x', code: '1113' }, 'billing'],
    [400, { message: 'x', code: '1301' }, 'content-policy'],
    [400, { message: 'x', code: '1211' }, 'not-found'],
  ])('reads %i %j as %s', (status, error, kind) => {
    expect(decode(status, { error }).kind).toBe(kind);
  });

  it.each([
    ['an error that is a sentence', 400, { error: 'no such thing' }, 'invalid-request', 'no such thing'],
    ['a message at the top', 400, { message: 'bad' }, 'invalid-request', 'bad'],
    ['a code that is a status', 500, { error: { message: 'x', code: '503' } }, 'server', 'x'],
    [
      "a vendor's wrapper",
      401,
      { base_resp: { status_code: 2049, status_msg: 'bad key' } },
      'authentication',
      'bad key',
    ],
    ['a wrapper of a success', 500, { base_resp: { status_code: 0 }, message: 'x' }, 'server', 'x'],
  ])('reads %s', (_what, status, body, kind, message) => {
    expect(decode(status, body)).toMatchObject({ kind, message });
  });

  it.each([
    [1001, 'timeout'],
    [1002, 'rate-limit'],
    [1004, 'authentication'],
    [1008, 'billing'],
    [1026, 'content-policy'],
    [1039, 'rate-limit'],
    [2013, 'invalid-request'],
    [9999, 'server'],
  ])("reads the vendor's status code %i under status 200 as %s", (status_code, kind) => {
    expect(frame(JSON.stringify({ base_resp: { status_code, status_msg: 'x' } }))).toMatchObject({ kind });
  });

  it('shows no page of HTML (C150)', () => {
    const page = '<!DOCTYPE html><title>502 Bad Gateway</title>';
    expect(upstream.decodeError(502, page, () => undefined)).toMatchObject({
      kind: 'bad-upstream',
      message: 'upstream returned HTTP 502',
    });
  });

  it('keeps message, code, param and the time to wait', () => {
    const error = { message: 'slow down', code: 'rate_limit_exceeded', param: 'model' };
    expect(decode(429, { error }, { 'retry-after': '7' })).toMatchObject({
      message: 'slow down',
      details: { code: 'rate_limit_exceeded', param: 'model', retryAfterSeconds: 7 },
    });
  });
});

describe('openai-chat findStreamError', () => {
  it('finds the error of a first frame', () => {
    expect(frame('{"error":{"message":"busy","code":"503"}}')).toMatchObject({
      kind: 'overloaded',
      message: 'busy',
    });
  });

  it.each(['[DONE]', 'not json', '17', '{"choices":[{"delta":{"content":"a"}}]}', '{"choices":[]}'])(
    'takes %s for no error',
    (data) => {
      expect(frame(data)).toBeUndefined();
    },
  );
});

const WORDS: Readonly<Record<ErrorKind, readonly [status: number, type: string, code: string | null]>> = {
  'invalid-request': [400, 'invalid_request_error', null],
  'context-length': [400, 'invalid_request_error', 'context_length_exceeded'],
  'content-policy': [400, 'invalid_request_error', 'content_policy_violation'],
  authentication: [401, 'invalid_request_error', 'invalid_api_key'],
  billing: [402, 'insufficient_quota', 'insufficient_quota'],
  permission: [403, 'permission_error', 'permission_denied'],
  'not-found': [404, 'invalid_request_error', null],
  conflict: [409, 'conflict_error', null],
  'too-large': [413, 'invalid_request_error', 'request_too_large'],
  'rate-limit': [429, 'rate_limit_error', 'rate_limit_exceeded'],
  overloaded: [503, 'server_error', 'overloaded'],
  timeout: [504, 'server_error', 'timeout'],
  server: [500, 'server_error', null],
  'bad-upstream': [502, 'server_error', 'upstream_error'],
  'stream-cut': [502, 'server_error', 'stream_incomplete'],
  'upstream-auth': [502, 'server_error', 'upstream_auth'],
  unavailable: [503, 'server_error', 'unavailable'],
  cancelled: [499, 'server_error', 'cancelled'],
};

describe('openai-chat encodeError', () => {
  it.each(ERROR_KINDS)('tells %s with its status, type and code', (kind) => {
    const [status, type, code] = WORDS[kind];
    expect(client.encodeError(new GatewayError(kind, 'what happened'), 'req_1')).toMatchObject({
      status,
      body: { error: { message: 'what happened', type, param: null, code } },
      headers: { 'x-request-id': 'req_1' },
    });
  });

  it("keeps the upstream's code, param, status and advice", () => {
    const details = { status: 422, code: 'bad', param: 'n', retryAfterSeconds: 7, shouldRetry: true };
    expect(client.encodeError(new GatewayError('invalid-request', 'x', details), 'req_1')).toEqual({
      status: 422,
      body: { error: { message: 'x', type: 'invalid_request_error', param: 'n', code: 'bad' } },
      headers: { 'x-request-id': 'req_1', 'retry-after': '7', 'x-should-retry': 'true' },
    });
  });

  it('tells model_not_found of a model', () => {
    const error = new GatewayError('not-found', 'x', { code: 'model_not_found' });
    expect(client.encodeError(error, 'req_1').body).toMatchObject({ error: { code: 'model_not_found' } });
  });

  it.each(['context-length', 'stream-cut', 'upstream-auth'] as const)(
    'lets no foreign code hide that it was %s',
    (kind) => {
      const error = new GatewayError(kind, 'x', { code: '1261' });
      expect(client.encodeError(error, 'r').body).toMatchObject({ error: { code: WORDS[kind][2] } });
    },
  );

  it.each(ERROR_KINDS)('advises against a retry of %s only where it cannot help', (kind) => {
    const { headers } = client.encodeError(new GatewayError(kind, 'x'), 'r');
    const hopeless = ['billing', 'context-length', 'invalid-request'].includes(kind);
    expect(headers['x-should-retry']).toBe(hopeless ? 'false' : undefined);
  });

  it('is read by the SDK with code, param and type', () => {
    const { status, body } = client.encodeError(
      new GatewayError('invalid-request', 'n: too many', { param: 'n', code: 'unsupported_parameter' }),
      'req_1',
    );
    expect(
      APIError.generate(status, body, undefined, new Headers({ 'x-request-id': 'req_1' })),
    ).toMatchObject({
      status: 400,
      code: 'unsupported_parameter',
      param: 'n',
      type: 'invalid_request_error',
      requestID: 'req_1',
      message: '400 n: too many',
    });
  });

  it('tells the same inside a stream, without a marker', () => {
    expect(client.encodeStreamError(new GatewayError('overloaded', 'busy'), 'req_1')).toBe(
      'data: {"error":{"message":"busy","type":"server_error","param":null,"code":"overloaded"}}\n\n',
    );
  });
});

describe('openai-chat isErrorBody', () => {
  it.each([
    [{ error: { message: 'x', type: 'server_error', param: null, code: null } }, true],
    [{ error: { message: 'x' } }, true],
    [{ type: 'error', error: { type: 'api_error', message: 'x' } }, false],
    [{ error: 'x' }, false],
    [{ detail: 'x', status: 400, title: 'Bad Request' }, false],
    [[{ error: { message: 'x' } }], false],
    [undefined, false],
  ])('judges %j', (body, expected) => {
    expect(client.isErrorBody(body)).toBe(expected);
  });
});
