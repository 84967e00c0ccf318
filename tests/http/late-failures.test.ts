import http from 'node:http';
import { describe, expect, it } from 'vitest';
import type { RawAnswer, TestGateway } from '../support/gateway.ts';
import { questionOf, RELAYED, startStillGateway, TRANSLATED } from '../support/pairs.ts';
import type { Pair } from '../support/pairs.ts';

/** Asks for a stream, lets the client hear one heartbeat, and only then lets the upstream say this. */
async function failAfterHeartbeat(
  gateway: TestGateway,
  pair: Pair,
  say: (response: http.ServerResponse) => void,
): Promise<RawAnswer> {
  const { sandbox, clock, url } = gateway;
  let speak = (): void => undefined;
  sandbox.script({
    handler: (_request, response) => {
      speak = () => say(response);
    },
  });
  const asked = http.request(url + pair.path, { method: 'POST', agent: false });
  asked.end(JSON.stringify(questionOf(pair, true)));
  await sandbox.waitFor(() => sandbox.requests.length === 1);
  clock.advance(20_000);
  const response = await new Promise<http.IncomingMessage>((resolve) => asked.once('response', resolve));
  const chunks: Buffer[] = [];
  response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', () => undefined);
  await new Promise((resolve) => response.once('data', resolve));
  speak();
  await new Promise((resolve) => response.once('close', resolve));
  const bytes = Buffer.concat(chunks);
  const { statusCode: status = 0, headers, complete } = response;
  return { status, headers, bytes, text: bytes.toString('utf8'), complete };
}

const refuse = (response: http.ServerResponse): void => {
  response.writeHead(529, { 'content-type': 'application/json' });
  response.end('{"detail":"Overloaded","status":529}');
};

const hangUp = (response: http.ServerResponse): void => void response.socket?.destroy();

const openWithError = (response: http.ServerResponse): void => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.end(
    'event: error\ndata: {"type":"error","error":{"message":"Overloaded","type":"overloaded_error"}}\n\n',
  );
};

const showPage = (response: http.ServerResponse): void => {
  response.writeHead(200, { 'content-type': 'text/html' });
  response.end('<html><body>Overloaded</body></html>');
};

describe.each([...RELAYED, ...TRANSLATED.filter(({ path }) => path !== '/v1/responses')])(
  'after a heartbeat: $path for $model',
  (pair) => {
    it.each([
      ['a refusal', refuse, /Overloaded/],
      ['an error as the first event', openWithError, /Overloaded/],
      ['a lost connection', hangUp, /the upstream reset the connection/],
      ['a page', showPage, /body of type text\/html/],
    ])('C141 %s is told as one error event, and nothing follows it', async (_name, say, message) => {
      const answer = await failAfterHeartbeat(await startStillGateway(), pair, say);
      expect(answer.status).toBe(200);
      const [beat, ...told] = answer.text.split('\n\n');
      expect(beat).toBe(pair.path === '/v1/messages' ? 'event: ping\ndata: {"type":"ping"}' : ': ping');
      expect(told).toEqual([expect.stringMatching(/^(?:event: error\n)?data: \{.*"error":\{/), '']);
      expect(told[0]).toMatch(message);
      expect(answer.text).not.toMatch(pair.ends);
      expect(answer.text).not.toContain('<');
    });
  },
);
