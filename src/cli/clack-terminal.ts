import { confirm, intro, isCancel, log, note, outro } from '@clack/prompts';
import type { Clock } from '../kernel/ports.ts';
import { printableLines } from './printable.ts';
import { startSpinnerLine } from './spinner-line.ts';
import type { Screen } from './spinner-line.ts';
import type { Terminal, Tone } from './terminal.ts';

/** A conversation with a person at a terminal. */
export function createClackTerminal(screen: Screen, clock: Clock): Terminal {
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
      const answer = await confirm({ message: printableLines(question) });
      return isCancel(answer) ? undefined : answer;
    },
    outro: (text) => outro(printableLines(text)),
  };
}
