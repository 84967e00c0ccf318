import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { createSecret } from '../../src/kernel/secret.ts';
import { createPostForm } from '../../src/upstream/post-form.ts';
import { createRoads } from '../../src/upstream/roads.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { closeAfterTest, freePort, listenHttp, listenProxy } from '../support/loopback.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';

function createPoster(proxies: readonly string[] = [], clock = createFakeClock()) {
  const roads = createRoads(proxies.map((url, index) => ({ name: `p${index}`, url: createSecret(url) })));
  closeAfterTest(() => roads.close());
  const logger = createRecordingLogger();
  return { post: createPostForm({ roads, clock, logger, userAgent: 'factory-cli/1.2.3' }), logger };
}

describe('postForm', () => {
  it('sends a form and hands out status and text of any answer', async () => {
    const seen: string[] = [];
    const service = await listenHttp((request, response) => {
      seen.push(String(request.headers['content-type']), String(request.headers['user-agent']));
      request.on('data', (chunk: Buffer) => seen.push(chunk.toString('utf8')));
      request.on('end', () => response.writeHead(400).end('{"error":"slow_down"}'));
    });
    const { post } = createPoster();
    expect(await post(service.url, { grant_type: 'refresh_token', refresh_token: 'a b' }, 1000)).toEqual({
      status: 400,
      text: '{"error":"slow_down"}',
    });
    expect(seen).toEqual([
      'application/x-www-form-urlencoded;charset=UTF-8',
      'factory-cli/1.2.3',
      'grant_type=refresh_token&refresh_token=a+b',
    ]);
  });

  it('goes through the next proxy when the first one refuses the connection', async () => {
    const service = await listenHttp((request, response) => {
      request.resume();
      response.end('ok');
    });
    const proxy = await listenProxy();
    const { post, logger } = createPoster([`http://127.0.0.1:${await freePort()}`, proxy.url]);
    expect((await post(service.url, {}, 1000)).text).toBe('ok');
    expect(logger.lines.map(({ message }) => message)).toEqual([
      `Using proxy p0 for request to ${service.url}`,
      `Using proxy p1 for request to ${service.url}`,
    ]);
  });

  it('does not send a form twice when the answer was lost on the way', async () => {
    let requests = 0;
    const service = await listenHttp((request) => {
      requests++;
      request.socket.destroy();
    });
    const proxy = await listenProxy();
    const { post } = createPoster([proxy.url, proxy.url]);
    await expect(post(service.url, {}, 1000)).rejects.toMatchObject({
      kind: 'bad-upstream',
    });
    expect(requests).toBe(1);
  });

  it('follows nobody elsewhere with what a form holds', async () => {
    let strangers = 0;
    const elsewhere = await listenHttp((request, response) => {
      strangers++;
      request.resume();
      response.end('{}');
    });
    const service = await listenHttp((request, response) => {
      request.resume();
      response.writeHead(307, { location: elsewhere.url }).end();
    });
    const { post } = createPoster();
    expect(await post(service.url, { refresh_token: 'secret' }, 1000)).toEqual({ status: 307, text: '' });
    expect(strangers).toBe(0);
  });

  it('gives up after its time limit', async () => {
    const clock = createFakeClock();
    const service = await listenHttp((request) => void request.resume());
    const { post } = createPoster([], clock);
    const arrived = once(service.server, 'request');
    const refused = expect(post(service.url, {}, 5000)).rejects.toMatchObject({
      kind: 'timeout',
    });
    await arrived;
    clock.advance(5000);
    await refused;
  });
});
