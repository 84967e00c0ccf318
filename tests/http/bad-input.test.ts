import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { MODELS, post, startGateway } from '../support/gateway.ts';
import { failedAnswer, failedWith } from '../support/told-error.ts';

const say = [{ role: 'user', content: 'Hi' }];
const ROUTES = [
  { path: '/v1/chat/completions', good: { model: 'glm', messages: say } },
  { path: '/v1/responses', good: { model: 'gpt', input: 'Hi' } },
  { path: '/v1/messages', good: { model: 'claude', max_tokens: 100, messages: say } },
] as const;

const INVALID = { openai: 'invalid_request_error', anthropic: 'invalid_request_error' };
const UNKNOWN = { openai: 'invalid_request_error', anthropic: 'not_found_error', code: 'model_not_found' };

interface BadBody {
  readonly name: string;
  readonly body: string | ((good: object) => string);
  readonly message: RegExp;
  readonly param?: string;
  readonly code?: string;
}

const BAD_BODIES: readonly BadBody[] = [
  { name: 'no body at all', body: '', message: /JSON/, code: 'invalid_json' },
  { name: 'a list', body: '[]', message: /JSON object/, code: 'invalid_json' },
  { name: 'a string', body: '"model"', message: /JSON object/, code: 'invalid_json' },
  { name: 'null', body: 'null', message: /JSON object/, code: 'invalid_json' },
  { name: 'JSON that breaks off', body: '{"model": "gpt", ', message: /JSON/, code: 'invalid_json' },
  { name: 'two bodies in one', body: '{"model":"gpt"}{}', message: /JSON/, code: 'invalid_json' },
  { name: 'a form', body: 'model=gpt&stream=1', message: /JSON/, code: 'invalid_json' },
  {
    name: 'a model that is a number',
    body: (good) => JSON.stringify({ ...good, model: 5 }),
    message: /^model: must be a string/,
    param: 'model',
    code: 'invalid_type',
  },
  {
    name: 'a model that is null',
    body: (good) => JSON.stringify({ ...good, model: null }),
    message: /^model: /,
    param: 'model',
    code: 'invalid_type',
  },
  {
    name: 'no model',
    body: (good) => JSON.stringify({ ...good, model: undefined }),
    message: /^model: is required/,
    param: 'model',
    code: 'missing_required_parameter',
  },
  {
    name: 'an empty model',
    body: (good) => JSON.stringify({ ...good, model: ' ' }),
    message: /^model: must not be empty/,
    param: 'model',
    code: 'invalid_value',
  },
  {
    name: 'a stream that is text',
    body: (good) => JSON.stringify({ ...good, stream: 'yes' }),
    message: /^stream: must be true or false/,
    param: 'stream',
    code: 'invalid_type',
  },
];

describe.each(ROUTES)('POST $path', ({ path, good }) => {
  it.each(BAD_BODIES)('answers $name with a 400 that says what is wrong', async (bad) => {
    const gateway = await startGateway();
    const body = typeof bad.body === 'string' ? bad.body : bad.body(good);
    const answer = await post(gateway.url + path, body);
    expect(failedAnswer(answer)).toEqual(
      failedWith(path, 400, { ...INVALID, ...bad, message: expect.stringMatching(bad.message) as unknown }),
    );
    expect(answer.headers['x-should-retry']).toBe('false');
    expect(gateway.sandbox.requests).toEqual([]);
  });

  it('answers an unknown model with a 404 that names it and those most like it', async () => {
    const gateway = await startGateway();
    const answer = await post(gateway.url + path, JSON.stringify({ ...good, model: 'cloude' }));
    const message: unknown = expect.stringMatching(
      /"cloude" is not configured; closest configured ids: claude/,
    );
    expect(failedAnswer(answer)).toEqual(failedWith(path, 404, { ...UNKNOWN, param: 'model', message }));
    expect(gateway.sandbox.requests).toEqual([]);
  });

  it('does not repeat an endless model id', async () => {
    const gateway = await startGateway();
    const { status, text } = await post(
      gateway.url + path,
      JSON.stringify({ ...good, model: 'm'.repeat(1e5) }),
    );
    expect(status).toBe(404);
    expect(text.length).toBeLessThan(1000);
  });

  it.each(['gzip, br', 'zstd', 'nonsense'])('refuses content-encoding %s with 415', async (encoding) => {
    const gateway = await startGateway();
    const answer = await post(gateway.url + path, JSON.stringify(good), { 'content-encoding': encoding });
    const message: unknown = expect.stringContaining(`content-encoding ${encoding} is not supported`);
    expect(failedAnswer(answer)).toEqual(
      failedWith(path, 415, { ...INVALID, code: 'unsupported_content_encoding', message }),
    );
    expect(gateway.sandbox.requests).toEqual([]);
  });

  it.each([
    ['that is none', Buffer.from(JSON.stringify(good))],
    ['that breaks off', gzipSync(JSON.stringify(good)).subarray(0, -12)],
    ['of nothing', Buffer.alloc(0)],
  ])('answers gzip %s with a 400', async (_name, bytes) => {
    const gateway = await startGateway();
    const answer = await post(gateway.url + path, bytes, { 'content-encoding': 'gzip' });
    expect(failedAnswer(answer)).toMatchObject({ status: 400 });
    expect(answer.text).toMatch(/compressed request body cannot be read|not valid JSON/);
    expect(gateway.sandbox.requests).toEqual([]);
  });

  it.each([
    ['gzip', gzipSync],
    ['x-gzip', gzipSync],
    ['GZIP', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ])('accepts a body in %s', async (encoding, compress) => {
    const gateway = await startGateway();
    const bytes = compress(JSON.stringify(good));
    const { status } = await post(gateway.url + path, bytes, { 'content-encoding': encoding });
    expect(status).toBe(200);
    expect(JSON.parse(gateway.sandbox.requests[0]?.body ?? '')).toMatchObject(good);
    expect(gateway.sandbox.requests[0]?.headers).not.toHaveProperty('content-encoding');
  });

  it('takes JSON whatever the client calls it', async () => {
    const { url } = await startGateway();
    const { status } = await post(url + path, JSON.stringify(good), { 'content-type': 'text/plain' });
    expect(status).toBe(200);
  });

  it.each(['GET', 'PUT', 'DELETE', 'PATCH'])(
    'answers %s with a 405 that says what it takes',
    async (method) => {
      const gateway = await startGateway();
      const answer = await post(gateway.url + path, '', {}, method);
      expect(failedAnswer(answer)).toEqual(
        failedWith(path, 405, {
          ...INVALID,
          code: 'method_not_allowed',
          message: `${path} takes POST, not ${method}`,
        }),
      );
      expect(answer.headers.allow).toBe('POST');
      expect(gateway.sandbox.requests).toEqual([]);
    },
  );

  it('answers a route below it that does not exist with a 404 in its dialect', async () => {
    const { url } = await startGateway();
    const answer = await post(`${url}${path}/nothing`, '{}');
    const message = `there is no route POST ${path}/nothing`;
    expect(failedAnswer(answer)).toEqual(
      failedWith(path, 404, { openai: 'invalid_request_error', anthropic: 'not_found_error', message }),
    );
  });

  it('names the id that it was redirected from when the target is not configured', async () => {
    const { url } = await startGateway({
      config: { models: MODELS, model_redirects: { 'old-name': 'claude-9' } },
    });
    const { status, text } = await post(url + path, JSON.stringify({ ...good, model: 'old-name' }));
    expect(status).toBe(404);
    expect(text).toContain('old-name');
  });
});

describe('a route that no dialect has', () => {
  it.each([
    ['OpenAI', {}, '/v1/chat/completions'],
    ['Anthropic', { 'anthropic-version': '2023-06-01' }, '/v1/messages'],
  ])('is a 404 in the shape of %s for a client of theirs', async (_vendor, headers, shape) => {
    const { url } = await startGateway();
    const answer = await post(`${url}/v1/embeddings`, '{}', headers);
    const message = 'there is no route POST /v1/embeddings';
    expect(failedAnswer(answer)).toEqual(
      failedWith(shape, 404, { openai: 'invalid_request_error', anthropic: 'not_found_error', message }),
    );
  });

  it('is a 400 when its address has a broken escape', async () => {
    const { url } = await startGateway();
    const answer = await post(`${url}/v1/models/%E0%A4%A`, '', {}, 'GET');
    expect(failedAnswer(answer)).toEqual(failedWith('/v1/models', 400, INVALID));
  });
});
