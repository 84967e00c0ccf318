import { readFile } from 'node:fs/promises';
import { text as readStream } from 'node:stream/consumers';
import { readStates } from './accounts/state-file.ts';
import { runAccounts } from './cli/accounts.ts';
import { createClackTerminal } from './cli/clack-terminal.ts';
import { createOutput } from './cli/output.ts';
import { composeCli } from './compose-cli.ts';
import { errorCode } from './disk/disk.ts';
import { systemClock } from './system-ports.ts';

const write = (text: string): void => void process.stdout.write(text);
const writeError = (text: string): void => void process.stderr.write(text);
const INTERRUPTED = 130;

async function readText(file: string): Promise<string> {
  if (file === '-') return readStream(process.stdin);
  return readFile(file, 'utf8').catch((error: unknown) => {
    throw new Error(`${file} cannot be read (${errorCode(error)})`, { cause: error });
  });
}

/** Puts off the first signal until `work` is done; a second one ends the process at once. */
async function uninterrupted<T>(work: () => Promise<T>, onSignal: () => void): Promise<T> {
  let isWarned = false;
  const hear = (): void => {
    if (isWarned) process.exit(INTERRUPTED);
    isWarned = true;
    onSignal();
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, hear);
  try {
    return await work();
  } finally {
    for (const signal of signals) process.off(signal, hear);
  }
}

async function run(): Promise<number> {
  process.stdout.on('error', () => process.exit(1)); // whoever read it has seen enough
  process.stderr.on('error', () => undefined);
  const output = createOutput(write, writeError);
  const parts = composeCli(writeError);
  if ('mistakes' in parts) {
    output.note(['accounts:', ...parts.mistakes.map((mistake) => `  ${mistake}`)].join('\n'));
    return 1;
  }
  const isInteractive = process.stdin.isTTY && process.stdout.isTTY;
  const screen = { write, columns: () => process.stdout.columns, enterSays: false };
  const { ask } = createClackTerminal(screen, systemClock);
  const code = await runAccounts(process.argv.slice(2), {
    ...parts,
    readStates: () => readStates(parts.statesFile),
    readText,
    output,
    uninterrupted: (work) =>
      uninterrupted(work, () =>
        output.note('One moment, new tokens are on their way; once more to end at once.'),
      ),
    ask: isInteractive ? ask : undefined,
  });
  parts.close();
  return code;
}

process.exitCode = await run();
