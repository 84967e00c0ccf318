import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Where a server listens, as an address a person can open. */
function addressOf(server: Server): string {
  const { address, port, family } = server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

/**
 * Listens, or says in one line why that is impossible.
 *
 * @returns the address; rejects with an Error whose message is meant for the owner.
 */
export function listen(server: Server, port: number, host: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const refused = (error: NodeJS.ErrnoException): void => reject(new Error(explain(error, port, host)));
    server.once('error', refused);
    server.listen(port, host, () => {
      server.off('error', refused);
      resolve(addressOf(server));
    });
  });
}

function explain({ code, message }: NodeJS.ErrnoException, port: number, host: string): string {
  switch (code) {
    case 'EADDRINUSE':
      return `port ${port} on ${host} is in use: stop the other program, or choose another port (PORT or "port" in config.json)`;
    case 'EACCES':
      return `port ${port} needs more rights than this user has: choose a port above 1023`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `HOST ${host} is not an address of this machine`;
    default:
      return `cannot listen on ${host}:${port}: ${message}`;
  }
}
