import { describe, expect, it } from 'vitest';
import { clientKeyChain, post, postJson, startGateway } from '../support/gateway.ts';
import type { RawAnswer } from '../support/gateway.ts';
import { inBothForms, questionOf, RELAYED, TRANSLATED } from '../support/pairs.ts';
import { requestLines } from '../support/request-lines.ts';
import { failedAnswer, failedWith } from '../support/told-error.ts';

const KEYS = { laptop: 'CANARY-laptop', ci: 'CANARY-ci' };
const PAIRS = inBothForms([...RELAYED, ...TRANSLATED]);
const [PAIR] = RELAYED;
const SHOWN = [
  ['Authorization', { authorization: 'Bearer CANARY-laptop' }],
  ['authorization in small letters', { authorization: 'bearer  CANARY-laptop ' }],
  ['x-api-key', { 'x-api-key': 'CANARY-laptop' }],
  [
    'x-api-key, beside a key of the client’s own',
    { authorization: 'Bearer own', 'x-api-key': 'CANARY-laptop' },
  ],
] as const;

const get = (url: string, headers: Readonly<Record<string, string>> = {}): Promise<RawAnswer> =>
  post(url, '', headers, 'GET');

describe('a gateway with keys', () => {
  it.each(PAIRS)('asks for one in the dialect: $path for $model, stream: $stream', async (pair) => {
    const { url, sandbox } = await startGateway({ accessKeys: KEYS });
    const answer = await postJson(url + pair.path, questionOf(pair, pair.stream));
    expect(failedAnswer(answer)).toEqual(
      failedWith(pair.path, 401, {
        openai: 'invalid_request_error',
        anthropic: 'authentication_error',
        code: 'missing_api_key',
        message: expect.stringContaining('asks for a key') as unknown,
      }),
    );
    expect(sandbox.requests).toEqual([]);
  });

  it.each([
    ['another key', { authorization: 'Bearer CANARY-other' }],
    ['the beginning of one', { authorization: 'Bearer CANARY-lapto' }],
    ['one and more', { 'x-api-key': 'CANARY-laptopp' }],
    ['one in another case', { 'x-api-key': 'canary-laptop' }],
    ['its name', { 'x-api-key': 'laptop' }],
    ['name and key', { 'x-api-key': 'laptop:CANARY-laptop' }],
    ['an empty one', { 'x-api-key': '' }],
    ['another scheme', { authorization: 'Basic CANARY-laptop' }],
  ])('refuses %s', async (_name, headers) => {
    const { url, sandbox, logger } = await startGateway({ accessKeys: KEYS });
    const answer = await postJson(url + PAIR.path, questionOf(PAIR, false), headers);
    expect(answer.status).toBe(401);
    expect(answer.text + JSON.stringify(logger.lines)).not.toContain('CANARY');
    expect(sandbox.requests).toEqual([]);
  });

  it.each(SHOWN)('serves who shows one as %s, and keeps it to itself', async (_name, headers) => {
    const { url, sandbox, logger } = await startGateway({ accessKeys: KEYS });
    expect((await postJson(url + PAIR.path, questionOf(PAIR, false), headers)).status).toBe(200);
    expect(JSON.stringify(sandbox.requests[0]?.headers)).not.toContain('CANARY');
    expect(sandbox.requests[0]?.headers.authorization).toBe('Bearer key-of-the-gateway');
    expect(requestLines(logger)).toEqual([expect.objectContaining({ clientKey: 'laptop' })]);
    expect(JSON.stringify(logger.lines)).not.toContain('CANARY');
  });

  it.each([
    ['x-api-key', { authorization: 'Bearer own', 'x-api-key': 'CANARY-ci' }],
    ['Authorization', { authorization: 'Bearer CANARY-ci', 'x-api-key': 'own' }],
  ])(
    'takes the other header for the client’s own credential when the key is in %s',
    async (_name, headers) => {
      const { url, sandbox } = await startGateway({ accessKeys: KEYS, credentials: clientKeyChain() });
      expect((await postJson(url + PAIR.path, questionOf(PAIR, false), headers)).status).toBe(200);
      expect(sandbox.requests[0]?.headers.authorization).toBe('Bearer own');
    },
  );

  it('sends no key upstream, also when both headers hold one', async () => {
    const { url, sandbox } = await startGateway({ accessKeys: KEYS, credentials: clientKeyChain() });
    const headers = { authorization: 'Bearer CANARY-ci', 'x-api-key': 'CANARY-laptop' };
    expect((await postJson(url + PAIR.path, questionOf(PAIR, false), headers)).status).toBe(401);
    expect(sandbox.requests).toEqual([]);
  });

  it.each(['/v1/models', '/v1/models/claude', '/v1/models/a/b'])('guards GET %s', async (path) => {
    const { url } = await startGateway({ accessKeys: KEYS });
    expect((await get(url + path)).status).toBe(401);
    expect((await get(url + path, { 'x-api-key': 'CANARY-ci' })).status).not.toBe(401);
  });

  it('guards the count of tokens', async () => {
    const { url } = await startGateway({ accessKeys: KEYS });
    const body = { model: 'gpt', messages: [{ role: 'user', content: 'Hello' }] };
    expect((await postJson(`${url}/v1/messages/count_tokens`, body)).status).toBe(401);
  });

  it.each(['/', '/healthz', '/readyz'])('leaves %s open', async (path) => {
    const { url } = await startGateway({ accessKeys: KEYS });
    expect((await get(url + path)).status).toBe(200);
  });

  it('tells the details of readiness only to those who show a key', async () => {
    const { url } = await startGateway({ accessKeys: KEYS });
    expect(JSON.parse((await get(`${url}/readyz`)).text)).toEqual({ status: 'ready' });
    const told = await get(`${url}/readyz`, { 'x-api-key': 'CANARY-ci' });
    expect(JSON.parse(told.text)).toHaveProperty('sources');
  });
});

describe('a gateway without keys', () => {
  it('asks for none, and tells the details of readiness', async () => {
    const { url, logger } = await startGateway();
    expect((await postJson(url + PAIR.path, questionOf(PAIR, false))).status).toBe(200);
    expect(requestLines(logger)[0]).not.toHaveProperty('clientKey', expect.anything());
    expect(JSON.parse((await get(`${url}/readyz`)).text)).toHaveProperty('sources');
  });
});
