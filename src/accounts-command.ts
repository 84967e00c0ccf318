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

async function readText(file: string): Promise<string> {
  if (file === '-') return readStream(process.stdin);
  return readFile(file, 'utf8').catch((error: unknown) => {
    throw new Error(`${file} cannot be read (${errorCode(error)})`, { cause: error });
  });
}

async function run(): Promise<number> {
  process.stdout.on('error', () => process.exit(1)); // whoever read it has seen enough
  const output = createOutput(write, writeError);
  const parts = composeCli(writeError);
  if ('mistakes' in parts) {
    output.note(['accounts:', ...parts.mistakes.map((mistake) => `  ${mistake}`)].join('\n'));
    return 1;
  }
  const isInteractive = process.stdin.isTTY && process.stdout.isTTY;
  const { ask } = createClackTerminal({ write, columns: () => process.stdout.columns }, systemClock);
  const code = await runAccounts(process.argv.slice(2), {
    ...parts,
    readStates: () => readStates(parts.statesFile),
    readText,
    output,
    ask: isInteractive ? ask : undefined,
  });
  parts.close();
  return code;
}

process.exitCode = await run();
