import type { Server } from 'node:http';
import type { Clock, Logger } from './kernel/ports.ts';

/** A connection that falls idle while we wait is closed this soon. */
const SWEEP_MS = 250;

/**
 * Stops accepting and waits until the running requests are over, at most `drainMs`. The promise tells whether all of
 * them ended by themselves.
 */
export function drain(server: Server, clock: Clock, drainMs: number, logger: Logger): Promise<boolean> {
  return new Promise((resolve) => {
    const settle = (complete: boolean): void => {
      stopWaiting();
      stopSweeping();
      resolve(complete);
    };
    const stopWaiting = clock.after(drainMs, () => {
      logger.warn({}, `requests are still running after ${drainMs / 1000} s: closing them`);
      server.closeAllConnections();
      settle(false);
    });
    const stopSweeping = clock.every(SWEEP_MS, () => server.closeIdleConnections());
    server.close(() => settle(true));
    server.closeIdleConnections();
  });
}
