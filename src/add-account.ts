import { addAccounts } from './cli/add-account.ts';
import type { AddAccountOptions } from './cli/add-account-options.ts';
import { ADD_ACCOUNT_HELP, readAddAccountArguments } from './cli/add-account-options.ts';
import { createClackTerminal } from './cli/clack-terminal.ts';
import { createOpenBrowser } from './cli/open-browser.ts';
import { createPlainTerminal } from './cli/plain-terminal.ts';
import { composeCli } from './compose-cli.ts';
import { readSurroundings } from './config/read-env.ts';
import { systemClock, systemRandom } from './system-ports.ts';

const write = (text: string): void => void process.stdout.write(text);
const writeError = (text: string): void => void process.stderr.write(text);
const DEFAULT_COLUMNS = 80;
const INTERRUPTED = 130;

async function add(options: AddAccountOptions): Promise<number> {
  const parts = composeCli(writeError);
  if ('mistakes' in parts) {
    writeError(`add-account:\n${parts.mistakes.map((mistake) => `  ${mistake}\n`).join('')}`);
    return 1;
  }
  const leaving = listenForLeaving();
  const code = await addAccounts(options, {
    ...parts,
    terminal:
      process.stdin.isTTY && process.stdout.isTTY ? createScreen(leaving.signal) : createPlainTerminal(write),
    openBrowser: createOpenBrowser(readSurroundings(), async () => (await import('open')).default),
    random: systemRandom,
    signal: leaving.signal,
  });
  parts.close();
  if (leaving.isHungUp()) {
    process.removeAllListeners('SIGHUP'); // those of libraries too: without its terminal an orderly exit crashes Node.js
    process.kill(process.pid, 'SIGHUP');
  }
  if (leaving.signal.aborted) process.exit(code); // a call that nobody waits for any more may still be under way
  return code;
}

interface Leaving {
  readonly signal: AbortSignal;
  /** The terminal is gone. */
  readonly isHungUp: () => boolean;
}

/** The first signal lets whatever has been approved be saved, and so does a reader who goes; the second ends at once. */
function listenForLeaving(): Leaving {
  const leaving = new AbortController();
  let first: NodeJS.Signals | undefined;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (first !== undefined) process.exit(INTERRUPTED);
      first = signal;
      leaving.abort();
    });
  }
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => leaving.abort());
  return { signal: leaving.signal, isHungUp: () => first === 'SIGHUP' };
}

function createScreen(signal: AbortSignal): ReturnType<typeof createClackTerminal> {
  // Some containers hand over a terminal before it has a size.
  if (process.stdout.columns === 0) process.stdout.columns = DEFAULT_COLUMNS;
  return createClackTerminal({ write, columns: () => process.stdout.columns, signal }, systemClock);
}

function run(): Promise<number> | number {
  const command = readAddAccountArguments(process.argv.slice(2));
  switch (command.kind) {
    case 'help':
      write(ADD_ACCOUNT_HELP);
      return 0;
    case 'wrong':
      writeError(`add-account: ${command.reason}\n\n${ADD_ACCOUNT_HELP}`);
      return 2;
    case 'run':
      return add(command.options);
  }
}

process.exitCode = await run();
