import { confirm, intro, isCancel, log, note, outro } from '@clack/prompts';
import type { Clock } from '../kernel/ports.ts';
import { printableLines } from './printable.ts';
import { startSpinnerLine } from './spinner-line.ts';
import type { Screen } from './spinner-line.ts';
import type { Terminal, Tone } from './terminal.ts';

interface ClackScreen extends Screen {
  /** Takes every question away, as if the person had left. */
  readonly signal?: AbortSignal;
  /** What Enter alone says; yes unless told. */
  readonly enterSays?: boolean;
}

/** A conversation with a person at a terminal. */
export function createClackTerminal(screen: ClackScreen, clock: Clock): Terminal {
  const say = (tone: Tone, text: string): void => log[tone](printableLines(text));
  return {
    intro: (title) => intro(printableLines(title)),
    box: (title, lines) =>
      note(printableLines(lines.join('\n')), printableLines(title), { format: (line) => line }),
    say,
    spin: (text) => {
      const line = startSpinnerLine(text, screen, clock);
      return {
        update: line.update,
        end: (tone, last) => {
          line.clear();
          say(tone, last);
        },
      };
    },
    ask: async (question) => {
      const { signal, enterSays = true } = screen;
      const answer = await confirm({
        message: printableLines(question),
        initialValue: enterSays,
        ...(signal && { signal }),
      });
      return isCancel(answer) ? undefined : answer;
    },
    outro: (text) => outro(printableLines(text)),
  };
}
