import type { Logger } from '../kernel/ports.ts';
import { printable } from './printable.ts';

/** What the rooms below have to tell a person: warnings and errors, a line each; the rest is for servers. */
export function createTerminalLogger(write: (line: string) => void): Logger {
  const tell =
    (word: string) =>
    (_fields: unknown, message: string): void =>
      write(`${word}: ${printable(message)}\n`);
  const logger: Logger = {
    debug: () => undefined,
    info: () => undefined,
    warn: tell('Warning'),
    error: tell('Error'),
    child: () => logger,
  };
  return logger;
}
