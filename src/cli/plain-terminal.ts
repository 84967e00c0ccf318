import { printableLines } from './printable.ts';
import type { Terminal, Tone } from './terminal.ts';

const MARKS: Readonly<Record<Tone, string>> = { info: '', success: '', warn: 'Warning: ', error: 'Error: ' };

/** A conversation for pipes and logs: one line after the other, no colours, no questions. */
export function createPlainTerminal(write: (line: string) => void): Terminal {
  const line = (text: string): void => write(`${printableLines(text)}\n`);
  const say = (tone: Tone, text: string): void => line(`${MARKS[tone]}${text}`);
  return {
    intro: line,
    box: (title, lines) => {
      line(`${title}:`);
      for (const text of lines) line(`  ${text}`);
    },
    say,
    spin: (text) => {
      line(`${text} …`);
      return { update: () => undefined, end: say };
    },
    ask: () => Promise.resolve(false),
    outro: line,
  };
}
