import type { ServerResponse } from 'node:http';
import type { SandboxClock } from '../wall-clock.ts';
import type { AnswerPlan, Plan } from './plan.ts';

/** How fast the sandbox speaks. */
export interface Pace {
  readonly clock: SandboxClock;
  /** Milliseconds between two events; 0 is as fast as the socket takes them. */
  readonly delayMs: number;
  /** Milliseconds of silence where a plan wants it slow. */
  readonly slowMs: number;
}

/** Carries a plan out; resolves when nothing more will be written. A caller that left ends it early. */
export async function deliver(response: ServerResponse, plan: Plan, pace: Pace): Promise<void> {
  switch (plan.kind) {
    case 'silent':
      return;
    case 'reset':
      response.socket?.resetAndDestroy();
      return;
    case 'answer':
      await answer(response, plan, pace);
  }
}

async function answer(response: ServerResponse, plan: AnswerPlan, pace: Pace): Promise<void> {
  if (plan.isSlow === true) await wait(response, pace.clock, pace.slowMs);
  if (hasLeft(response)) return;
  response.writeHead(plan.status, headersOf(plan));
  if (plan.ending === 'finish' && plan.pieces.length <= 1) {
    response.end(plan.pieces[0]);
    return;
  }
  response.flushHeaders();
  await writePieces(response, plan, pace);
  if (plan.ending === 'finish') response.end();
  // Unlike destroy(), this lets what was written reach the caller first.
  if (plan.ending === 'cut') response.socket?.destroySoon();
}

async function writePieces(response: ServerResponse, plan: AnswerPlan, pace: Pace): Promise<void> {
  for (const [index, piece] of plan.pieces.entries()) {
    if (index > 0 && pace.delayMs > 0) await wait(response, pace.clock, pace.delayMs);
    if (index > 0 && plan.apart === true) await nextTurn();
    if (hasLeft(response)) return;
    if (!response.write(piece)) await drained(response);
  }
}

const hasLeft = (response: ServerResponse): boolean => response.destroyed;

const headersOf = (plan: AnswerPlan): Record<string, string | string[]> =>
  Object.fromEntries(
    Object.entries(plan.headers).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : [...value],
    ]),
  );

/** Node joins what is written in one turn of the event loop into one packet. */
const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function wait(response: ServerResponse, clock: SandboxClock, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.after(delayMs, () => {
      response.off('close', leave);
      resolve();
    });
    const leave = (): void => {
      cancel();
      resolve();
    };
    response.once('close', leave);
  });
}

/** The caller has read on, or has left. */
function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const go = (): void => {
      response.off('drain', go).off('close', go);
      resolve();
    };
    response.once('drain', go).once('close', go);
  });
}
