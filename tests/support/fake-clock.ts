import type { Clock } from '../../src/kernel/ports.ts';

/** A clock that stands still until it is told to go on. */
export interface FakeClock extends Clock {
  /** Moves time on by `ms`, running what falls due on the way, in the order of its due time. */
  readonly advance: (ms: number) => void;
  /** How many calls are waiting. */
  readonly pending: () => number;
}

interface Timer {
  dueAt: number;
  readonly periodMs: number | undefined;
  readonly run: () => void;
}

/** @param startAt - Unix milliseconds. */
export function createFakeClock(startAt = 1_700_000_000_000): FakeClock {
  const timers = new Set<Timer>();
  let now = startAt;
  const add = (timer: Timer): (() => void) => {
    timers.add(timer);
    return () => {
      timers.delete(timer);
    };
  };
  const fire = (timer: Timer): void => {
    now = timer.dueAt;
    if (timer.periodMs === undefined) timers.delete(timer);
    else timer.dueAt += timer.periodMs;
    timer.run();
  };
  return {
    now: () => now,
    after: (delayMs, run) => add({ dueAt: now + Math.max(0, delayMs), periodMs: undefined, run }),
    every: (periodMs, run) => {
      const period = Math.max(1, periodMs); // a period of nothing would never let `advance` end
      return add({ dueAt: now + period, periodMs: period, run });
    },
    advance: (ms) => {
      const until = now + ms;
      for (let timer = findNext(timers, until); timer !== undefined; timer = findNext(timers, until)) {
        fire(timer);
      }
      now = until;
    },
    pending: () => timers.size,
  };
}

const findNext = (timers: ReadonlySet<Timer>, until: number): Timer | undefined =>
  [...timers].filter(({ dueAt }) => dueAt <= until).sort((a, b) => a.dueAt - b.dueAt)[0];
