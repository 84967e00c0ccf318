import net from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, vi } from 'vitest';
import { post, startGateway } from '../support/gateway.ts';
import type { RawAnswer, TestGateway } from '../support/gateway.ts';
import { failedAnswer, failedWith } from '../support/told-error.ts';

const say = [{ role: 'user', content: 'Hi' }];
const ROUTES = [
  { path: '/v1/chat/completions', good: { model: 'glm', messages: say } },
  { path: '/v1/responses', good: { model: 'gpt', input: 'Hi' } },
  { path: '/v1/messages', good: { model: 'claude', max_tokens: 100, messages: say } },
] as const;

const INVALID = { openai: 'invalid_request_error', anthropic: 'invalid_request_error' };
const TOO_LARGE = {
  openai: 'invalid_request_error',
  anthropic: 'request_too_large',
  code: 'request_too_large',
};
const LIMIT_BYTES = 64 * 1024;
const small = { config: { body_limit_mb: LIMIT_BYTES / 1024 / 1024 } };
const refusedAt = (megabytes: number): string =>
  `droid2api refused this request: its body is larger than ${megabytes} MB (body_limit_mb in config.json)`;

/** A good request of exactly this many bytes: spaces are allowed between two members. */
function paddedTo(bytes: number, body: object): string {
  const text = JSON.stringify(body);
  return `{${' '.repeat(bytes - text.length)}${text.slice(1)}`;
}

/** Writes this on a connection of its own and reads what comes until the other side ends it. */
function beginToWrite(
  port: number,
  pieces: readonly (string | Uint8Array)[],
  isAll = false,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('error', reject);
    socket.on('close', () => resolve(Buffer.concat(chunks).toString('utf8')));
    socket.on('end', () => socket.end());
    pieces.forEach((piece) => socket.write(piece));
    if (isAll) socket.end();
  });
}

/** The same by a client that has nothing more to say. */
const writeAll = (port: number, pieces: readonly (string | Uint8Array)[]): Promise<string> =>
  beginToWrite(port, pieces, true);

/** The only answer in what a connection has brought. */
function parseAnswer(text: string): RawAnswer {
  const [head = '', body = '', ...rest] = text.split('\r\n\r\n');
  expect(rest).toEqual([]);
  const [first = '', ...lines] = head.split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [line.split(': ')[0]?.toLowerCase(), line.split(': ').slice(1).join(': ')]),
  ) as Record<string, string>;
  expect(Number(headers['content-length'])).toBe(Buffer.byteLength(body));
  const status = Number(/^HTTP\/1\.1 (\d{3}) \S/.exec(first)?.[1]);
  return { status, headers, bytes: Buffer.from(body), text: body, complete: true };
}

const raw = async ({ port }: TestGateway, ...pieces: (string | Uint8Array)[]): Promise<RawAnswer> =>
  parseAnswer(await writeAll(port, pieces));

const head = (path: string, ...lines: string[]): string =>
  [`POST ${path} HTTP/1.1`, 'host: gateway', 'content-type: application/json', ...lines, '', ''].join('\r\n');

describe.each(ROUTES)('POST $path, as bytes on a connection,', ({ path, good }) => {
  it('takes a body of exactly the limit', async () => {
    const gateway = await startGateway(small);
    const { status } = await post(gateway.url + path, paddedTo(LIMIT_BYTES, good));
    expect(status).toBe(200);
  });

  it.each([
    ['with its length announced', {}],
    ['in chunks', { 'transfer-encoding': 'chunked' }],
  ])('refuses one byte more with a 413 that says who refused, %s', async (_name, headers) => {
    const gateway = await startGateway(small);
    const answer = await post(gateway.url + path, paddedTo(LIMIT_BYTES + 1, good), headers);
    expect(failedAnswer(answer)).toEqual(failedWith(path, 413, { ...TOO_LARGE, message: refusedAt(0.0625) }));
    expect(gateway.sandbox.requests).toEqual([]);
  });

  it('measures a compressed body by what comes out of it', async () => {
    const gateway = await startGateway(small);
    const bomb = gzipSync(paddedTo(50 * LIMIT_BYTES, good));
    expect(bomb.byteLength).toBeLessThan(LIMIT_BYTES);
    const answer = await post(gateway.url + path, bomb, { 'content-encoding': 'gzip' });
    expect(failedAnswer(answer)).toEqual(failedWith(path, 413, { ...TOO_LARGE, message: refusedAt(0.0625) }));
    expect(gateway.sandbox.requests).toEqual([]);
  });

  it('lets a client that writes everything before it reads see the 413', async () => {
    const gateway = await startGateway(small);
    const bytes = 20 * 1024 * 1024;
    const answer = await raw(gateway, head(path, `content-length: ${bytes}`), Buffer.alloc(bytes, ' '));
    expect(failedAnswer(answer)).toEqual(failedWith(path, 413, { ...TOO_LARGE, message: refusedAt(0.0625) }));
    expect(gateway.sandbox.requests).toEqual([]);
  });

  it('does not wait for ever for the rest of a body that it refuses', async () => {
    const gateway = await startGateway(small);
    const waiting = gateway.clock.pending();
    const stalled = beginToWrite(gateway.port, [
      head(path, 'content-length: 10000000'),
      Buffer.alloc(2 * LIMIT_BYTES, ' '),
    ]);
    await vi.waitFor(() => expect(gateway.clock.pending()).toBeGreaterThan(waiting));
    gateway.clock.advance(30_000);
    const answer = parseAnswer(await stalled);
    expect(failedAnswer(answer)).toEqual(failedWith(path, 413, { ...TOO_LARGE, message: refusedAt(0.0625) }));
    expect(answer.headers['connection']).toBe('close');
  });

  it('serves the next request on the connection on which it refused one', async () => {
    const gateway = await startGateway(small);
    const body = JSON.stringify({ ...good, model: 'nobody' });
    const text = await writeAll(gateway.port, [
      head(path, `content-length: ${LIMIT_BYTES + 1}`),
      Buffer.alloc(LIMIT_BYTES + 1, ' '),
      head(path, `content-length: ${body.length}`, 'connection: close'),
      body,
    ]);
    expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 413', 'HTTP/1.1 404']);
  });

  it.each([
    ['whose length was announced', 'content-length: 1000', '{"model":'],
    ['in chunks', 'transfer-encoding: chunked', '9\r\n{"model":\r\n'],
    ['of which nothing came', 'content-length: 1000', ''],
  ])('answers an upload %s and that breaks off with a 400', async (_name, header, sent) => {
    const gateway = await startGateway();
    const answer = await raw(gateway, head(path, header), sent);
    const message = 'the request body ended before its announced length';
    expect(failedAnswer(answer)).toEqual(failedWith(path, 400, { ...INVALID, message }));
    expect(answer.headers['connection']).toBe('close');
    expect(gateway.sandbox.requests).toEqual([]);
  });

  it('answers a compressed upload that breaks off with a 400', async () => {
    const gateway = await startGateway();
    const sent = gzipSync(JSON.stringify(good)).subarray(0, 20);
    const answer = await raw(gateway, head(path, 'content-length: 1000', 'content-encoding: gzip'), sent);
    expect(failedAnswer(answer)).toEqual(failedWith(path, 400, INVALID));
    expect(gateway.sandbox.requests).toEqual([]);
  });

  it('answers a broken chunk with a 400 in its dialect', async () => {
    const gateway = await startGateway();
    const answer = await raw(gateway, head(path, 'transfer-encoding: chunked'), 'zz\r\nnot a chunk\r\n');
    expect(failedAnswer(answer)).toEqual(failedWith(path, 400, INVALID));
    expect(gateway.sandbox.requests).toEqual([]);
  });
});

describe('what never becomes a request', () => {
  it.each([
    ['a header without a colon', 'GET / HTTP/1.1\r\nhost: gateway\r\nno colon here\r\n\r\n', 400],
    ['no HTTP at all', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400],
    ['an unknown method', 'BREW /pot HTTP/1.1\r\nhost: gateway\r\n\r\n', 400],
    [
      'two lengths',
      'POST /v1/messages HTTP/1.1\r\nhost: gateway\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n{}',
      400,
    ],
    [
      'a length beside chunks',
      'POST /v1/messages HTTP/1.1\r\nhost: gateway\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n{}',
      400,
    ],
    ['endless headers', `GET / HTTP/1.1\r\nhost: gateway\r\nx-long: ${'x'.repeat(100_000)}\r\n\r\n`, 431],
  ])('%s is answered in the shape of OpenAI', async (_name, bytes, status) => {
    const gateway = await startGateway();
    const answer = await raw(gateway, Buffer.from(bytes, 'latin1'));
    expect(failedAnswer(answer)).toEqual(failedWith('/', status, INVALID));
    expect(answer.headers['connection']).toBe('close');
    expect(gateway.sandbox.requests).toEqual([]);
  });

  it('does not disturb the next connection', async () => {
    const gateway = await startGateway();
    await writeAll(gateway.port, ['garbage\r\n\r\n']);
    expect((await post(`${gateway.url}/healthz`, '', {}, 'GET')).status).toBe(200);
  });
});

describe('the default limit', () => {
  it('is 64 MB: 63 go through, 65 do not', async () => {
    const gateway = await startGateway();
    const [, , { path, good }] = ROUTES;
    const megabyte = 1024 * 1024;
    const large = await post(gateway.url + path, paddedTo(63 * megabyte, good));
    expect(large.status).toBe(200);
    const tooLarge = await post(gateway.url + path, paddedTo(65 * megabyte, good));
    expect(failedAnswer(tooLarge)).toEqual(failedWith(path, 413, { ...TOO_LARGE, message: refusedAt(64) }));
    expect(gateway.sandbox.requests).toHaveLength(1);
  });
});
