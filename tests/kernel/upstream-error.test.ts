import { describe, expect, it } from 'vitest';
import type { GatewayError } from '../../src/kernel/gateway-error.ts';
import type { ErrorKind } from '../../src/kernel/gateway-error.ts';
import { readErrorObject, readUpstreamError } from '../../src/kernel/upstream-error.ts';
import type { ErrorWords } from '../../src/kernel/upstream-error.ts';

const WORDS: ErrorWords = {
  invalid_request_error: 'invalid-request',
  not_found_error: 'not-found',
  context_length_exceeded: 'context-length',
  rate_limit_error: 'rate-limit',
  insufficient_quota: 'billing',
  invalid_api_key: 'authentication',
  resource_exhausted: 'rate-limit',
  overloaded_error: 'overloaded',
  server_error: 'server',
};

const read = (status: number, body: unknown, headers: Record<string, string> = {}): GatewayError =>
  readUpstreamError(
    status,
    typeof body === 'string' ? body : JSON.stringify(body),
    (name) => headers[name],
    WORDS,
  );

describe('readUpstreamError: the message', () => {
  it.each<[string, unknown, string]>([
    ["Factory's envelope", { detail: 'no region', status: 400, title: 'Bad Request' }, 'no region'],
    ["Factory's envelope under error", { error: { detail: 'spent', title: 'Payment Required' } }, 'spent'],
    [
      "Factory's title when there is no detail",
      { title: 'Payment Required', status: 402 },
      'Payment Required',
    ],
    [
      "a broker's error with the provider's own inside",
      {
        error: { message: 'Provider returned error', metadata: { raw: '{"error":{"message":"too busy"}}' } },
      },
      'Provider returned error: too busy',
    ],
    [
      "a broker's error with the provider's plain words",
      { error: { message: 'Provider returned error', metadata: { raw: 'try again in 3.5s' } } },
      'Provider returned error: try again in 3.5s',
    ],
    [
      'a list of faulty fields',
      { detail: [{ loc: ['body', 'x'], msg: 'field required' }, { msg: 'no' }] },
      'body.x: field required; no',
    ],
    ['an OpenAI error', { error: { message: 'bad key', type: 'x', code: null } }, 'bad key'],
    ['an Anthropic error', { type: 'error', error: { type: 'x', message: 'too big' } }, 'too big'],
    ["a list around Google's error", [{ error: { code: 429, message: 'quota', status: 'X' } }], 'quota'],
    ['a list of errors', { errors: [{ message: 'first' }, { message: 'second' }] }, 'first'],
    ['an error that is a string', { error: 'Endpoint returned 400' }, 'Endpoint returned 400'],
    ['a message at the top', { message: 'top' }, 'top'],
    ['a body that is a JSON string', '"just text"', 'just text'],
    ['plain text', '  upstream connect error\n', 'upstream connect error'],
    ['an empty message beside a detail', { error: { message: ' ' }, detail: 'why' }, 'why'],
    ['nothing', '', 'upstream returned HTTP 400'],
    ['spaces', ' \n', 'upstream returned HTTP 400'],
    ['an empty object', {}, 'upstream returned HTTP 400'],
    ['an empty list', [], 'upstream returned HTTP 400'],
    ['null', 'null', 'upstream returned HTTP 400'],
    ['a number', '404', 'upstream returned HTTP 400'],
    ['a page of HTML', '<!DOCTYPE html><html><body>Bad gateway</body></html>', 'upstream returned HTTP 400'],
    ['a page of HTML behind spaces', '\n <html></html>', 'upstream returned HTTP 400'],
    [
      'a page of HTML inside JSON',
      { error: { message: '\n<HTML lang="en">' } },
      'upstream returned HTTP 400',
    ],
    ['JSON that is cut', '{"error":{"message":"half', 'upstream returned HTTP 400'],
    ['a message of another type', { error: { message: { text: 'x' } } }, 'upstream returned HTTP 400'],
    ['a tag that is no page', { message: '<tool_use> is empty' }, '<tool_use> is empty'],
  ])('of %s', (_name, body, message) => {
    expect(read(400, body).message).toBe(message);
  });

  it('C151 is masked', () => {
    const message = `key ${['sk', 'abc123def456'].join('-')} at gw.prod.internal:80`;
    expect(read(400, { error: { message } }).message).toBe('key [redacted] at [internal host]');
  });

  it('is at most 2048 characters long, secrets at the edge masked', () => {
    const secret = ['sk', 'abc123'.repeat(20)].join('-');
    const message = `${'x'.repeat(2040)} ${secret}`;
    expect(read(400, { message }).message).toBe(`${'x'.repeat(2040)} [redact`);
  });

  it('is not cut in the middle of a sign', () => {
    expect(read(400, { message: `${'x'.repeat(2047)}😀` }).message).toBe('x'.repeat(2047));
  });
});

describe('readUpstreamError: the kind', () => {
  const typed = (type: string | null, code: unknown = null): unknown => ({
    error: { message: 'm', type, code },
  });

  it.each<[number, unknown, ErrorKind, number]>([
    [404, typed('invalid_request_error'), 'not-found', 404],
    [401, typed('invalid_request_error'), 'authentication', 401],
    [429, typed('invalid_request_error'), 'rate-limit', 429],
    [529, typed('server_error'), 'overloaded', 503],
    [400, typed('not_found_error'), 'not-found', 404],
    [400, typed('NOT_FOUND_ERROR'), 'not-found', 404],
    [400, typed('invalid_request_error', 'invalid_api_key'), 'authentication', 401],
    [429, typed('rate_limit_error', 'insufficient_quota'), 'billing', 402],
    [500, typed('overloaded_error'), 'overloaded', 503],
    [400, typed('overloaded_error'), 'invalid-request', 400],
    [500, typed('rate_limit_error'), 'server', 500],
    [502, typed('invalid_request_error'), 'bad-upstream', 502],
    [400, typed('never heard of'), 'invalid-request', 400],
    [400, typed('constructor'), 'invalid-request', 400],
    [400, typed('__proto__', 'hasOwnProperty'), 'invalid-request', 400],
    [400, typed(null, 404), 'invalid-request', 400],
    [429, [{ error: { code: 429, message: 'm', status: 'RESOURCE_EXHAUSTED' } }], 'rate-limit', 429],
    [400, { code: 'context_length_exceeded', message: 'm' }, 'context-length', 400],
    [400, { error: { message: 'm' }, code: 'context_length_exceeded' }, 'context-length', 400],
    [402, { detail: 'spent', status: 402, title: 'Payment Required' }, 'billing', 402],
    [401, '', 'authentication', 401],
    [302, '', 'server', 500],
    [302, typed('overloaded_error'), 'overloaded', 503],
  ])('under %i with the body %j is %s', (status, body, kind, own) => {
    const error = read(status, body);
    expect([error.kind, error.status]).toEqual([kind, own]);
  });

  it.each<[number, unknown, number]>([
    [422, typed('invalid_request_error'), 422],
    [405, '', 405],
    [418, typed(null), 418],
    [422, typed(null, 'context_length_exceeded'), 422],
    [422, typed('rate_limit_error'), 429],
  ])('keeps the status %i where it says more than the kind: %j', (status, body, own) => {
    expect(read(status, body).status).toBe(own);
  });

  it.each([
    'prompt is too long: 210000 tokens > 200000 maximum',
    "This model's maximum context length is 128000 tokens.",
    'The input token count (1200000) exceeds the maximum number of tokens allowed',
    'Input exceeds the context window of this model',
    'context_length_exceeded',
  ])('is context-length when a refusal says: %s', (message) => {
    const error = read(400, { error: { message, type: 'invalid_request_error' } });
    expect([error.kind, error.message]).toEqual(['context-length', message]);
  });

  it('is not context-length when a limit of another sort is told of', () => {
    expect(read(429, { error: { message: 'too many tokens per minute' } }).kind).toBe('rate-limit');
  });
});

describe('readUpstreamError: the details', () => {
  it('keep code and param, and the status and words for the log', () => {
    const error = read(400, {
      error: { message: 'm', code: 'bad', type: 'invalid_request_error', param: 'input[0]' },
    });
    expect(error.details).toEqual({
      code: 'bad',
      param: 'input[0]',
      cause: { status: 400, words: ['bad', 'invalid_request_error'] },
    });
  });

  const date = 'Sun, 23 Nov 2025 10:00:00 GMT';
  it.each<[Record<string, string>, number | undefined]>([
    [{}, undefined],
    [{ 'retry-after': '30' }, 30],
    [{ 'retry-after': ' 1.2 ' }, 2],
    [{ 'retry-after': '0' }, 0],
    [{ 'retry-after': '-5' }, 0],
    [{ 'retry-after': '' }, undefined],
    [{ 'retry-after': 'soon' }, undefined],
    [{ 'retry-after': 'Infinity' }, undefined],
    [{ 'retry-after-ms': '1500' }, 2],
    [{ 'retry-after-ms': '1500', 'retry-after': '30' }, 2],
    [{ 'retry-after-ms': '', 'retry-after': '30' }, 30],
    [{ 'retry-after-ms': '-1', 'retry-after': '30' }, 30],
    [{ 'retry-after': 'Sun, 23 Nov 2025 10:01:30 GMT', date }, 90],
    [{ 'retry-after': 'Sun, 23 Nov 2025 09:59:00 GMT', date }, 0],
    [{ 'retry-after': 'Sun, 23 Nov 2025 10:01:30 GMT' }, undefined],
  ])('read the wait out of %j', (headers, seconds) => {
    expect(read(429, '', headers).details.retryAfterSeconds).toBe(seconds);
  });

  it.each([
    ['true', true],
    ['false', false],
    ['maybe', undefined],
  ])('read x-should-retry: %s', (text, value) => {
    expect(read(500, '', { 'x-should-retry': text }).details.shouldRetry).toBe(value);
  });
});

describe('readErrorObject', () => {
  it.each<[string, Parameters<typeof readErrorObject>[0], ErrorKind, number, string]>([
    ['a known word', { type: 'overloaded_error', message: 'busy' }, 'overloaded', 503, 'busy'],
    [
      'a loose word, as there is no status',
      { type: 'invalid_request_error', message: 'm' },
      'invalid-request',
      400,
      'm',
    ],
    ['a code that is a status', { code: 400, message: 'm' }, 'invalid-request', 400, 'm'],
    ['a code that is a status as text', { code: '429', message: 'm' }, 'rate-limit', 429, 'm'],
    ['a status that is one', { status: 402, detail: 'spent', title: 't' }, 'billing', 402, 'spent'],
    ['a status that the kind cannot tell', { code: 422, message: 'm' }, 'invalid-request', 422, 'm'],
    ['a code that is no status', { code: 1261, message: 'm' }, 'server', 500, 'm'],
    ['half a status', { code: 429.5, message: 'm' }, 'server', 500, 'm'],
    ['an empty code', { code: '', message: 'm' }, 'server', 500, 'm'],
    ['a text', 'out of memory', 'server', 500, 'out of memory'],
    ['an empty text', '', 'server', 500, 'the upstream reported an error without a message'],
    ['an empty object', {}, 'server', 500, 'the upstream reported an error without a message'],
    ['null', null, 'server', 500, 'the upstream reported an error without a message'],
    ['nothing', undefined, 'server', 500, 'the upstream reported an error without a message'],
    ['a word that every object inherits', { type: 'constructor', message: 'm' }, 'server', 500, 'm'],
  ])('reads %s', (_name, wire, kind, status, message) => {
    const error = readErrorObject(wire, WORDS);
    expect([error.kind, error.status, error.message]).toEqual([kind, status, message]);
  });

  it.each([
    ['slow_down', 'slow_down'],
    ['1261', '1261'],
    ['503', undefined],
    ['', undefined],
    [503, undefined],
  ])('keeps the code %j as %j: a status is no code', (code, kept) => {
    expect(readErrorObject({ code, message: 'm' }, WORDS).details.code).toBe(kept);
  });
});
