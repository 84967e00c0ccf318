import type { Clock } from '../kernel/ports.ts';

/** One clock for all open streams, so that no event and no stream needs a timer of its own. */
export interface Pulse {
  /** Calls `tick` with the time in Unix milliseconds, several times within every heartbeat; returns how to stop. */
  readonly join: (tick: (now: number) => void) => () => void;
  /** Milliseconds between two ticks. */
  readonly periodMs: number;
}

/** Beats every `periodMs`, and only while someone listens. */
export function createPulse(clock: Clock, periodMs: number): Pulse {
  const ticks = new Set<(now: number) => void>();
  let stop: (() => void) | undefined;
  const beat = (): void => {
    const now = clock.now();
    for (const tick of ticks) tick(now);
  };
  return {
    periodMs,
    join: (tick) => {
      ticks.add(tick);
      stop ??= clock.every(periodMs, beat);
      return () => {
        ticks.delete(tick);
        if (ticks.size > 0) return;
        stop?.();
        stop = undefined;
      };
    },
  };
}
