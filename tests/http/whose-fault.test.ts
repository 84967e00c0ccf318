import { describe, expect, it } from 'vitest';
import { clientKeyChain, post, postJson, startGateway } from '../support/gateway.ts';
import { askPair, inBothForms, questionOf, RELAYED, TRANSLATED } from '../support/pairs.ts';
import { requestLines } from '../support/request-lines.ts';
import { failedAnswer, failedWith } from '../support/told-error.ts';

const ALL = inBothForms([...RELAYED, ...TRANSLATED]);
const GEMINI = inBothForms(TRANSLATED.filter(({ model }) => model === 'gemini'));
const MINE = { authorization: 'Bearer mine' };
const JSON_HEAD = { 'content-type': 'application/json' };

describe('a client without a key, where the gateway has none', () => {
  it.each(ALL)('is told to send one: $path for $model, stream: $stream', async (pair) => {
    const gateway = await startGateway({ credentials: clientKeyChain() });
    const answer = await askPair(gateway, pair);
    expect(failedAnswer(answer)).toEqual(
      failedWith(pair.path, 401, {
        openai: 'invalid_request_error',
        anthropic: 'authentication_error',
        code: 'missing_credential',
        message: expect.stringContaining('Authorization: Bearer') as unknown,
      }),
    );
    expect(gateway.sandbox.requests).toEqual([]);
  });

  it.each([
    ['Authorization', { authorization: 'Bearer mine' }],
    ['authorization in small letters', { authorization: 'bearer  mine ' }],
    ['x-api-key', { 'x-api-key': 'mine' }],
  ])('sends it as %s', async (_name, headers) => {
    const { url, sandbox } = await startGateway({ credentials: clientKeyChain() });
    const [pair] = RELAYED;
    expect((await postJson(url + pair.path, questionOf(pair, false), headers)).status).toBe(200);
    expect(sandbox.requests[0]?.headers.authorization).toBe('Bearer mine');
  });
});

describe('a client with a key, where the gateway has one', () => {
  it.each(ALL)('keeps it to itself: $path for $model, stream: $stream', async (pair) => {
    const { url, sandbox } = await startGateway();
    const headers = { authorization: 'Bearer CANARY-1', 'x-api-key': 'CANARY-2', cookie: 'CANARY-3' };
    await postJson(url + pair.path, questionOf(pair, pair.stream), headers);
    expect(sandbox.requests).toHaveLength(1);
    expect(JSON.stringify(sandbox.requests[0]?.headers)).not.toContain('CANARY');
  });
});

/** Google says it with 400, and sometimes puts the whole into a list. */
const badKey = (wrap: (error: object) => unknown) =>
  JSON.stringify(
    wrap({
      error: {
        code: 400,
        message: 'API key not valid. Please pass a valid API key.',
        status: 'INVALID_ARGUMENT',
        details: [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID' }],
      },
    }),
  );

describe.each(GEMINI)('what only Google says, stream: $stream', (pair) => {
  const forms = [
    ['plain', badKey((error) => error)],
    ['in a list', badKey((error) => [error])],
  ] as const;

  it.each(forms)('C149 a bad key is the fault of its holder, the client: %s', async (_form, body) => {
    const { url, sandbox } = await startGateway({ credentials: clientKeyChain() });
    sandbox.script({ status: 400, headers: JSON_HEAD, body });
    const answer = await postJson(url + pair.path, questionOf(pair, pair.stream), MINE);
    expect(failedAnswer(answer)).toEqual(
      failedWith(pair.path, 401, {
        openai: 'invalid_request_error',
        anthropic: 'authentication_error',
        code: 'invalid_api_key',
        message: 'API key not valid. Please pass a valid API key.',
      }),
    );
  });

  it.each(forms)('C149 a bad key is the fault of its holder, the gateway: %s', async (_form, body) => {
    const gateway = await startGateway();
    gateway.sandbox.script({ status: 400, headers: JSON_HEAD, body });
    const answer = await askPair(gateway, pair);
    expect(failedAnswer(answer)).toEqual(
      failedWith(pair.path, 502, {
        openai: 'server_error',
        anthropic: 'api_error',
        code: 'upstream_auth',
        message: expect.stringContaining('API key not valid') as unknown,
      }),
    );
  });

  it('C144 a wait becomes retry-after in whole seconds', async () => {
    const gateway = await startGateway();
    const details = [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '34.6s' }];
    const error = { code: 429, message: 'Quota exceeded.', status: 'RESOURCE_EXHAUSTED', details };
    gateway.sandbox.script({ status: 429, headers: JSON_HEAD, body: JSON.stringify({ error }) });
    const answer = await askPair(gateway, pair);
    expect(answer.headers['retry-after']).toBe('35');
    expect(failedAnswer(answer)).toEqual(
      failedWith(pair.path, 429, {
        openai: 'rate_limit_error',
        anthropic: 'rate_limit_error',
        code: 'rate_limit_exceeded',
        message: 'Quota exceeded.',
      }),
    );
  });
});

describe('the line in the log', () => {
  it.each([
    ['a body that is no JSON', '{"model":', 400, 'invalid-request', {}],
    ['a body that is too large', '{}'.padEnd(2000), 413, 'too-large', {}],
    ['an unknown encoding', '{}', 415, 'invalid-request', { 'content-encoding': 'zstd' }],
    ['an unknown model', '{"model":"nobody"}', 404, 'not-found', {}],
  ])('is written once for %s, without an attempt', async (_name, body, status, errorKind, headers) => {
    const { url, logger } = await startGateway({ config: { body_limit_mb: 0.001 } });
    const answer = await post(`${url}/v1/messages`, body, headers);
    expect(answer.status).toBe(status);
    expect(requestLines(logger)).toEqual([
      expect.objectContaining({
        requestId: answer.headers['x-request-id'],
        route: '/v1/messages',
        status,
        errorKind,
        attempts: 0,
      }),
    ]);
  });

  it.each(ALL)('tells of a good answer: $path for $model, stream: $stream', async (pair) => {
    const gateway = await startGateway();
    const answer = await askPair(gateway, pair);
    const [line, ...more] = requestLines(gateway.logger);
    expect(more).toEqual([]);
    expect(line).toMatchObject({
      requestId: answer.headers['x-request-id'],
      route: pair.path,
      model: pair.model,
      lane: 'upstream' in pair ? 'relay' : 'translate',
      status: 200,
      attempts: 1,
      account: 'FACTORY_API_KEY',
    });
    expect(line).not.toHaveProperty('errorKind');
    expect(JSON.stringify(gateway.logger.lines)).not.toMatch(/Grüß|key-of-the-gateway/);
  });

  it.each(inBothForms(TRANSLATED))('counts tokens: $path for $model, stream: $stream', async (pair) => {
    const gateway = await startGateway();
    await askPair(gateway, pair);
    const [line] = requestLines(gateway.logger);
    expect(line?.['inputTokens']).toBeGreaterThan(0);
    expect(line?.['cachedTokens']).toBeGreaterThan(0);
    expect(line?.['outputTokens']).toBeGreaterThan(0);
  });
});
