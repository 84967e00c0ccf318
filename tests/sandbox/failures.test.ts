import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { SANDBOX_FAILURES } from '../../src/sandbox/failures.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { ask, askWire, begin, jsonOf, openSandbox, PATHS, smallBody } from './raw-client.ts';
import type { Wire } from './raw-client.ts';

const WIRES = ['messages', 'responses', 'chat', 'generate'] as const;
const TERMINALS: Readonly<Record<Wire, string>> = {
  messages: 'message_stop',
  responses: 'response.completed',
  chat: '[DONE]',
  generate: 'finishReason',
};

describe('a refusal that the sandbox plays', () => {
  it.each([
    ['refused-401', 401, { title: 'Unauthorized', status: 401 }],
    [
      'quota-402',
      402,
      { title: 'Payment Required', detail: expect.stringContaining('resets in 1h 51min') as string },
    ],
    ['forbidden-403', 403, { type: 'error', error: { type: 'permission_error' } }],
    ['missing-404', 404, { error: { type: 'not_found_error' } }],
    ['throttled-429', 429, { error: { type: 'rate_limit_error' } }],
    ['overloaded-529', 529, { error: { type: 'overloaded_error' } }],
    ['server-500', 500, { error: { type: 'api_error' } }],
  ])('has the status and the words of %s', async (name, status, body) => {
    const answer = await askWire(await openSandbox(), 'messages', `fail:${name}`, true);
    expect(answer.status).toBe(status);
    expect(jsonOf(answer)).toMatchObject(body);
  });

  it.each([
    ['messages', { type: 'error', error: { type: 'overloaded_error' } }],
    ['responses', { error: { type: 'server_error', code: 'server_is_overloaded', param: null } }],
    ['chat', { error: { type: 'server_error', code: 'overloaded', param: null } }],
    ['generate', { error: { code: 529, status: 'UNAVAILABLE' } }],
  ] as const)('speaks the dialect of %s', async (wire, body) => {
    expect(jsonOf(await askWire(await openSandbox(), wire, 'fail:overloaded-529', true))).toMatchObject(body);
  });

  it('repeats the words of a spent quota for a streaming caller', async () => {
    const sandbox = await openSandbox();
    const streamed = await askWire(sandbox, 'chat', 'fail:quota-402', true);
    const whole = await askWire(sandbox, 'chat', 'fail:quota-402', false);
    expect(jsonOf(streamed)).toHaveProperty('error.title', 'Payment Required');
    expect(jsonOf(whole)).not.toHaveProperty('error');
  });

  it('tells a throttled caller when to come back', async () => {
    const answer = await askWire(await openSandbox(), 'chat', 'fail:throttled-429', false);
    expect(answer.headers['retry-after']).toBe('7');
  });

  it('is a page when a balancer speaks, and nothing when nobody does', async () => {
    const page = await askWire(await openSandbox(), 'chat', 'fail:html-502', true);
    const empty = await askWire(await openSandbox(), 'chat', 'fail:empty-503', true);
    expect([page.status, page.headers['content-type'], page.text.slice(0, 6)]).toEqual([
      502,
      'text/html',
      '<html>',
    ]);
    expect([empty.status, empty.text]).toEqual([503, '']);
  });

  it('may be JSON only by its name', async () => {
    const answer = await askWire(await openSandbox(), 'chat', 'fail:json-not-json', false);
    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'application/json']);
    expect(() => jsonOf(answer)).toThrow(SyntaxError);
  });
});

describe('a broken stream that the sandbox plays', () => {
  it.each(WIRES)('begins with an error on %s and says nothing more', async (wire) => {
    const answer = await askWire(await openSandbox(), wire, 'fail:error-event-first', true);
    expect([answer.status, answer.headers['content-type'], answer.end]).toEqual([
      200,
      'text/event-stream; charset=utf-8',
      'complete',
    ]);
    expect(answer.text.match(/data: /g)).toHaveLength(1);
    expect(answer.text).toContain('Overloaded');
  });

  it.each(WIRES)('is cut before its first event on %s', async (wire) => {
    const answer = await askWire(await openSandbox(), wire, 'fail:cut-before-first', true);
    expect([answer.status, answer.text, answer.end]).toEqual([200, '', 'cut']);
  });

  it.each(WIRES)('is cut in the middle of an event on %s', async (wire) => {
    const answer = await askWire(await openSandbox(), wire, 'fail:cut-middle', true);
    expect(answer.end).toBe('cut');
    expect(answer.text).not.toBe('');
    expect(answer.text.endsWith('\n\n')).toBe(false);
  });

  it.each(WIRES)('ends without its terminal event on %s', async (wire) => {
    const good = await askWire(await openSandbox(), wire, 'hi', true);
    const answer = await askWire(await openSandbox(), wire, 'fail:end-without-terminal', true);
    expect(good.text).toContain(TERMINALS[wire]);
    expect(answer.text).not.toContain(TERMINALS[wire]);
    expect([answer.end, answer.text.endsWith('\n\n')]).toEqual(['complete', true]);
  });

  it('stalls half-way until the caller leaves', async () => {
    const sandbox = await openSandbox();
    const body = smallBody('messages', 'fail:stall', true);
    const exchange = begin(sandbox, { path: PATHS.messages, body });
    const seen = await exchange.seen('content_block_delta');
    expect(seen).toContain('message_start');
    expect(seen).not.toContain('message_stop');
    expect(sandbox.open()).toBe(1);
    exchange.leave();
    await sandbox.waitFor(() => sandbox.open() === 0);
    expect(sandbox.requests[0]?.closed).toBe(true);
  });
});

describe('a broken JSON body that the sandbox plays', () => {
  it.each([
    ['cut-before-first', 'cut'],
    ['cut-middle', 'cut'],
    ['end-without-terminal', 'complete'],
    ['error-event-first', 'complete'],
  ])('is what %s makes of it', async (name, end) => {
    const answer = await askWire(await openSandbox(), 'chat', `fail:${name}`, false);
    expect([answer.status, answer.end]).toEqual([200, end]);
    expect(answer.text).not.toContain('"usage"');
  });

  it('stalls half-way', async () => {
    const exchange = begin(await openSandbox(), {
      path: PATHS.chat,
      body: smallBody('chat', 'fail:stall', false),
    });
    expect(await exchange.seen('{')).not.toContain('"usage"');
    exchange.leave();
  });
});

describe('a dead connection that the sandbox plays', () => {
  it('is silent until the caller leaves', async () => {
    const sandbox = await openSandbox();
    const exchange = begin(sandbox, { path: PATHS.chat, body: smallBody('chat', 'fail:silent', true) });
    await sandbox.waitFor(() => sandbox.requests.length === 1);
    exchange.leave();
    expect((await exchange.answer).status).toBeUndefined();
    await sandbox.waitFor(() => sandbox.requests[0]?.closed === true);
  });

  it('is reset before a byte of the answer, which is nobody leaving', async () => {
    const sandbox = await openSandbox();
    const answer = await askWire(sandbox, 'chat', 'fail:reset-on-connect', true);
    expect([answer.end, answer.status]).toEqual(['reset', undefined]);
    await sandbox.waitFor(() => sandbox.open() === 0);
    expect(sandbox.requests[0]?.closed).toBe(false);
  });

  it('is silent as long as the clock says before a slow first byte', async () => {
    const clock = createFakeClock();
    const sandbox = await openSandbox({ clock, pace: { slowMs: 90_000 } });
    const exchange = begin(sandbox, {
      path: PATHS.chat,
      body: smallBody('chat', 'fail:slow-first-byte', true),
    });
    await sandbox.waitFor(() => sandbox.requests.length === 1);
    clock.advance(89_999);
    expect(clock.pending()).toBe(1);
    clock.advance(1);
    expect((await exchange.answer).text).toContain('[DONE]');
  });
});

describe('a good answer in odd clothes that the sandbox plays', () => {
  it.each(WIRES)('has events and comments of unknown kinds in between on %s', async (wire) => {
    const answer = await askWire(await openSandbox(), wire, 'fail:unknown-events', true);
    expect(answer.text).toMatch(/of next year/);
    expect(answer.text).toContain(': a comment\n\n');
    expect(answer.text).toContain(TERMINALS[wire]);
  });

  it('has a field of an unknown kind when it is one body', async () => {
    const answer = await askWire(await openSandbox(), 'chat', 'fail:unknown-events', false);
    expect(jsonOf(answer)).toHaveProperty('sandbox_news');
  });

  it('ends its lines with CR LF', async () => {
    const answer = await askWire(await openSandbox(), 'messages', 'fail:crlf', true);
    expect(answer.text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    expect(answer.text.endsWith('\r\n\r\n')).toBe(true);
  });

  it('comes byte by byte and still is the same', async () => {
    const bytewise = await askWire(await openSandbox(), 'chat', 'fail:byte-by-byte', true);
    const text = bytewise.text.replace(/"created":\d+/g, '');
    expect(bytewise.chunks.filter((size) => size === 1).length).toBeGreaterThan(bytewise.bytes.length / 2);
    expect(text).toContain('"content":"👋 "');
    expect(text).toContain('[DONE]');
  });

  it('is one body for a caller who wanted a stream, and a stream for one who wanted a body', async () => {
    const sandbox = await openSandbox();
    const whole = await askWire(sandbox, 'chat', 'fail:json-for-stream', true);
    const streamed = await askWire(sandbox, 'chat', 'fail:sse-for-json', false);
    expect(whole.headers['content-type']).toBe('application/json');
    expect(jsonOf(whole)).toHaveProperty('choices');
    expect(streamed.headers['content-type']).toContain('text/event-stream');
    expect(streamed.text).toContain('[DONE]');
  });

  it('is compressed', async () => {
    const answer = await askWire(await openSandbox(), 'chat', 'fail:gzip', true);
    expect(answer.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(answer.bytes).toString()).toContain('[DONE]');
  });
});

describe('the choice of a failure', () => {
  it('can be made by the end of the model id', async () => {
    const body = { ...smallBody('responses', 'hi', true), model: 'gpt-5.4-fail-throttled-429' };
    expect((await ask(await openSandbox(), { path: PATHS.responses, body })).status).toBe(429);
  });

  it('is not made by a name that does not exist', async () => {
    expect((await askWire(await openSandbox(), 'chat', 'fail:toString', false)).status).toBe(200);
  });

  it('is explained in one line each', () => {
    const lines = Object.values(SANDBOX_FAILURES);
    expect(lines.filter((line) => !/^\w.{10,}\w$/.test(line))).toEqual([]);
  });
});
