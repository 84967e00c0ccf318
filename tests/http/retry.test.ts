import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createSecret } from '../../src/kernel/secret.ts';
import { until } from '../support/until.ts';
import { startGateway } from '../support/gateway.ts';
import { listenRaw } from '../support/loopback.ts';
import { askPair, inBothForms, RELAYED, TRANSLATED } from '../support/pairs.ts';
import { requestLines } from '../support/request-lines.ts';
import { stubChain } from '../support/stub-chain.ts';

const PAIRS = inBothForms([...RELAYED, ...TRANSLATED]);

/** A login whose token can be renewed; it remembers what it was told had been refused. */
function renewable(next: string | undefined) {
  const refused: string[] = [];
  const credentials = stubChain({
    renew: (token) => {
      refused.push(token.reveal());
      return Promise.resolve(next === undefined ? undefined : createSecret(next));
    },
  });
  return { credentials, refused };
}

describe('a token that the upstream refuses with 401', () => {
  it.each(PAIRS)(
    'is renewed, and the same request sent again: $path $model, streaming: $stream',
    async (pair) => {
      const { credentials, refused } = renewable('second-token');
      const gateway = await startGateway({ credentials });
      gateway.sandbox.script({ failure: 'refused-401' });
      const answer = await askPair(gateway, pair);
      expect(answer.status).toBe(200);
      expect(answer.text).toContain('Grüß');
      const [first, second, ...more] = gateway.sandbox.requests;
      expect(more).toEqual([]);
      expect(first?.headers['authorization']).toBe('Bearer first-token');
      expect(second?.headers['authorization']).toBe('Bearer second-token');
      expect(second?.body).toBe(first?.body);
      expect({ ...second?.headers, authorization: '' }).toEqual({ ...first?.headers, authorization: '' });
      expect(refused).toEqual(['first-token']);
      await until(() => requestLines(gateway.logger).length > 0);
      expect(requestLines(gateway.logger)).toEqual([
        expect.objectContaining({ attempts: 2, status: 200, account: 'stub' }),
      ]);
    },
  );

  it.each(PAIRS)('twice is a 502: $path $model, streaming: $stream', async (pair) => {
    const { credentials, refused } = renewable('second-token');
    const gateway = await startGateway({ credentials });
    gateway.sandbox.script({ failure: 'refused-401' }, { failure: 'refused-401' });
    const { status, text } = await askPair(gateway, pair);
    expect(status).toBe(502);
    expect(text).toContain('expired or revoked');
    expect(text).not.toMatch(/first-token|second-token/);
    expect(refused).toEqual(['first-token']);
    expect(gateway.sandbox.requests.length).toBe(2);
    expect(requestLines(gateway.logger)).toEqual([
      expect.objectContaining({ attempts: 2, status: 502, errorKind: 'upstream-auth' }),
    ]);
  });

  it('is a 502 at once when there is no other', async () => {
    const { credentials } = renewable(undefined);
    const gateway = await startGateway({ credentials });
    gateway.sandbox.script({ failure: 'refused-401' });
    expect((await askPair(gateway, { ...RELAYED[0], stream: true })).status).toBe(502);
    expect(gateway.sandbox.requests.length).toBe(1);
    expect(requestLines(gateway.logger)).toEqual([expect.objectContaining({ attempts: 1 })]);
  });

  it('is passed on as a 401 when it is the client’s own', async () => {
    const credentials = stubChain({ holder: 'client' });
    const gateway = await startGateway({ credentials });
    gateway.sandbox.script({ failure: 'refused-401' });
    expect((await askPair(gateway, { ...RELAYED[0], stream: true })).status).toBe(401);
  });

  it.each(['quota-402', 'forbidden-403', 'throttled-429', 'server-500'] as const)(
    'is not blamed for %s',
    async (failure) => {
      const { credentials, refused } = renewable('second-token');
      const gateway = await startGateway({ credentials });
      gateway.sandbox.script({ failure });
      await askPair(gateway, { ...RELAYED[0], stream: false });
      expect(refused).toEqual([]);
      expect(gateway.sandbox.requests.length).toBe(1);
    },
  );
});

const BODY = '{"type":"message","content":[]}';
const ANSWER = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${BODY.length}\r\n\r\n${BODY}`;
const isWhole = (request: string): boolean => request.endsWith('}');

describe('a kept-alive connection that has died', () => {
  it.each([
    ['is closed', (socket: Socket) => socket.destroy()],
    ['is reset', (socket: Socket) => socket.resetAndDestroy()],
  ])('is replaced without the client noticing when it %s', async (_how, kill) => {
    const bodies: string[] = [];
    let answered = 0;
    const upstream = await listenRaw((socket) => {
      let request = '';
      let isUsed = false;
      socket.on('data', (chunk) => {
        request += chunk.toString('utf8');
        if (!isWhole(request)) return;
        bodies.push(request.split('\r\n\r\n')[1] ?? '');
        request = '';
        if (isUsed) {
          kill(socket);
          return;
        }
        isUsed = true;
        answered++;
        socket.write(ANSWER);
      });
    });
    const endpoint = [{ name: 'anthropic', base_url: upstream.url }];
    const gateway = await startGateway({ config: { endpoint } });
    const pair = { ...RELAYED[0], stream: false };
    const first = await askPair(gateway, pair);
    const second = await askPair(gateway, pair);
    expect([first.text, second.text]).toEqual([BODY, BODY]);
    expect(answered).toBe(2);
    expect(upstream.connections()).toBe(2);
    expect(bodies.length).toBe(3);
    expect(new Set(bodies).size).toBe(1);
    expect(requestLines(gateway.logger).map(({ attempts }) => attempts)).toEqual([1, 1]);
  });

  it('is not replaced when it was new: the upstream may have begun to work', async () => {
    const upstream = await listenRaw((socket) => {
      socket.once('data', () => socket.destroy());
    });
    const endpoint = [{ name: 'anthropic', base_url: upstream.url }];
    const gateway = await startGateway({ config: { endpoint } });
    expect((await askPair(gateway, { ...RELAYED[0], stream: false })).status).toBe(502);
    expect(upstream.connections()).toBe(1);
  });
});
