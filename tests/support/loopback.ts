import http from 'node:http';
import net from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach } from 'vitest';

/** A server of the test's own on a free loopback port; closed, with its connections, after the test. */
export interface Loopback {
  readonly port: number;
  readonly url: string;
  /** Connections accepted so far. */
  readonly connections: () => number;
  readonly close: () => Promise<void>;
}

const cleanups: (() => void | Promise<void>)[] = [];

afterEach(async () => {
  await Promise.all(cleanups.splice(0).map(async (close) => close()));
});

/** Calls `close` after the running test. */
export function closeAfterTest(close: () => void | Promise<void>): void {
  cleanups.push(close);
}

export function listenHttp(
  handler: http.RequestListener,
): Promise<Loopback & { readonly server: http.Server }> {
  const server = http.createServer({ keepAliveTimeout: 0 }, handler);
  return listen(server);
}

export function listenRaw(
  handler: (socket: net.Socket) => void,
): Promise<Loopback & { readonly server: net.Server }> {
  return listen(net.createServer(handler));
}

/** Lets a server listen on a free loopback port until the test ends. */
async function listen<S extends net.Server>(server: S): Promise<Loopback & { readonly server: S }> {
  const sockets = new Set<net.Socket>();
  let connections = 0;
  server.on('connection', (socket: net.Socket) => {
    connections++;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  closeAfterTest(close);
  return { port, url: `http://127.0.0.1:${port}`, connections: () => connections, close, server };
}

/** A port on which nothing listens. */
export async function freePort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** An HTTP proxy that digs CONNECT tunnels; `allow` may refuse with a status. */
export async function listenProxy(
  allow: (request: http.IncomingMessage) => number = () => 200,
): Promise<Loopback & { readonly tunnels: string[] }> {
  const tunnels: string[] = [];
  const server = http.createServer();
  server.on('connect', (request, client: net.Socket) => {
    const status = allow(request);
    tunnels.push(request.url ?? '');
    if (status !== 200) {
      client.end(`HTTP/1.1 ${status} Refused\r\n\r\n`);
      return;
    }
    const [host = '', port = ''] = (request.url ?? '').split(':');
    const upstream = net.connect(Number(port), host, () => client.write('HTTP/1.1 200 OK\r\n\r\n'));
    upstream.on('error', () => client.destroy());
    client.on('error', () => upstream.destroy());
    client.on('close', () => upstream.destroy());
    upstream.pipe(client).pipe(upstream);
  });
  return { ...(await listen(server)), tunnels };
}
