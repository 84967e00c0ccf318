import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const TSX = import.meta.resolve('tsx');

/** A gateway in a process of its own. */
export interface Run {
  readonly child: ChildProcess;
  /** Everything written so far, both streams. */
  readonly output: () => string;
  /** Resolves when `pattern` has been written; rejects when the process ends before. */
  readonly wrote: (pattern: RegExp) => Promise<void>;
  readonly exit: Promise<number | null>;
}

/** Starts the gateway in `folder` on any free port, with nothing else in its environment. */
export function startProcess(folder: string, env: Readonly<Record<string, string>> = {}): Run {
  const child = spawn(process.execPath, ['--import', TSX, MAIN], {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: folder, PORT: '0', LOG_FORMAT: 'json', ...env },
  });
  let output = '';
  const watchers = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8');
      for (const look of watchers) look();
    });
  }
  const exit = once(child, 'close').then(([code]) => code as number | null);
  const wrote = (pattern: RegExp): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (!pattern.test(output)) return;
        watchers.delete(look);
        resolve();
      };
      watchers.add(look);
      look();
      void exit.then(() => reject(new Error(`ended before it wrote ${String(pattern)}:\n${output}`)));
    });
  return { child, output: () => output, wrote, exit };
}
