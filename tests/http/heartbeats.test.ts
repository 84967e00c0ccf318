import type { ServerResponse } from 'node:http';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { until } from '../support/until.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { createGate } from '../support/gate.ts';
import { startGateway } from '../support/gateway.ts';
import { openPost, settle } from '../support/open-client.ts';
import { inBothForms, questionOf, RELAYED, TRANSLATED } from '../support/pairs.ts';
import type { Pair } from '../support/pairs.ts';
import { requestLines } from '../support/request-lines.ts';

const PAIRS = [...RELAYED, ...TRANSLATED];
const SSE = { 'content-type': 'text/event-stream' };
const JSON_HEAD = { 'content-type': 'application/json' };
const COMMENT = ': ping\n\n';
const ERROR_EVENT = /"error"|event: error/;

const beatOf = ({ path }: Pair): string =>
  path === '/v1/messages' ? 'event: ping\ndata: {"type":"ping"}\n\n' : COMMENT;

/** A gateway whose upstream does the next step when the test says so. */
async function startSteered(config: Readonly<Record<string, unknown>> = {}) {
  const gateway = await startGateway({ config });
  const arrived = createGate<never>();
  const kept: { response?: ServerResponse } = {};
  gateway.sandbox.script({
    handler: (_request, response) => {
      kept.response = response;
      void arrived.pass();
    },
  });
  const upstream = async (): Promise<ServerResponse> => {
    await arrived.reached;
    if (kept.response === undefined) throw new Error('no request has arrived');
    return kept.response;
  };
  return { ...gateway, upstream };
}

describe('15 s of silence', () => {
  it.each(PAIRS)('before the upstream answers bring a heartbeat: $path $model', async (pair) => {
    const { url, clock, upstream } = await startSteered();
    const client = openPost(url + pair.path, questionOf(pair, true));
    await upstream();
    clock.advance(9_000);
    await settle();
    expect(client.text()).toBe('');
    clock.advance(6_000);
    await client.seen((text) => text !== '');
    expect(client.text()).toBe(beatOf(pair));
    const { statusCode, headers } = await client.head;
    expect(statusCode).toBe(200);
    expect(headers['content-type']).toMatch(/^text\/event-stream/);
    clock.advance(30_000);
    await client.seen((text) => text === beatOf(pair).repeat(3));
  });

  it.each(PAIRS)('after the upstream’s headers bring a heartbeat: $path $model', async (pair) => {
    const { url, clock, upstream } = await startSteered();
    const client = openPost(url + pair.path, questionOf(pair, true));
    (await upstream()).writeHead(200, SSE).flushHeaders();
    await settle();
    clock.advance(15_000);
    await client.seen((text) => text === beatOf(pair));
  });

  it.each(PAIRS)('in the middle of a stream bring a heartbeat: $path $model', async (pair) => {
    const { url, clock, sandbox } = await startGateway();
    sandbox.script({ failure: 'stall' });
    const client = openPost(url + pair.path, questionOf(pair, true));
    await client.seen((text) => text.endsWith('\n\n'));
    const before = client.text();
    clock.advance(15_000);
    await client.seen((text) => text === before + beatOf(pair));
  });

  it('bring one to a client that left the form to an upstream that streams', async () => {
    const { url, clock, upstream } = await startSteered();
    const client = openPost(`${url}/v1/messages`, { model: 'claude', max_tokens: 9, messages: [] });
    const response = await upstream();
    clock.advance(60_000);
    response.writeHead(200, SSE).write(COMMENT);
    await settle();
    expect(client.text()).toBe('');
    clock.advance(15_000);
    await client.seen((text) => text === beatOf(RELAYED[0]));
  });
});

describe('30 s of silence', () => {
  const asked = [{ role: 'user' as const, content: 'Grüß Gott' }];
  const READERS = {
    'C015 Messages': (url: string) =>
      new Anthropic({ baseURL: url, apiKey: 'none', maxRetries: 0 }).messages
        .stream({ model: 'claude', max_tokens: 99, messages: asked })
        .finalMessage()
        .then(({ content }) => content),
    'C016 Responses': (url: string) =>
      new OpenAI({ baseURL: `${url}/v1`, apiKey: 'none', maxRetries: 0 }).responses
        .stream({ model: 'gpt', input: 'Grüß Gott' })
        .finalResponse()
        .then(({ output_text }) => output_text),
    'C017 Chat Completions': (url: string) =>
      new OpenAI({ baseURL: `${url}/v1`, apiKey: 'none', maxRetries: 0 }).chat.completions
        .stream({ model: 'gemini', messages: asked })
        .finalChatCompletion()
        .then(({ choices }) => choices),
  };

  it.each(Object.entries(READERS))('are no trouble to the official client: %s', async (_name, read) => {
    const upstreamClock = createFakeClock();
    const options = { clock: upstreamClock, pace: { slowMs: 30_000 } };
    const { url, clock, sandbox } = await startGateway({ sandbox: options });
    sandbox.script({ failure: 'slow-first-byte' });
    const answer = read(url);
    await until(() => upstreamClock.pending() > 0);
    clock.advance(30_000);
    await settle();
    upstreamClock.advance(30_000);
    expect(JSON.stringify(await answer)).toContain('Grüß Gott');
  });
});

describe('a heartbeat on the relay lane', () => {
  it.each([
    ['a line', 'event: a\ndata: {"type":"a"}\n\n', 'event: b\nda', 'ta: {"type":"b"}\n\n'],
    ['two lines of an event', 'data: {"type":"a"}\n\n', 'event: b\n', 'data: {"type":"b"}\n\n'],
    ['a line end', 'data: {"type":"a"}\r\n\r\n', 'data: {"type":"b"}\r', '\n\r\n'],
    ['an event and its blank line', 'data: {"type":"a"}\r\n\r\n', 'data: {"type":"b"}\r\n', '\r\n'],
    ['a letter', 'data: {"type":"a"}\n\n', Buffer.from('data: "ü').subarray(0, -1), Buffer.from([0xbc])],
  ])('never splits %s', async (_what, whole, half, rest) => {
    const { url, clock, upstream } = await startSteered();
    const client = openPost(`${url}/v1/messages`, questionOf(RELAYED[0], true));
    const response = await upstream();
    response.writeHead(200, SSE).write(whole);
    await client.seen((text) => text === whole);
    response.write(half);
    await client.seen((text) => text.length > whole.length);
    clock.advance(60_000);
    await settle();
    response.end(rest);
    expect(await client.over).toBe(true);
    expect(client.text()).toBe(
      Buffer.concat([Buffer.from(whole), Buffer.from(half), Buffer.from(rest)]).toString('utf8'),
    );
  });
});

describe('C141 a failure after a heartbeat', () => {
  const FAILURES: readonly (readonly [string, (response: ServerResponse) => void])[] = [
    [
      'a bad status',
      (response) => response.writeHead(529, JSON_HEAD).end('{"error":{"message":"Overloaded"}}'),
    ],
    ['no answer', (response) => response.destroy()],
    ['no content type', (response) => response.writeHead(200).end('<html>')],
    ['a cut before the first event', (response) => response.writeHead(200, SSE).flushHeaders()],
  ];
  const CASES = PAIRS.flatMap((pair) => FAILURES.map(([what, act]) => ({ ...pair, what, act })));

  it.each(CASES)('is told inside the stream: $path $model, $what', async ({ act, what, ...pair }) => {
    const { url, clock, upstream, logger } = await startSteered();
    const client = openPost(url + pair.path, questionOf(pair, true));
    const response = await upstream();
    clock.advance(15_000);
    await client.seen((text) => text === beatOf(pair));
    act(response);
    await settle();
    if (what.startsWith('a cut')) response.destroy();
    await client.over;
    expect((await client.head).statusCode).toBe(200);
    expect(client.text().slice(beatOf(pair).length)).toMatch(ERROR_EVENT);
    expect(client.text()).not.toMatch(pair.ends);
    expect(requestLines(logger)).toHaveLength(1);
    expect(clock.pending()).toBe(0);
  });

  it.each(PAIRS)('is told inside the stream, an error as first event: $path $model', async (pair) => {
    const { url, clock, upstream } = await startSteered();
    const client = openPost(url + pair.path, questionOf(pair, true));
    const response = await upstream();
    clock.advance(15_000);
    await client.seen((text) => text === beatOf(pair));
    response.writeHead(200, SSE).end(FIRST_ERRORS[pair.model]);
    await client.over;
    expect(client.text().slice(beatOf(pair).length)).toMatch(ERROR_EVENT);
    expect(client.text()).toContain('Overloaded');
    expect(client.text()).not.toMatch(pair.ends);
  });
});

const FIRST_ERRORS: Readonly<Record<string, string>> = {
  claude:
    'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}\n\n',
  gpt: 'event: error\ndata: {"type":"error","code":"server_error","message":"Overloaded","param":null}\n\n',
  glm: 'data: {"error":{"message":"Overloaded","type":"server_error","code":null,"param":null}}\n\n',
  gemini: 'data: {"error":{"code":503,"message":"Overloaded","status":"UNAVAILABLE"}}\n\n',
};

describe('a client that wants JSON', () => {
  it.each(PAIRS)('never hears a heartbeat: $path $model', async (pair) => {
    const upstreamClock = createFakeClock();
    const options = { clock: upstreamClock, pace: { slowMs: 60_000 } };
    const { url, clock, sandbox } = await startGateway({ sandbox: options });
    sandbox.script({ failure: 'slow-first-byte' });
    const client = openPost(url + pair.path, questionOf(pair, false));
    await until(() => upstreamClock.pending() > 0);
    clock.advance(60_000);
    await settle();
    upstreamClock.advance(60_000);
    expect(await client.over).toBe(true);
    expect((await client.head).headers['content-type']).toMatch(/^application\/json/);
    expect(JSON.parse(client.text())).toBeTypeOf('object');
    expect(client.text()).not.toContain('ping');
  });

  it.each(PAIRS)('hears none while its answer stalls either: $path $model', async (pair) => {
    const { url, clock, sandbox } = await startGateway();
    sandbox.script({ failure: 'stall' });
    const client = openPost(url + pair.path, questionOf(pair, false));
    await sandbox.waitFor(() => sandbox.requests.length === 1);
    await settle();
    const before = client.text();
    clock.advance(120_000);
    await settle();
    expect(client.text()).toBe(before);
    client.leave();
  });
});

describe('the beating stops', () => {
  it.each(inBothForms(PAIRS))('with the answer: $path $model, streaming: $stream', async (pair) => {
    const { url, clock } = await startGateway();
    const client = openPost(url + pair.path, questionOf(pair, pair.stream));
    expect(await client.over).toBe(true);
    await until(() => clock.pending() === 0);
  });
});
