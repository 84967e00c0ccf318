import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import zlib from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Clock } from '../../src/kernel/ports.ts';
import { createRoads } from '../../src/upstream/roads.ts';
import { createSend } from '../../src/upstream/send.ts';
import type { Exchange } from '../../src/upstream/send.ts';
import { parseTarget } from '../../src/upstream/target.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { closeAfterTest, freePort, listenHttp, listenRaw } from '../support/loopback.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';

const body = Buffer.from('{"model":"m"}');

function createSender(clock: Clock = createFakeClock()) {
  const roads = createRoads([]);
  closeAfterTest(() => roads.close());
  const send = createSend({ roads, clock, connectMs: 10_000, firstByteMs: 600_000 });
  return (url: string, headers: Record<string, string> = {}): Exchange =>
    send(
      {
        target: parseTarget(url),
        headers,
        chunks: [body.subarray(0, 5), body.subarray(5)],
        byteLength: body.length,
      },
      createRecordingLogger(),
    );
}

async function textOfBody(stream: AsyncIterable<unknown>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

const readRequest = (request: IncomingMessage): Promise<string> => textOfBody(request);

describe('send', () => {
  it('posts all pieces with their length and hands out status, headers and body', async () => {
    let seen: { length?: string | undefined; text?: string; header?: unknown } = {};
    const upstream = await listenHttp((request, response) => {
      void readRequest(request).then((text) => {
        seen = { length: request.headers['content-length'], text, header: request.headers['x-one'] };
        response.writeHead(201, { 'x-answer': 'yes' }).end('done');
      });
    });
    const response = await createSender()(`${upstream.url}/v1/messages`, { 'x-one': '1' }).response;
    expect(response.status).toBe(201);
    expect(response.header('x-answer')).toBe('yes');
    expect(await textOfBody(response.body)).toBe('done');
    expect(seen).toEqual({ length: '13', text: '{"model":"m"}', header: '1' });
  });

  it('uses one connection for requests that follow each other', async () => {
    const upstream = await listenHttp((request, response) => {
      request.resume();
      response.end('ok');
    });
    const send = createSender();
    await textOfBody((await send(upstream.url).response).body);
    await textOfBody((await send(upstream.url).response).body);
    expect(upstream.connections()).toBe(1);
  });

  it('replaces a kept-alive socket that died unnoticed', async () => {
    let requests = 0;
    const upstream = await listenRaw((socket) => {
      socket.on('data', () => {
        requests++;
        if (requests === 2) socket.resetAndDestroy();
        else socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: keep-alive\r\n\r\nok');
      });
    });
    const send = createSender();
    await textOfBody((await send(upstream.url).response).body);
    const second = await send(upstream.url).response;
    expect(await textOfBody(second.body)).toBe('ok');
    expect(upstream.connections()).toBe(2);
  });

  it('does not send a request twice when a new connection is reset', async () => {
    let requests = 0;
    const upstream = await listenRaw((socket) => {
      socket.once('data', () => {
        requests++;
        socket.resetAndDestroy();
      });
    });
    await expect(createSender()(upstream.url).response).rejects.toMatchObject({
      kind: 'bad-upstream',
      status: 502,
    });
    expect(requests).toBe(1);
  });

  it('says that the upstream refused the connection', async () => {
    const port = await freePort();
    await expect(createSender()(`http://127.0.0.1:${port}`).response).rejects.toMatchObject({
      kind: 'bad-upstream',
      message: 'the upstream refused the connection',
    });
  });

  it('gives up an upstream that does not begin to answer in time', async () => {
    const clock = createFakeClock();
    const upstream = await listenHttp((request) => void request.resume());
    const arrived = once(upstream.server, 'request');
    const exchange = createSender(clock)(upstream.url);
    await arrived;
    clock.advance(600_000);
    await expect(exchange.response).rejects.toMatchObject({ kind: 'timeout', status: 504 });
  });

  it('gives up a host that does not accept the connection in time', async () => {
    const clock = createFakeClock();
    // a TLS handshake that is never answered counts as a connection that does not come about
    const upstream = await listenRaw(() => undefined);
    const accepted = once(upstream.server, 'connection');
    const exchange = createSender(clock)(`https://127.0.0.1:${upstream.port}`);
    await accepted;
    clock.advance(10_000);
    await expect(exchange.response).rejects.toMatchObject({
      kind: 'timeout',
      message: 'the upstream did not accept a connection within 10 s',
    });
  });

  it('closes the upstream connection at once when it is cancelled before the answer', async () => {
    const upstream = await listenHttp((request) => void request.resume());
    const arrived = once(upstream.server, 'request') as Promise<[IncomingMessage]>;
    const exchange = createSender()(upstream.url);
    const [request] = await arrived;
    const closed = once(request.socket, 'close');
    const cancelled = expect(exchange.response).rejects.toMatchObject({ kind: 'cancelled' });
    exchange.cancel();
    await Promise.all([closed, cancelled]);
  });

  it('closes the upstream connection at once when it is cancelled while the body flows', async () => {
    const upstream = await listenHttp((request, response) => {
      request.resume();
      response.write('part');
    });
    const arrived = once(upstream.server, 'request') as Promise<[IncomingMessage]>;
    const exchange = createSender()(upstream.url);
    const response = await exchange.response;
    response.body.on('error', () => undefined);
    const [request] = await arrived;
    const closed = once(request.socket, 'close');
    exchange.cancel();
    await closed;
    expect(response.isComplete()).toBe(false);
  });

  it.each([
    ['gzip', zlib.gzipSync],
    ['deflate', zlib.deflateSync],
    ['br', zlib.brotliCompressSync],
  ] as const)('unpacks an answer that came as %s though nobody asked for it', async (encoding, compress) => {
    const upstream = await listenHttp((request, response) => {
      request.resume();
      response.writeHead(200, { 'content-encoding': encoding }).end(compress('plain text'));
    });
    const response = await createSender()(upstream.url).response;
    expect(response.header('content-encoding')).toBeUndefined();
    expect(await textOfBody(response.body)).toBe('plain text');
  });

  it('refuses an answer in an encoding that nobody can read', async () => {
    const upstream = await listenHttp((request, response) => {
      request.resume();
      response.writeHead(200, { 'content-encoding': 'zork' }).end('????');
    });
    await expect(createSender()(upstream.url).response).rejects.toMatchObject({ kind: 'bad-upstream' });
  });

  it('says that an upstream does not speak HTTP', async () => {
    const upstream = await listenRaw((socket) => socket.end('SSH-2.0-OpenSSH\r\n'));
    await expect(createSender()(upstream.url).response).rejects.toMatchObject({
      message: 'the upstream does not answer in HTTP',
    });
  });
});
