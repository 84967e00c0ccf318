import { describe, expect, it } from 'vitest';
import type { ScriptedAnswer } from '../../src/sandbox/serving/script.ts';
import { clientKeyChain } from '../support/gateway.ts';
import { readBody, startStage } from './support/stage.ts';
import { jsonOf } from './support/wire.ts';

const ASKED = { messages: [{ role: 'user', content: 'Hello' }] };

const chatError = (status: number, message: string, more: object = {}): ScriptedAnswer =>
  jsonOf({ error: { message, type: 'api_error', param: null, code: null, ...more } }, status);

/** An error as Messages clients read it. */
const toldToAnthropic = (type: string, message: string): object => ({
  type: 'error',
  error: { type, message },
  request_id: expect.stringMatching(/^req_/) as unknown,
});

describe('limits', () => {
  it('C144 a wait of 34.6 s that Google names is a retry-after of 35', async () => {
    const { ask, script } = await startStage('google');
    const info = { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '34.6s' };
    const message = 'Resource has been exhausted (e.g. check quota).';
    script(jsonOf({ error: { code: 429, message, status: 'RESOURCE_EXHAUSTED', details: [info] } }, 429));
    const answer = await ask('messages', ASKED);
    expect(answer.status).toBe(429);
    expect(answer.headers['retry-after']).toBe('35');
    expect(readBody(answer)).toEqual(toldToAnthropic('rate_limit_error', message));
  });

  it('C145 are told to a client of the same format with all that the upstream says of them', async () => {
    const { ask, script } = await startStage('anthropic');
    const headers = { 'retry-after': '33', 'anthropic-ratelimit-unified-status': 'rejected' };
    const body = { type: 'error', error: { type: 'rate_limit_error', message: 'Slow down.' } };
    script(jsonOf(body, 429, headers));
    const answer = await ask('messages', ASKED);
    expect(answer.status).toBe(429);
    expect(answer.headers).toMatchObject(headers);
    expect(readBody(answer)).toEqual(body);
  });

  it('C145 are told to a client of another format without the words of Anthropic', async () => {
    const { ask, script } = await startStage('anthropic');
    const headers = { 'retry-after': '33', 'anthropic-ratelimit-unified-status': 'rejected' };
    script(
      jsonOf({ type: 'error', error: { type: 'rate_limit_error', message: 'Slow down.' } }, 429, headers),
    );
    const answer = await ask('chat', ASKED);
    expect(answer.status).toBe(429);
    expect(answer.headers['retry-after']).toBe('33');
    expect(answer.headers).not.toHaveProperty('anthropic-ratelimit-unified-status');
  });

  it('C152 a quota that is spent is a bill, not worth another try', async () => {
    const { ask, script } = await startStage('common');
    const message = 'You exceeded your current quota, please check your plan and billing details.';
    script(chatError(429, message, { type: 'insufficient_quota', code: 'insufficient_quota' }));
    const answer = await ask('messages', ASKED);
    expect(answer.status).toBe(402);
    expect(answer.headers['x-should-retry']).toBe('false');
    expect(readBody(answer)).toEqual(toldToAnthropic('billing_error', message));
  });
});

describe('an overload', () => {
  it.each([503, 529])('C146 is a 529 to a client of Anthropic: %i', async (status) => {
    const { ask, script } = await startStage('common');
    script(chatError(status, 'Try again later.'));
    const answer = await ask('messages', ASKED);
    expect(answer.status).toBe(529);
    expect(readBody(answer)).toEqual(toldToAnthropic('overloaded_error', 'Try again later.'));
  });

  it('C147 is a 503 to a client of OpenAI', async () => {
    const { ask, script } = await startStage('anthropic');
    script(jsonOf({ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }, 529));
    const answer = await ask('chat', ASKED);
    expect(answer.status).toBe(503);
    expect(readBody(answer)).toEqual({
      error: { message: 'Overloaded', type: 'server_error', param: null, code: 'overloaded' },
    });
  });
});

describe('a credential that is refused', () => {
  const BAD_KEY = {
    error: {
      code: 400,
      message: 'API key not valid. Please pass a valid API key.',
      status: 'INVALID_ARGUMENT',
      details: [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID' }],
    },
  };

  it('C148 is the operator’s business where the gateway holds it', async () => {
    const { ask, script } = await startStage('common');
    script(chatError(401, 'Incorrect API key provided.', { code: 'invalid_api_key' }));
    const answer = await ask('chat', ASKED);
    expect(answer.status).toBe(502);
    expect(readBody(answer)).toEqual({
      error: {
        message: expect.stringContaining('the upstream refused the gateway') as unknown,
        type: 'server_error',
        param: null,
        code: 'upstream_auth',
      },
    });
  });

  it('C149 is found in a 400 of Google’s', async () => {
    const { ask, script } = await startStage('google');
    script(jsonOf(BAD_KEY, 400));
    const answer = await ask('chat', ASKED);
    expect(answer.status).toBe(502);
    expect(readBody(answer)).toMatchObject({ error: { code: 'upstream_auth' } });
  });

  it('C149 is the client’s where the client brought it', async () => {
    const { ask, script } = await startStage('google', { credentials: clientKeyChain() });
    script(jsonOf(BAD_KEY, 400));
    const answer = await ask('chat', ASKED, { authorization: 'Bearer mine' });
    expect(answer.status).toBe(401);
    expect(readBody(answer)).toEqual({
      error: {
        message: BAD_KEY.error.message,
        type: 'invalid_request_error',
        param: null,
        code: 'invalid_api_key',
      },
    });
  });
});

describe('an error that Google wraps in a list', () => {
  it.each([
    { status: 400, word: 'INVALID_ARGUMENT', out: 400, type: 'invalid_request_error', code: null },
    { status: 403, word: 'PERMISSION_DENIED', out: 403, type: 'permission_error', code: 'permission_denied' },
    {
      status: 429,
      word: 'RESOURCE_EXHAUSTED',
      out: 429,
      type: 'rate_limit_error',
      code: 'rate_limit_exceeded',
    },
    { status: 503, word: 'UNAVAILABLE', out: 503, type: 'server_error', code: 'overloaded' },
    { status: 504, word: 'DEADLINE_EXCEEDED', out: 504, type: 'server_error', code: 'timeout' },
  ])('C149 has its kind: $word', async ({ status, word, out, type, code }) => {
    const { ask, script } = await startStage('google');
    const body = JSON.stringify([{ error: { code: status, message: 'No.', status: word } }]);
    script({ status, headers: { 'content-type': 'application/json' }, body });
    const answer = await ask('chat', ASKED);
    expect(answer.status).toBe(out);
    expect(readBody(answer)).toEqual({ error: { message: 'No.', type, param: null, code } });
  });
});

describe('what a client is never shown', () => {
  it('C150 a page of HTML', async () => {
    const { ask, script } = await startStage('common');
    script({
      status: 502,
      headers: { 'content-type': 'text/html' },
      body: '<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>',
    });
    const answer = await ask('messages', ASKED);
    expect(answer.status).toBe(502);
    expect(readBody(answer)).toEqual(toldToAnthropic('api_error', 'upstream returned HTTP 502'));
  });

  it('C151 a key or an internal host that the upstream quotes', async () => {
    const { ask, script, gateway } = await startStage('anthropic');
    const message = 'key sk-ant-api03-Abc123def456ghi789 was refused by llm-7.prod.internal:8443 for you';
    script(jsonOf({ type: 'error', error: { type: 'invalid_request_error', message } }, 400));
    const answer = await ask('chat', ASKED);
    expect(answer.status).toBe(400);
    expect(readBody(answer)).toMatchObject({
      error: { message: 'key [redacted] was refused by [internal host] for you' },
    });
    expect(JSON.stringify(gateway.logger.lines)).not.toMatch(/Abc123|llm-7/);
  });
});
