import type { Server } from 'node:http';
import type { Clock, Logger } from './kernel/ports.ts';

/**
 * Stops accepting and waits until the running requests are over, at most `drainMs`. The promise tells whether all of
 * them ended by themselves.
 */
export function drain(server: Server, clock: Clock, drainMs: number, logger: Logger): Promise<boolean> {
  return new Promise((resolve) => {
    const stop = clock.after(drainMs, () => {
      logger.warn({}, `requests are still running after ${drainMs / 1000} s: closing them`);
      server.closeAllConnections();
      resolve(false);
    });
    server.close(() => {
      stop();
      resolve(true);
    });
    server.closeIdleConnections();
  });
}
