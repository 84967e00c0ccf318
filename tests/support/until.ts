import { setImmediate } from 'node:timers/promises';
import type { FakeClock } from '../support/fake-clock.ts';

const MANY_TURNS = 1_000_000;

/** Lets pending work go on until `isTrue`; fails after very many turns of the event loop. */
export async function until(isTrue: () => boolean): Promise<void> {
  for (let turn = 0; !isTrue(); turn += 1) {
    if (turn > MANY_TURNS) throw new Error('the awaited state never came');
    await setImmediate();
  }
}

/** Awaits work that waits for the clock as well, one millisecond a turn. */
export async function withTime<T>(clock: FakeClock, work: Promise<T>): Promise<T> {
  let isOver = false;
  const end = (): void => {
    isOver = true;
  };
  work.then(end, end);
  await until(() => {
    if (!isOver) clock.advance(1);
    return isOver;
  });
  return work;
}
