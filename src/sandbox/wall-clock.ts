import type { Clock } from '../kernel/ports.ts';

/** As much of time as the sandbox needs. */
export type SandboxClock = Pick<Clock, 'now' | 'after'>;

/** The time of this machine. */
export const wallClock: SandboxClock = {
  now: () => Date.now(),
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};
