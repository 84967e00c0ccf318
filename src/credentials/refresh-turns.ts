import type { Clock } from '../kernel/ports.ts';

/** A place in the queue. */
export interface RefreshTurn {
  /** Resolves when the refresh is over, or its turn was given up. Never rejects. */
  readonly done: Promise<void>;
  /** Leaves the queue; does nothing once the turn has come. */
  readonly giveUp: () => void;
}

/** Spaces out the refreshes that nobody waits for, so that many logins do not go to WorkOS in one breath. */
export interface RefreshTurns {
  /** Runs `refresh` when its turn has come: urgent ones first, then in the order of asking. */
  readonly request: (refresh: () => Promise<void>, isUrgent: boolean) => RefreshTurn;
}

/** For a login that has no others beside it: its turn comes at once. */
export const noTurns: RefreshTurns = {
  request: (refresh) => ({ done: refresh(), giveUp: () => undefined }),
};

const AT_ONCE = 2;
const APART_MS = 250;

interface Waiting {
  readonly isUrgent: boolean;
  readonly run: () => Promise<void>;
}

/** At most two refreshes at once, begun at least a quarter of a second apart. */
export function createRefreshTurns({ clock }: { readonly clock: Clock }): RefreshTurns {
  const waiting: Waiting[] = [];
  let running = 0;
  let mayBeginAt = -Infinity;
  let cancelTimer: (() => void) | undefined;

  const advance = (): void => {
    cancelTimer?.();
    cancelTimer = undefined;
    if (running >= AT_ONCE || waiting.length === 0) return;
    const waitMs = Math.min(mayBeginAt - clock.now(), APART_MS); // a clock that was set back must not stop the queue
    if (waitMs > 0) {
      cancelTimer = clock.after(waitMs, () => {
        mayBeginAt = -Infinity;
        advance();
      });
      return;
    }
    mayBeginAt = clock.now() + APART_MS;
    running += 1;
    const end = (): void => {
      running -= 1;
      advance();
    };
    void waiting.shift()?.run().then(end, end);
    advance();
  };

  return {
    request: (refresh, isUrgent) => {
      let finish = (): void => undefined;
      const done = new Promise<void>((resolve) => {
        finish = resolve;
      });
      const turn: Waiting = { isUrgent, run: () => refresh().finally(finish) };
      const place = isUrgent ? waiting.findIndex((other) => !other.isUrgent) : -1;
      waiting.splice(place === -1 ? waiting.length : place, 0, turn);
      advance();
      return {
        done,
        giveUp: () => {
          const index = waiting.indexOf(turn);
          if (index === -1) return;
          waiting.splice(index, 1);
          finish();
          advance();
        },
      };
    },
  };
}
