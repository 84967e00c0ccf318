import type { Terminal } from '../../src/cli/terminal.ts';

/** A terminal that writes down what it is told, and answers questions with what it was given, then with no. */
export interface FakeTerminal extends Terminal {
  readonly lines: string[];
}

export function createFakeTerminal(
  answers: readonly (boolean | undefined)[],
  onLine: (line: string) => void,
): FakeTerminal {
  const lines: string[] = [];
  const queue = [...answers];
  const add = (...words: readonly string[]): void => {
    const line = words.join(': ');
    lines.push(line);
    onLine(line);
  };
  return {
    lines,
    intro: (title) => add('intro', title),
    box: (title, inner) => add('box', title, inner.join(' | ')),
    say: add,
    spin: (text) => {
      add('spin', text);
      return { update: (next) => add('spin', next), end: add };
    },
    ask: (question) => {
      add('ask', question);
      return Promise.resolve(queue.length === 0 ? false : queue.shift());
    },
    outro: (text) => add('outro', text),
  };
}
