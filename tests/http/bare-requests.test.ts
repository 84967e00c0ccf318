import { once } from 'node:events';
import net from 'node:net';
import { describe, expect, it } from 'vitest';
import { postJson, startGateway } from '../support/gateway.ts';
import { closeAfterTest } from '../support/loopback.ts';

/** Everything that the gateway writes back for these exact bytes. */
async function exchange(port: number, text: string): Promise<string> {
  const socket = net.connect(port, '127.0.0.1');
  closeAfterTest(() => void socket.destroy());
  let answer = '';
  socket.on('data', (chunk: Buffer) => (answer += chunk.toString('utf8')));
  socket.end(text);
  await once(socket, 'close');
  return answer;
}

const body = '{"model":"nope"}';
const head = (lines: string): string =>
  `POST /v1/messages HTTP/1.1\r\n${lines}content-length: ${body.length}\r\n\r\n${body}`;

describe('requests that Node would refuse without a word', () => {
  it.each([
    ['no Host', ''],
    ['an unknown Expect', 'host: x\r\nexpect: the-impossible\r\n'],
  ])('are answered in the dialect with a request id: %s', async (_what, lines) => {
    const { port } = await startGateway();
    const answer = await exchange(port, head(lines));
    expect(answer).toMatch(/^HTTP\/1\.1 404 /);
    expect(answer).toMatch(/\r\nx-request-id: req_/);
    expect(answer).toContain('"type":"not_found_error"');
  });

  it('answers a client that closes its side of the connection after asking', async () => {
    const { port } = await startGateway();
    expect(await exchange(port, 'GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n')).toContain(
      '"ok"',
    );
  });

  it('answers the request that came before garbage on the same connection, and then closes it', async () => {
    const { port } = await startGateway();
    const asked = JSON.stringify({ model: 'claude', messages: [{ role: 'user', content: 'Hi' }] });
    const request = `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: ${asked.length}\r\n\r\n${asked}`;
    const socket = net.connect(port, '127.0.0.1');
    closeAfterTest(() => void socket.destroy());
    let answer = '';
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString('utf8')));
    socket.write(`${request}GARBAGE\r\n\r\n`);
    await once(socket, 'close');
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(answer).toContain('Hello from the sandbox');
    expect(answer).not.toContain('not valid HTTP');
  });
});

describe('a model name of any length', () => {
  it('is cut in the log', async () => {
    const { url, logger } = await startGateway();
    await postJson(`${url}/v1/messages`, { model: 'x'.repeat(100_000) });
    expect(JSON.stringify(logger.lines).length).toBeLessThan(5000);
  });
});
