import { once } from 'node:events';
import http from 'node:http';
import type { ServerResponse } from 'node:http';
import net from 'node:net';
import { describe, expect, it } from 'vitest';
import { startGateway } from '../support/gateway.ts';
import type { TestGateway } from '../support/gateway.ts';
import { closeAfterTest } from '../support/loopback.ts';
import { openPost, settle } from '../support/open-client.ts';
import { RELAYED, TRANSLATED_CHAT, questionOf } from '../support/pairs.ts';
import { requestLines } from '../support/request-lines.ts';
import { until } from '../support/until.ts';

const SSE = { 'content-type': 'text/event-stream' };
const PING = 'event: ping\ndata: {"type":"ping"}\n\n';
const [MESSAGES, CHAT] = RELAYED;

/** Answers the next request by hand: what the upstream's side of it is, once it has come. */
function answerByHand({ sandbox }: TestGateway): () => Promise<ServerResponse> {
  const responses: ServerResponse[] = [];
  sandbox.script({ handler: (_request, response) => void responses.push(response) });
  return async () => {
    await until(() => responses.length > 0);
    return responses[0] as ServerResponse;
  };
}

describe('a heartbeat', () => {
  it('comes while the first event is still held back, and the event whole behind it', async () => {
    const gateway = await startGateway();
    const upstream = answerByHand(gateway);
    const client = openPost(gateway.url + MESSAGES.path, questionOf(MESSAGES, true));
    const response = await upstream();
    response.writeHead(200, SSE).write('event: message_start\nda');
    await settle();
    gateway.clock.advance(15_000);
    await client.seen((text) => text === PING);
    response.end('ta: {"type":"message_start"}\n\n');
    expect(await client.over).toBe(true);
    expect(client.text()).toBe(`${PING}event: message_start\ndata: {"type":"message_start"}\n\n`);
  });

  it('does not break the length that an upstream has announced for its stream', async () => {
    const gateway = await startGateway();
    const upstream = answerByHand(gateway);
    const client = openPost(gateway.url + MESSAGES.path, questionOf(MESSAGES, true));
    const [first, second] = ['data: {"n":1}\n\n', 'data: {"n":2}\n\n'];
    const response = await upstream();
    response.writeHead(200, { ...SSE, 'content-length': first.length + second.length }).write(first);
    await client.seen((text) => text === first);
    gateway.clock.advance(15_000);
    await client.seen((text) => text === first + PING);
    response.end(second);
    expect(await client.over).toBe(true);
    expect(client.text()).toBe(first + PING + second);
    expect((await client.head).headers).not.toHaveProperty('content-length');
  });

  it.each(TRANSLATED_CHAT)('takes the notes of the translation along: $model', async (pair) => {
    const gateway = await startGateway();
    gateway.sandbox.script({ failure: 'silent' });
    const body = { ...questionOf(pair, true), logit_bias: { 50256: -100 } };
    const client = openPost(gateway.url + pair.path, body);
    await gateway.sandbox.waitFor(() => gateway.sandbox.requests.length === 1);
    gateway.clock.advance(15_000);
    expect((await client.head).headers['x-translation-notes']).toContain('logit_bias=dropped');
    client.leave();
  });

  it('is never later than 15 s, wherever between two ticks the last byte came', async () => {
    const gateway = await startGateway();
    const upstream = answerByHand(gateway);
    const client = openPost(gateway.url + MESSAGES.path, questionOf(MESSAGES, true));
    const response = await upstream();
    gateway.clock.advance(400);
    response.writeHead(200, SSE).write('data: {"n":1}\n\n');
    await client.seen((text) => text !== '');
    gateway.clock.advance(15_000);
    await client.seen((text) => text.endsWith(PING));
    client.leave();
  });

  it('is not brought forward by the time that the upload took', async () => {
    const gateway = await startGateway();
    gateway.sandbox.script({ failure: 'silent' });
    const body = JSON.stringify(questionOf(MESSAGES, true));
    const headers = { 'content-length': Buffer.byteLength(body), expect: '100-continue' };
    const request = http.request(gateway.url + MESSAGES.path, { method: 'POST', headers, agent: false });
    let status: number | undefined;
    request.on('response', (response) => (status = response.resume().statusCode));
    request.on('error', () => undefined);
    request.flushHeaders();
    await once(request, 'continue');
    gateway.clock.advance(60_000);
    request.end(body);
    await gateway.sandbox.waitFor(() => gateway.sandbox.requests.length === 1);
    gateway.clock.advance(13_000);
    await settle();
    expect(status).toBeUndefined();
    gateway.clock.advance(2_000);
    await until(() => status === 200);
    request.destroy();
  });
});

describe('a relayed stream whose last event has passed', () => {
  const ENDS = [
    { ...MESSAGES, end: 'event: message_stop\ndata: {"type":"message_stop"}\n\n' },
    { ...CHAT, end: 'data: [DONE]\n\n' },
    {
      ...RELAYED[2],
      end: 'event: response.completed\ndata: {"type":"response.completed","response":{}}\n\n',
    },
  ];

  it.each(ENDS)(
    'C014 ends for the client though the upstream keeps it open: $path',
    async ({ end, ...pair }) => {
      const gateway = await startGateway();
      gateway.sandbox.script({ headers: SSE, chunks: ['data: {"n":1}\n\n', end], ending: 'hang' });
      const client = openPost(gateway.url + pair.path, questionOf(pair, true));
      await client.seen((text) => text.endsWith(end));
      gateway.clock.advance(2_000);
      expect(await client.over).toBe(true);
      expect(client.text()).toBe(`data: {"n":1}\n\n${end}`);
      expect(requestLines(gateway.logger)[0]).not.toHaveProperty('errorKind');
      gateway.clock.advance(2_000);
      await gateway.sandbox.waitFor(() => gateway.sandbox.open() === 0);
      expect(gateway.clock.pending()).toBe(0);
    },
  );

  it.each(ENDS)('still brings what follows at once: $path', async ({ end, ...pair }) => {
    const gateway = await startGateway();
    gateway.sandbox.script({ headers: SSE, chunks: ['data: {"n":1}\n\n', end, ': the end\n\n'] });
    const client = openPost(gateway.url + pair.path, questionOf(pair, true));
    expect(await client.over).toBe(true);
    expect(client.text()).toBe(`data: {"n":1}\n\n${end}: the end\n\n`);
  });

  it.each(ENDS)('has no error behind it when the upstream hangs up: $path', async ({ end, ...pair }) => {
    const gateway = await startGateway();
    gateway.sandbox.script({ headers: SSE, chunks: ['data: {"n":1}\n\n', end], ending: 'cut' });
    const client = openPost(gateway.url + pair.path, questionOf(pair, true));
    expect(await client.over).toBe(false);
    expect(client.text()).toBe(`data: {"n":1}\n\n${end}`);
  });
});

describe('garbage behind a request', () => {
  it('is not answered into the stream that is under way', async () => {
    const gateway = await startGateway();
    const upstream = answerByHand(gateway);
    const body = JSON.stringify(questionOf(MESSAGES, true));
    const socket = net.connect(gateway.port, '127.0.0.1');
    closeAfterTest(() => void socket.destroy());
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
    const length = `content-length: ${Buffer.byteLength(body)}`;
    socket.write(`POST ${MESSAGES.path} HTTP/1.1\r\nhost: x\r\n${length}\r\n\r\n${body}`);
    const response = await upstream();
    response.writeHead(200, SSE).write('data: {"n":1}\n\n');
    await until(() => text.includes('"n":1'));
    socket.write('GARBAGE\r\n\r\n');
    await settle();
    socket.write('MORE\r\n\r\n');
    await settle();
    response.end('data: {"n":2}\n\n');
    await once(socket, 'close');
    expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200']);
    expect(text).toContain('"n":2');
    expect(text).toMatch(/\r\n0\r\n\r\n$/);
  });
});
