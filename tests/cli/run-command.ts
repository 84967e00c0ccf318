import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { stripVTControlCharacters } from 'node:util';
import { fileURLToPath } from 'node:url';
import { closeAfterTest } from '../support/loopback.ts';

/** Of util-linux: runs a command on a pseudo-terminal. */
const SCRIPT = 'script';
const TSX = import.meta.resolve('tsx');

/** A command under way in a process of its own. */
export interface CommandRun {
  /** Everything that is on the screen, or was. */
  readonly screen: () => string;
  /** Resolves when `pattern` has been written since the last call. */
  readonly shows: (pattern: RegExp) => Promise<void>;
  readonly type: (keys: string) => void;
  /** Ends what it reads from. */
  readonly endInput: () => void;
  /** Stops reading what it writes. */
  readonly stopReading: () => void;
  /** Sends a signal to the command itself. */
  readonly signal: (name: NodeJS.Signals) => void;
  readonly exit: Promise<number | null>;
}

export interface CommandPlace {
  /** The working directory. */
  readonly room: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Why nothing can be run on a terminal here; in CI it has to be possible. */
export const noTerminal = (): string | undefined =>
  process.env['CI'] !== 'true' && spawnSync(SCRIPT, ['--version']).error !== undefined
    ? 'there is no `script` of util-linux'
    : undefined;

const argumentsOf = (file: string, args: readonly string[]): string[] => [
  '--import',
  TSX,
  fileURLToPath(new URL(`../../${file}`, import.meta.url)),
  ...args,
];

/** Runs a file of the project with its streams in pipes. */
export const runInPipes = (file: string, args: readonly string[], place: CommandPlace): CommandRun =>
  start(process.execPath, argumentsOf(file, args), place);

/** Runs it on a terminal of its own, 100 columns wide. */
export function runOnTerminal(file: string, args: readonly string[], place: CommandPlace): CommandRun {
  const words = [process.execPath, ...argumentsOf(file, args)].map((word) => `'${word}'`);
  return start(
    SCRIPT,
    ['-qfec', `stty cols 100 rows 40; echo pid=$$; exec ${words.join(' ')}`, '/dev/null'],
    place,
  );
}

function start(command: string, args: readonly string[], { room, env = {} }: CommandPlace): CommandRun {
  const child = spawn(command, args, {
    cwd: room,
    env: { PATH: process.env['PATH'], HOME: room, TERM: 'xterm', LANG: 'C.UTF-8', SHELL: '/bin/sh', ...env },
  });
  let output = '';
  let read = 0;
  const watchers = new Set<() => void>();
  const hear = (chunk: Buffer): void => {
    output += chunk.toString('utf8');
    for (const look of watchers) look();
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  child.stdin.on('error', () => undefined);
  const exit = once(child, 'close').then(([code]) => code as number | null);
  closeAfterTest(async () => {
    child.kill('SIGKILL');
    await exit;
  });
  const shows = (pattern: RegExp): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const text = output.slice(read);
        const found = pattern.exec(text);
        if (found === null) return;
        read += found.index + found[0].length;
        watchers.delete(look);
        resolve();
      };
      watchers.add(look);
      look();
      void exit.then(() => reject(new Error(`ended before it showed ${String(pattern)}:\n${output}`)));
    });
  return {
    screen: () => stripVTControlCharacters(output),
    shows,
    type: (keys) => void child.stdin.write(keys),
    endInput: () => void child.stdin.end(),
    stopReading: () => {
      child.stdout.destroy();
      child.stderr.destroy();
    },
    // On a terminal it is a grandchild of ours, which tells its number first.
    signal: (name) => process.kill(Number(/^pid=(\d+)/.exec(output)?.[1] ?? child.pid), name),
    exit,
  };
}
