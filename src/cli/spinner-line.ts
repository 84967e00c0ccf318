import type { Clock } from '../kernel/ports.ts';
import { printable } from './printable.ts';

/** The last line of a terminal, drawn again and again. */
export interface SpinnerLine {
  readonly update: (text: string) => void;
  /** Takes the line away. */
  readonly clear: () => void;
}

export interface Screen {
  readonly write: (text: string) => void;
  readonly columns: () => number;
}

const FRAMES = ['◒', '◐', '◓', '◑'];
const FRAME_MS = 120;
const ROOM_FOR_FRAME = 5;
const ERASE_LINE = '\r\u001b[2K';

/**
 * A spinner that leaves the keyboard alone, so that Ctrl-C stays a signal: the one of @clack/prompts ends the process
 * by itself, whatever is being saved at that moment.
 */
export function startSpinnerLine(text: string, screen: Screen, clock: Clock): SpinnerLine {
  let shown = text;
  let frame = 0;
  const draw = (): void => {
    const line = printable(shown).slice(0, Math.max(1, screen.columns() - ROOM_FOR_FRAME));
    screen.write(`${ERASE_LINE}${FRAMES[frame % FRAMES.length] ?? ''}  ${line}`);
  };
  draw();
  const stop = clock.every(FRAME_MS, () => {
    frame += 1;
    draw();
  });
  return {
    update: (next) => {
      shown = next;
    },
    clear: () => {
      stop();
      screen.write(ERASE_LINE);
    },
  };
}
