import { describe, expect, it } from 'vitest';
import type { GatewayError } from '../../../src/kernel/gateway-error.ts';
import type { Json } from '../../../src/kernel/json.ts';
import { upstream } from './support.ts';

const decode = (status: number, body: Json, headers: Record<string, string> = {}): GatewayError =>
  upstream.decodeError(status, JSON.stringify(body), (name) => headers[name]);

const wire = (code: number, status: string, message: string, details: Json[] = []): Json => ({
  error: { code, message, status, details },
});

const retryInfo = (retryDelay: Json): Json => ({
  '@type': 'type.googleapis.com/google.rpc.RetryInfo',
  retryDelay,
});
const badKey = { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID' };

describe('google-generate errors', () => {
  it.each([
    [400, 'INVALID_ARGUMENT', 'invalid-request', 400],
    [400, 'FAILED_PRECONDITION', 'invalid-request', 400],
    [400, 'OUT_OF_RANGE', 'invalid-request', 400],
    [401, 'UNAUTHENTICATED', 'authentication', 401],
    [403, 'PERMISSION_DENIED', 'permission', 403],
    [404, 'NOT_FOUND', 'not-found', 404],
    [409, 'ABORTED', 'conflict', 409],
    [429, 'RESOURCE_EXHAUSTED', 'rate-limit', 429],
    [500, 'INTERNAL', 'server', 500],
    [503, 'UNAVAILABLE', 'overloaded', 503],
    [504, 'DEADLINE_EXCEEDED', 'timeout', 504],
  ])('reads %i %s as %s', (code, word, kind, status) => {
    expect(decode(code, wire(code, word, 'why'))).toMatchObject({ kind, status, message: 'why' });
  });

  it('knows a prompt that is too long by its words', () => {
    const message = 'The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).';
    expect(decode(400, wire(400, 'INVALID_ARGUMENT', message))).toMatchObject({
      kind: 'context-length',
      message,
    });
  });

  it('knows a bad key that comes as a bad request, also inside a list (C149)', () => {
    const error = wire(400, 'INVALID_ARGUMENT', 'API key not valid.', [badKey]);
    expect([decode(400, error), decode(400, [error])]).toMatchObject([
      { kind: 'authentication', status: 401, message: 'API key not valid.' },
      { kind: 'authentication', status: 401 },
    ]);
  });

  it.each<[string, Json, number | undefined]>([
    ['34.6s', '34.6s', 35],
    ['12s', '12s', 12],
    ['a number', 12, undefined],
    ['other words', 'soon', undefined],
  ])('reads a wait of %s in whole seconds, rounded up (C144)', (_case, delay, seconds) => {
    const error = decode(429, wire(429, 'RESOURCE_EXHAUSTED', 'Quota.', [null, retryInfo(delay)]));
    expect(error.details.retryAfterSeconds).toBe(seconds);
    expect(error.kind).toBe('rate-limit');
  });

  it('believes the header before the body', () => {
    const error = wire(429, 'RESOURCE_EXHAUSTED', 'Quota.', [retryInfo('34.6s')]);
    expect(decode(429, error, { 'retry-after': '7' }).details.retryAfterSeconds).toBe(7);
  });

  it('reads what a gateway in front of Google answers', () => {
    expect(decode(402, { detail: 'Out of credit', status: 402, title: 'Payment' })).toMatchObject({
      kind: 'billing',
      message: 'Out of credit',
    });
    expect(upstream.decodeError(502, '<html>', () => undefined)).toMatchObject({ kind: 'bad-upstream' });
  });
});

describe('google-generate errors inside a stream', () => {
  const find = (data: string): GatewayError | undefined =>
    upstream.findStreamError({ event: undefined, data });

  it('are found in a frame, alone or in a list', () => {
    const error = wire(429, 'RESOURCE_EXHAUSTED', 'Quota.', [retryInfo('1.2s')]);
    expect([find(JSON.stringify(error)), find(JSON.stringify([error]))]).toMatchObject([
      { kind: 'rate-limit', status: 429, details: { retryAfterSeconds: 2 } },
      { kind: 'rate-limit' },
    ]);
  });

  it.each(['{"candidates":[]}', '{"error":null}', '{"a":{"error":1}}', '{"error":', '[DONE]', '["error"]'])(
    'are not seen in %s',
    (data) => {
      expect(find(data)).toBeUndefined();
    },
  );
});
