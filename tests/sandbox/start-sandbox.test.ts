import { describe, expect, it } from 'vitest';
import { startSandbox } from '../../src/sandbox/start-sandbox.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { ask, askWire, begin, jsonOf, openSandbox, PATHS, PLAIN_HEADERS, smallBody } from './raw-client.ts';

const chat = { path: PATHS.chat, body: smallBody('chat', 'hi', true) };

describe('a running sandbox', () => {
  it('records each request as it arrived', async () => {
    const sandbox = await openSandbox();
    await ask(sandbox, { ...chat, path: `${PATHS.chat}?beta=true` });
    expect(sandbox.requests).toMatchObject([
      {
        method: 'POST',
        path: `${PATHS.chat}?beta=true`,
        headers: { authorization: 'Bearer key' },
        body: JSON.stringify(chat.body),
        closed: false,
      },
    ]);
  });

  it('keeps a scripted answer for the account that it is meant for', async () => {
    const sandbox = await openSandbox();
    const mine = sandbox.issueTokens('me@example.com').accessToken;
    sandbox.script(
      { status: 402, body: '{}', account: 'me@example.com' },
      { status: 401, body: '{}', account: 'key' },
    );
    const statusFor = async (token: string): Promise<number | undefined> => {
      const headers = { ...PLAIN_HEADERS, authorization: `Bearer ${token}` };
      return (await ask(sandbox, { ...chat, headers })).status;
    };
    expect(await statusFor('another')).toBe(200);
    expect([await statusFor('key'), await statusFor(mine), await statusFor(mine)]).toEqual([401, 402, 200]);
  });

  it('makes the same ids again for the same requests', async () => {
    const clock = createFakeClock();
    const first = await askWire(await openSandbox({ clock }), 'responses', 'hi', true);
    const second = await askWire(await openSandbox({ clock }), 'responses', 'hi', true);
    expect(second.text).toBe(first.text);
  });

  it('waits between events as long as it is told', async () => {
    const clock = createFakeClock();
    const sandbox = await openSandbox({ clock, pace: { delayMs: 50 } });
    const exchange = begin(sandbox, chat);
    expect(await exchange.seen('"role":"assistant"')).not.toContain('Hello');
    clock.advance(50);
    expect(await exchange.seen('Hello ')).not.toContain('from');
  });

  it('forgets its waiting when the caller leaves', async () => {
    const clock = createFakeClock();
    const sandbox = await openSandbox({ clock, pace: { delayMs: 50 } });
    const exchange = begin(sandbox, chat);
    await exchange.seen('"role":"assistant"');
    exchange.leave();
    await sandbox.waitFor(() => sandbox.requests[0]?.closed === true);
    expect(clock.pending()).toBe(0);
  });

  it('ends every connection when it is closed, and those who wait for something', async () => {
    const sandbox = await startSandbox();
    sandbox.script({ failure: 'silent' });
    const exchange = begin(sandbox, chat);
    await sandbox.waitFor(() => sandbox.requests.length === 1);
    const waiting = sandbox.waitFor(() => false);
    await Promise.all([sandbox.close(), expect(waiting).rejects.toThrow('the sandbox was closed')]);
    expect((await exchange.answer).end).toBe('reset');
  });

  it('says that its port is taken', async () => {
    const { port } = await openSandbox();
    await expect(startSandbox({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});

describe('the door of the sandbox', () => {
  it.each(Object.values(PATHS))('is shut at %s without a token', async (path) => {
    const answer = await ask(await openSandbox(), { path, body: {}, headers: { 'x-api-provider': 'any' } });
    expect([answer.status, jsonOf(answer)]).toMatchObject([401, { title: 'Unauthorized' }]);
  });

  it.each(Object.values(PATHS))('is shut at %s without a provider', async (path) => {
    const answer = await ask(await openSandbox(), {
      path,
      body: {},
      headers: { authorization: 'Bearer key' },
    });
    expect([answer.status, jsonOf(answer)]).toMatchObject([400, { title: 'Bad Request' }]);
  });

  it('opens to tokens of the sandbox until they expire', async () => {
    const clock = createFakeClock();
    const sandbox = await openSandbox({ clock, login: { accessTokenSeconds: 60 } });
    const authorization = `Bearer ${sandbox.issueTokens().accessToken}`;
    const request = { ...chat, headers: { ...PLAIN_HEADERS, authorization } };
    expect((await ask(sandbox, request)).status).toBe(200);
    clock.advance(60_000);
    expect((await ask(sandbox, request)).status).toBe(401);
  });

  it.each([
    ['/api/cli/whoami', { email: 'sandbox@example.com' }],
    ['/api/cli/org', { workosOrgIds: ['org_sandbox'] }],
    [
      '/api/billing/limits',
      { limits: { standard: { fiveHour: { usedPercent: 20, secondsRemaining: 18_000 } } } },
    ],
  ])('tells at %s who is there', async (path, body) => {
    const sandbox = await openSandbox();
    expect(jsonOf(await ask(sandbox, { path, method: 'GET' }))).toMatchObject(body);
    expect((await ask(sandbox, { path, method: 'GET', headers: {} })).status).toBe(401);
  });

  it.each([
    ['GET', PATHS.chat],
    ['POST', '/api/llm/x/v1/none'],
    ['POST', `${PATHS.messages}/count_tokens`],
  ])('is not at %s %s', async (method, path) => {
    expect((await ask(await openSandbox(), { method, path })).status).toBe(404);
  });
});

describe('the script of the sandbox', () => {
  it('gives its answers one each, in order, and then the own ones again', async () => {
    const sandbox = await openSandbox();
    sandbox.script({ status: 418, body: 'tea' }, { good: true }, { failure: 'server-500' });
    const statuses = [
      await ask(sandbox, chat),
      await ask(sandbox, chat),
      await ask(sandbox, chat),
      await ask(sandbox, chat),
    ];
    expect(statuses.map(({ status }) => status)).toEqual([418, 200, 500, 200]);
  });

  it('keeps an answer for the path that it is meant for', async () => {
    const sandbox = await openSandbox();
    sandbox.script({ path: PATHS.responses, status: 503, body: '' });
    expect((await ask(sandbox, chat)).status).toBe(200);
    expect((await askWire(sandbox, 'responses', 'hi', true)).status).toBe(503);
  });

  it('plays a failure for a request that is not worth an answer', async () => {
    const sandbox = await openSandbox();
    sandbox.script({ failure: 'throttled-429' });
    expect((await ask(sandbox, { path: PATHS.chat, body: {} })).status).toBe(429);
  });

  it('spoils the own answer, and still refuses what deserves none', async () => {
    const sandbox = await openSandbox();
    sandbox.script({ failure: 'gzip' }, { failure: 'gzip' });
    expect((await ask(sandbox, chat)).headers['content-encoding']).toBe('gzip');
    expect((await ask(sandbox, { path: PATHS.chat, body: {} })).status).toBe(400);
  });

  it('sends a JSON body and headers as they are', async () => {
    const sandbox = await openSandbox();
    sandbox.script({ body: { a: 1 }, headers: { 'x-a': 'b', 'set-cookie': ['c', 'd'] } });
    const answer = await ask(sandbox, chat);
    expect([jsonOf(answer), answer.headers['content-type'], answer.headers['set-cookie']]).toEqual([
      { a: 1 },
      'application/json',
      ['c', 'd'],
    ]);
  });

  it('sends raw chunks in packets of their own', async () => {
    const sandbox = await openSandbox();
    sandbox.script({ chunks: [Uint8Array.of(0xf0, 0x9f), Uint8Array.of(0x91, 0x8b)] });
    const answer = await ask(sandbox, chat);
    expect([answer.text, answer.chunks]).toEqual(['👋', [2, 2]]);
  });

  it('cuts raw chunks off', async () => {
    const sandbox = await openSandbox();
    sandbox.script({ chunks: ['data: {"a'], ending: 'cut' });
    expect(await ask(sandbox, chat)).toMatchObject({ text: 'data: {"a', end: 'cut' });
  });

  it('leaves the answer to a handler', async () => {
    const sandbox = await openSandbox();
    sandbox.script({ handler: ({ body }, response) => void response.writeHead(201).end(body) });
    expect(await ask(sandbox, chat)).toMatchObject({ status: 201, text: JSON.stringify(chat.body) });
  });

  it('tells what went wrong in a handler', async () => {
    const sandbox = await openSandbox();
    sandbox.script({ handler: () => Promise.reject(new Error('oh no')) });
    expect(await ask(sandbox, chat)).toMatchObject({
      status: 500,
      text: expect.stringContaining('oh no') as string,
    });
  });
});
