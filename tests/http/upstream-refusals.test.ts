import { describe, expect, it } from 'vitest';
import type { FailureName } from '../../src/sandbox/failures.ts';
import { clientKeyChain, MODELS, postJson, startGateway } from '../support/gateway.ts';
import { freePort } from '../support/loopback.ts';
import { askPair, inBothForms, questionOf, RELAYED, TRANSLATED } from '../support/pairs.ts';
import type { Pair } from '../support/pairs.ts';
import { failedAnswer, failedWith } from '../support/told-error.ts';
import type { ToldError } from '../support/told-error.ts';

const ALL = inBothForms([...RELAYED, ...TRANSLATED]);

interface Refusal {
  readonly name: FailureName;
  readonly status: number;
  /** Where a client of OpenAI's is told by us, not by its own upstream. */
  readonly openaiStatus?: number;
  readonly told: ToldError;
  readonly headers?: Readonly<Record<string, string>>;
  /** Codes of upstreams that are kept, by model. */
  readonly codes?: Readonly<Record<string, string | null>>;
}

const BAD_GATEWAY = { openai: 'server_error', anthropic: 'api_error', code: 'upstream_error' };
const OVERLOADED = { openai: 'server_error', anthropic: 'overloaded_error', code: 'overloaded' };

const REFUSALS: readonly Refusal[] = [
  {
    name: 'refused-401',
    status: 502,
    told: {
      openai: 'server_error',
      anthropic: 'api_error',
      code: 'upstream_auth',
      message: expect.stringMatching(
        /gateway's credential.*The access token is expired or revoked\./,
      ) as unknown,
    },
  },
  {
    name: 'quota-402',
    status: 402,
    headers: { 'x-should-retry': 'false' },
    told: {
      openai: 'insufficient_quota',
      anthropic: 'billing_error',
      code: 'insufficient_quota',
      message: expect.stringContaining('It resets in 1h 51min.') as unknown,
    },
  },
  {
    name: 'forbidden-403',
    status: 403,
    told: {
      openai: 'permission_error',
      anthropic: 'permission_error',
      code: 'permission_denied',
      message: 'The active organization is not accessible.',
    },
  },
  {
    name: 'missing-404',
    status: 404,
    codes: { glm: 'model_not_found', gpt: 'model_not_found' },
    told: {
      openai: 'invalid_request_error',
      anthropic: 'not_found_error',
      message: 'The model does not exist or you do not have access to it.',
    },
  },
  {
    name: 'throttled-429',
    status: 429,
    headers: { 'retry-after': '7' },
    told: {
      openai: 'rate_limit_error',
      anthropic: 'rate_limit_error',
      code: 'rate_limit_exceeded',
      message: 'Rate limit reached. Please try again in 7s.',
    },
  },
  {
    name: 'overloaded-529',
    status: 529,
    openaiStatus: 503,
    codes: { gpt: 'server_is_overloaded' },
    told: { ...OVERLOADED, message: 'Overloaded' },
  },
  {
    name: 'server-500',
    status: 500,
    told: {
      openai: 'server_error',
      anthropic: 'api_error',
      message: 'The service had an error while processing your request.',
    },
  },
  {
    name: 'html-502',
    status: 502,
    told: { ...BAD_GATEWAY, message: 'upstream returned HTTP 502' },
  },
  {
    name: 'empty-503',
    status: 529,
    openaiStatus: 503,
    told: { ...OVERLOADED, message: 'upstream returned HTTP 503' },
  },
];

/** A body in the client's own format is relayed under its own status, every other refusal under that of its kind. */
const statusFor = (pair: Pair, { name, status, openaiStatus = status }: Refusal): number =>
  pair.path === '/v1/messages' || (name === 'overloaded-529' && 'upstream' in pair) ? status : openaiStatus;

/** A refusal as this upstream words it. */
function refusedBy(model: string, status: number, message: string, code: string | null = null): object {
  if (model === 'claude')
    return { type: 'error', error: { type: 'invalid_request_error', message }, request_id: 'req_up' };
  if (model === 'gemini') return { error: { code: status, message, status: 'INVALID_ARGUMENT' } };
  return { error: { message, type: 'invalid_request_error', param: null, code } };
}

const json = (status: number, body: object, headers: Readonly<Record<string, string>> = {}) => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});

describe.each(ALL)('an upstream that refuses: $path for $model, stream: $stream', (pair) => {
  it.each(REFUSALS)('C146 C147 C148 C150 $name is told in the dialect, under its status', async (refusal) => {
    const gateway = await startGateway();
    gateway.sandbox.script({ failure: refusal.name });
    const answer = await askPair(gateway, pair);
    const code = refusal.codes?.[pair.model] ?? refusal.told.code ?? null;
    expect(failedAnswer(answer)).toEqual(
      failedWith(pair.path, statusFor(pair, refusal), { ...refusal.told, code }),
    );
    expect(answer.headers).toMatchObject(refusal.headers ?? {});
    expect(answer.text).not.toContain('<');
    expect(gateway.sandbox.requests).toHaveLength(1);
  });

  it("passes a 401 on when the key was the client's own", async () => {
    const { url, sandbox } = await startGateway({ credentials: clientKeyChain() });
    sandbox.script({ failure: 'refused-401' });
    const answer = await postJson(url + pair.path, questionOf(pair, pair.stream), {
      authorization: 'Bearer mine',
    });
    expect(failedAnswer(answer)).toEqual(
      failedWith(pair.path, 401, {
        openai: 'invalid_request_error',
        anthropic: 'authentication_error',
        code: 'invalid_api_key',
        message: 'The access token is expired or revoked.',
      }),
    );
  });

  it('passes a 422 on with its words', async () => {
    const gateway = await startGateway();
    gateway.sandbox.script(json(422, refusedBy(pair.model, 422, 'tools.0: not today')));
    const { status, text } = await askPair(gateway, pair);
    expect(status).toBe(422);
    expect(text).toContain('"tools.0: not today"');
    expect(text).toContain('"type":"invalid_request_error"');
  });

  it('C151 masks keys and hosts that an upstream quotes, and keeps the words around them', async () => {
    const gateway = await startGateway();
    const leak = 'Incorrect API key provided: sk-proj-Abc123def456ghi789, at db-3.prod.internal:5432. Sorry.';
    gateway.sandbox.script(json(400, refusedBy(pair.model, 400, leak)));
    const answer = await askPair(gateway, pair);
    expect(failedAnswer(answer)).toEqual(
      failedWith(pair.path, 400, {
        openai: 'invalid_request_error',
        anthropic: 'invalid_request_error',
        message: expect.stringMatching(
          /^Incorrect API key provided: \S+ at \[internal host\]\. Sorry\.$/,
        ) as unknown,
      }),
    );
    expect(answer.text).not.toMatch(/Abc123|5432/);
    expect(JSON.stringify(gateway.logger.lines)).not.toContain('Abc123');
  });

  it('C142 C143 calls a prompt that is too long what its clients look for', async () => {
    const gateway = await startGateway();
    const words = 'prompt is too long: 210000 tokens > 200000 maximum';
    gateway.sandbox.script(json(400, refusedBy(pair.model, 400, words, 'context_length_exceeded')));
    const answer = await askPair(gateway, pair);
    expect(failedAnswer(answer)).toEqual(
      failedWith(pair.path, 400, {
        openai: 'invalid_request_error',
        anthropic: 'invalid_request_error',
        code: 'context_length_exceeded',
        message: words,
      }),
    );
  });

  it('is a 502 in the dialect when nobody listens there', async () => {
    const port = await freePort();
    const endpoint = ['anthropic', 'openai', 'common', 'google'].map((name) => ({
      name,
      base_url: `http://127.0.0.1:${port}/x`,
    }));
    const gateway = await startGateway({ config: { models: MODELS, endpoint } });
    const answer = await askPair(gateway, pair);
    expect(failedAnswer(answer)).toEqual(
      failedWith(pair.path, 502, { ...BAD_GATEWAY, message: 'the upstream refused the connection' }),
    );
  });

  it('is a 502 in the dialect when it hangs up on the request', async () => {
    const gateway = await startGateway();
    gateway.sandbox.script({ failure: 'reset-on-connect' });
    const answer = await askPair(gateway, pair);
    const message = 'the upstream reset the connection before it answered';
    expect(failedAnswer(answer)).toEqual(failedWith(pair.path, 502, { ...BAD_GATEWAY, message }));
  });

  it('is a 502 without the page when a page comes under 200', async () => {
    const gateway = await startGateway();
    gateway.sandbox.script({
      headers: { 'content-type': 'text/html; charset=utf-8' },
      body: '<!doctype html><title>Please log in</title>',
    });
    const answer = await askPair(gateway, pair);
    const message = 'the upstream answered HTTP 200 with a body of type text/html';
    expect(failedAnswer(answer)).toEqual(failedWith(pair.path, 502, { ...BAD_GATEWAY, message }));
  });

  it('is a 502 when it sends the client elsewhere', async () => {
    const gateway = await startGateway();
    gateway.sandbox.script({ status: 302, headers: { location: 'https://login.example/' }, body: '' });
    const { status, headers } = await askPair(gateway, pair);
    expect(status).toBe(502);
    expect(headers).not.toHaveProperty('location');
  });
});

describe('a spent quota under 429', () => {
  it.each(inBothForms([...RELAYED, ...TRANSLATED].filter(({ model }) => model === 'gpt' || model === 'glm')))(
    'C152 is a 402 that is not worth another try: $path for $model, stream: $stream',
    async (pair) => {
      const gateway = await startGateway();
      const error = { message: 'You exceeded your current quota.', type: 'insufficient_quota', param: null };
      gateway.sandbox.script(json(429, { error: { ...error, code: 'insufficient_quota' } }));
      const answer = await askPair(gateway, pair);
      expect(failedAnswer(answer)).toEqual(
        failedWith(pair.path, 402, {
          openai: 'insufficient_quota',
          anthropic: 'billing_error',
          code: 'insufficient_quota',
          message: error.message,
        }),
      );
      expect(answer.headers['x-should-retry']).toBe('false');
    },
  );
});

describe('limits that an upstream tells of', () => {
  it('C145 reach a client of the same format, with the time to wait', async () => {
    const gateway = await startGateway();
    gateway.sandbox.script(
      json(429, refusedBy('claude', 429, 'Slow down.'), {
        'retry-after': '33',
        'anthropic-ratelimit-unified-status': 'rejected',
        'request-id': 'req_upstream',
        'set-cookie': 'session=1',
      }),
    );
    const { status, headers } = await postJson(`${gateway.url}/v1/messages`, questionOf(RELAYED[0], true));
    expect(status).toBe(429);
    expect(headers).toMatchObject({
      'retry-after': '33',
      'anthropic-ratelimit-unified-status': 'rejected',
      'x-upstream-request-id': 'req_upstream',
    });
    expect(headers).not.toHaveProperty('set-cookie');
  });
});
