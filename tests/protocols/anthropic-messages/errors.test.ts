import { describe, expect, it } from 'vitest';
import { ERROR_KINDS, GatewayError, invalidField } from '../../../src/kernel/gateway-error.ts';
import type { ErrorKind } from '../../../src/kernel/gateway-error.ts';
import { anthropicMessages } from '../../../src/protocols/anthropic-messages/index.ts';
import { eventsOf, requireClient, streamOf } from './setup.ts';

const { decodeError, findStreamError } = anthropicMessages.upstream;
const { encodeError, encodeStreamError, isErrorBody } = requireClient();
const none = (): undefined => undefined;

const RENDERED: Readonly<Record<ErrorKind, readonly [status: number, type: string, retry?: string]>> = {
  'invalid-request': [400, 'invalid_request_error', 'false'],
  'context-length': [400, 'invalid_request_error', 'false'],
  'content-policy': [400, 'invalid_request_error'],
  authentication: [401, 'authentication_error'],
  billing: [402, 'billing_error', 'false'],
  permission: [403, 'permission_error'],
  'not-found': [404, 'not_found_error'],
  conflict: [409, 'conflict_error'],
  'too-large': [413, 'request_too_large'],
  'rate-limit': [429, 'rate_limit_error'],
  overloaded: [529, 'overloaded_error'],
  timeout: [504, 'timeout_error'],
  server: [500, 'api_error'],
  'bad-upstream': [502, 'api_error'],
  'stream-cut': [502, 'api_error'],
  'upstream-auth': [502, 'api_error'],
  unavailable: [503, 'api_error'],
  cancelled: [499, 'api_error'],
};

describe('anthropic-messages error answers', () => {
  it.each(ERROR_KINDS)('%s has its status, type and advice on trying again (C146, C152)', (kind) => {
    const [status, type, retry] = RENDERED[kind];
    const answer = encodeError(new GatewayError(kind, 'prompt is too long'), 'req_1');
    expect(answer.status).toBe(status);
    expect(answer.headers['x-should-retry']).toBe(retry);
    expect(answer.body).toEqual({
      type: 'error',
      error: { type, message: 'prompt is too long' },
      request_id: 'req_1',
    });
    expect(isErrorBody(answer.body)).toBe(true);
  });

  it('names the request and passes on when to come back', () => {
    const details = { retryAfterSeconds: 35, shouldRetry: true };
    expect(encodeError(new GatewayError('rate-limit', 'slow', details), 'req_1').headers).toEqual({
      'x-request-id': 'req_1',
      'request-id': 'req_1',
      'retry-after': '35',
      'x-should-retry': 'true',
    });
  });

  it('keeps a more exact status, and the field in front', () => {
    expect(encodeError(new GatewayError('invalid-request', 'x', { status: 422 }), 'r').status).toBe(422);
    expect(encodeError(invalidField('tools[2].type', 'is odd'), 'r').body).toMatchObject({
      error: { message: 'tools[2].type: is odd' },
    });
  });

  it('tells a failure inside a stream as one event', () => {
    const error = new GatewayError('overloaded', 'busy\nnow');
    const data = '{"type":"error","error":{"type":"overloaded_error","message":"busy\\nnow"}';
    expect(encodeStreamError(error, 'req_1')).toBe(`event: error\ndata: ${data},"request_id":"req_1"}\n\n`);
    expect(streamOf([{ type: 'error', error }])).toBe(`event: error\ndata: ${data}}\n\n`);
  });

  it.each([
    [{ type: 'error', error: { type: 'x', message: 'y' } }, true],
    [{ type: 'error', error: { message: 'y' } }, false],
    [{ type: 'error', error: { type: 'x' } }, false],
    [{ error: { type: 'x', message: 'y' } }, false],
    ['error', false],
    [undefined, false],
  ])('%j in the shape that clients read: %s', (body, expected) => {
    expect(isErrorBody(body)).toBe(expected);
  });
});

describe('anthropic-messages upstream errors', () => {
  it.each([
    [400, 'invalid_request_error', 'max_tokens: too big', 'invalid-request'],
    [400, 'invalid_request_error', 'prompt is too long: 9 tokens > 8 maximum', 'context-length'],
    [401, 'authentication_error', 'invalid x-api-key', 'authentication'],
    [401, 'api_error', 'who are you', 'authentication'],
    [403, 'permission_error', 'no', 'permission'],
    [404, 'not_found_error', 'model: x', 'not-found'],
    [413, 'request_too_large', 'big', 'too-large'],
    [429, 'rate_limit_error', 'slow', 'rate-limit'],
    [500, 'api_error', 'oops', 'server'],
    [529, 'overloaded_error', 'Overloaded', 'overloaded'],
  ])('%i %s is understood', (status, type, message, kind) => {
    const error = decodeError(status, JSON.stringify({ type: 'error', error: { type, message } }), none);
    expect(error).toMatchObject({ kind, message });
  });

  it('reads the code that newer servers put into details', () => {
    const error = {
      type: 'rate_limit_error',
      message: 'm',
      details: { error_code: 'contract_spend_limit_reached' },
    };
    const body = JSON.stringify({ type: 'error', error });
    const expected = { kind: 'rate-limit', message: 'm', details: { code: 'contract_spend_limit_reached' } };
    expect(decodeError(429, body, none)).toMatchObject(expected);
    expect(findStreamError({ event: 'error', data: body })).toMatchObject(expected);
  });

  it('keeps what else is known beside the code', () => {
    const error = { type: 'invalid_request_error', message: 'm', code: 'own', details: { error_code: 'x' } };
    const failure = decodeError(422, JSON.stringify({ type: 'error', error }), none);
    expect(failure).toMatchObject({ status: 422, details: { code: 'own', status: 422 } });
  });

  it('passes on Retry-After, and shows no page of HTML (C150)', () => {
    const header = (name: string): string | undefined => (name === 'retry-after' ? '12' : undefined);
    const error = decodeError(502, '<html>bad gateway</html>', header);
    expect(error).toMatchObject({ kind: 'bad-upstream', message: 'upstream returned HTTP 502' });
    expect(error.details.retryAfterSeconds).toBe(12);
  });

  const FRAMES: readonly (readonly [string | undefined, string, ErrorKind])[] = [
    ['error', '{"type":"error","error":{"type":"overloaded_error","message":"m"}}', 'overloaded'],
    ['error', '{"message":"m"}', 'server'],
    [undefined, '{"error":{"status":402,"title":"Payment Required","detail":"m"}}', 'billing'],
    [undefined, '{"type":"error","error":{"type":"invalid_request_error","message":"m"}}', 'invalid-request'],
  ];

  it.each(FRAMES)('a frame named %s with %s is an error', (event, data, kind) => {
    expect(findStreamError({ event, data })).toMatchObject({ kind, message: 'm' });
    const name = event === undefined ? '' : `event: ${event}\n`;
    expect(eventsOf(`${name}data: ${data}\n\n`)).toMatchObject([{ type: 'error', error: { kind } }]);
  });

  it.each([
    ['message_start', '{"type":"message_start","message":{}}'],
    ['content_block_delta', '{"type":"content_block_delta","delta":{"text":"\\"error\\""}}'],
    ['ping', '{"type":"ping","error":null}'],
    [undefined, '"error'],
  ])('a frame named %s with %s is none', (event, data) => {
    expect(findStreamError({ event, data })).toBeUndefined();
  });
});
