import { once } from 'node:events';
import type net from 'node:net';
import { describe, expect, it } from 'vitest';
import { createSecret } from '../../src/kernel/secret.ts';
import { createRoads } from '../../src/upstream/roads.ts';
import { createSend } from '../../src/upstream/send.ts';
import { parseTarget } from '../../src/upstream/target.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { closeAfterTest, freePort, listenHttp, listenProxy, listenRaw } from '../support/loopback.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';

function createSender(urls: readonly string[], clock = createFakeClock()) {
  const logger = createRecordingLogger();
  const roads = createRoads(urls.map((url, index) => ({ name: `p${index}`, url: createSecret(url) })));
  closeAfterTest(() => roads.close());
  const send = createSend({ roads, clock, connectMs: 10_000, firstByteMs: 600_000 });
  const post = async (url: string): Promise<number> => {
    const { response } = send({ target: parseTarget(url), headers: {}, chunks: [], byteLength: 0 }, logger);
    const answer = await response;
    answer.body.resume();
    await once(answer.body, 'end');
    return answer.status;
  };
  return { post, send, logger };
}

const echo = () =>
  listenHttp((request, response) => {
    request.resume();
    response.end('ok');
  });

describe('proxied requests', () => {
  it('take the proxies in turn and say which one they use', async () => {
    const upstream = await echo();
    const [first, second] = [await listenProxy(), await listenProxy()];
    const { post, logger } = createSender([first.url, second.url]);
    await post(`${upstream.url}/a?secret=1`);
    await post(`${upstream.url}/b`);
    await post(`${upstream.url}/c`);
    expect(logger.lines.map(({ message }) => message)).toEqual([
      `Using proxy p0 for request to ${upstream.url}/a`,
      `Using proxy p1 for request to ${upstream.url}/b`,
      `Using proxy p0 for request to ${upstream.url}/c`,
    ]);
    expect(second.tunnels).toEqual([`127.0.0.1:${upstream.port}`]);
  });

  it('keep their tunnels for the next request', async () => {
    const upstream = await echo();
    const proxy = await listenProxy();
    const { post } = createSender([proxy.url]);
    await post(upstream.url);
    await post(upstream.url);
    expect(proxy.tunnels).toHaveLength(1);
  });

  it('authenticate with a user and a percent-encoded password that never reaches the log', async () => {
    const upstream = await echo();
    const seen: (string | undefined)[] = [];
    const proxy = await listenProxy((request) => {
      seen.push(request.headers['proxy-authorization']);
      return 200;
    });
    const { post, logger } = createSender([`http://me:p%40ss-CANARY@127.0.0.1:${proxy.port}`]);
    await post(upstream.url);
    expect(seen).toEqual([`Basic ${Buffer.from('me:p@ss-CANARY').toString('base64')}`]);
    expect(JSON.stringify(logger.lines)).not.toContain('CANARY');
  });

  it.each([
    ['refuses the connection', () => freePort().then((port) => `http://127.0.0.1:${port}`)],
    ['wants other credentials', () => listenProxy(() => 407).then(({ url }) => url)],
    ['hangs up', () => listenRaw((socket) => void socket.resetAndDestroy()).then(({ url }) => url)],
  ])('go on with the next proxy when one %s', async (_what, dead) => {
    const upstream = await echo();
    const proxy = await listenProxy();
    const { post } = createSender([await dead(), proxy.url]);
    expect(await post(upstream.url)).toBe(200);
    expect(proxy.tunnels).toHaveLength(1);
  });

  it('fail with 502 and never go direct when every proxy is dead', async () => {
    const upstream = await echo();
    const dead = `http://127.0.0.1:${await freePort()}`;
    const { post } = createSender([dead, dead]);
    await expect(post(upstream.url)).rejects.toMatchObject({ kind: 'bad-upstream', status: 502 });
    expect(upstream.connections()).toBe(0);
  });

  it('do not blame the proxy for what the upstream does behind it', async () => {
    const upstream = await listenRaw((socket) => socket.once('data', () => socket.resetAndDestroy()));
    const proxy = await listenProxy();
    const { post } = createSender([proxy.url, proxy.url]);
    await expect(post(upstream.url)).rejects.toMatchObject({ kind: 'bad-upstream' });
    expect(proxy.tunnels).toHaveLength(1);
  });

  it('close the socket to a silent proxy when they are cancelled', async () => {
    const proxy = await listenRaw(() => undefined);
    const accepted = once(proxy.server, 'connection') as Promise<[net.Socket]>;
    const { send, logger } = createSender([proxy.url]);
    const target = parseTarget('http://upstream.test');
    const exchange = send({ target, headers: {}, chunks: [], byteLength: 0 }, logger);
    const [socket] = await accepted;
    socket.resume();
    const closed = once(socket, 'close');
    const cancelled = expect(exchange.response).rejects.toMatchObject({ kind: 'cancelled' });
    exchange.cancel();
    await Promise.all([closed, cancelled]);
  });
});
