import http from 'node:http';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { drain } from '../src/drain.ts';
import { listen } from '../src/listen.ts';
import { createFakeClock } from './support/fake-clock.ts';
import { closeAfterTest, listenHttp } from './support/loopback.ts';
import { createRecordingLogger } from './support/recording-logger.ts';

describe('listen', () => {
  it('tells the address that it got', async () => {
    const server = http.createServer();
    closeAfterTest(() => void server.close());
    expect(await listen(server, 0, '127.0.0.1')).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });

  it('says in one line that the port is taken', async () => {
    const { port } = await listenHttp(() => undefined);
    await expect(listen(http.createServer(), port, '127.0.0.1')).rejects.toThrow(
      `port ${port} on 127.0.0.1 is in use: stop the other program, or choose another port`,
    );
  });

  it('says that an address is not of this machine', async () => {
    await expect(listen(http.createServer(), 0, '192.0.2.1')).rejects.toThrow(
      'HOST 192.0.2.1 is not an address',
    );
  });
});

describe('drain', () => {
  it('waits for the running request and then ends in good order', async () => {
    const { server, url } = await listenHttp((_request, response) => void response.write('part'));
    const arrived = once(server, 'request') as Promise<[http.IncomingMessage, http.ServerResponse]>;
    const answered = once(http.get(url, { agent: false }), 'response') as Promise<[http.IncomingMessage]>;
    const [, response] = await arrived;
    const [incoming] = await answered;
    const drained = drain(server, createFakeClock(), 1000, createRecordingLogger());
    response.end('rest');
    incoming.resume();
    await once(incoming, 'end');
    expect(await drained).toBe(true);
  });

  it('closes a kept-alive connection once its request is over', async () => {
    const clock = createFakeClock();
    const { server, url } = await listenHttp((_request, response) => void response.write('part'));
    server.keepAliveTimeout = 60_000;
    const agent = new http.Agent({ keepAlive: true });
    closeAfterTest(() => agent.destroy());
    const arrived = once(server, 'request') as Promise<[http.IncomingMessage, http.ServerResponse]>;
    const answered = once(http.get(url, { agent }), 'response') as Promise<[http.IncomingMessage]>;
    const [, response] = await arrived;
    const [incoming] = await answered;
    const drained = drain(server, clock, 60_000, createRecordingLogger());
    response.end('rest');
    incoming.resume();
    await Promise.all([once(incoming, 'end'), once(response, 'close')]);
    clock.advance(1000);
    expect(await drained).toBe(true);
  });

  it('closes what still runs when the time is over', async () => {
    const clock = createFakeClock();
    const logger = createRecordingLogger();
    const { server, url } = await listenHttp((_request, response) => void response.write('part'));
    const [incoming] = (await once(http.get(url, { agent: false }), 'response')) as [http.IncomingMessage];
    const failed = once(incoming, 'error');
    const drained = drain(server, clock, 1000, logger);
    clock.advance(1000);
    expect(await drained).toBe(false);
    await failed;
    expect(logger.lines[0]?.message).toContain('still running after 1 s');
  });
});
