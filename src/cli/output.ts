import { printableLines } from './printable.ts';

/** Where a command speaks; what people read is stripped of control characters and ends its line. */
export interface Output {
  /** What was asked for. */
  readonly print: (text: string) => void;
  /** The same for a program: as it is. */
  readonly data: (text: string) => void;
  /** What has to be said beside it. */
  readonly note: (text: string) => void;
}

export function createOutput(write: (text: string) => void, writeError: (text: string) => void): Output {
  return {
    print: (text) => write(`${printableLines(text)}\n`),
    data: write,
    note: (text) => writeError(`${printableLines(text)}\n`),
  };
}
