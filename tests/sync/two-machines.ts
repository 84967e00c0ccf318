import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { makeRoom } from '../support/temporary-room.ts';
import { PROJECT } from './build-project.ts';
import { findProgram, requireProgram, startSecureShell } from './secure-shell.ts';
import type { SecureShell } from './secure-shell.ts';

/** Why the script cannot be tried on this machine; never a reason where every test has to run. */
export const isUntestable =
  process.platform === 'win32' || (process.env['CI'] === undefined && findProgram('sshd') === undefined);

type Variables = Readonly<Record<string, string | undefined>>;

/** An entry of an accounts file, as far as the tests look at it. */
export type Entry = Readonly<Record<string, unknown>>;

/** The outcome of a run in which nothing went wrong. */
export const DONE: Outcome = { status: 0, output: expect.stringMatching(/\n$/) as string };

/** A directory that holds droid2api on one of the machines. */
export interface Side {
  readonly folder: string;
  /** Where this machine looks for programs; holds nothing that was not put there. */
  readonly bin: string;
  readonly writeAccounts: (...entries: readonly Entry[]) => void;
  readonly readAccounts: () => readonly Entry[];
  readonly textOf: (name: string) => string;
  readonly modeOf: (name: string) => number;
  /** Puts a program of the tests' own onto the PATH: the text of a shell script. */
  readonly program: (name: string, script: string) => void;
}

export interface Outcome {
  readonly status: number | null;
  /** Everything it wrote, to either stream. */
  readonly output: string;
}

export interface TwoMachines {
  readonly near: Side;
  /** Its name holds a blank and every kind of quote. */
  readonly far: Side;
  readonly ssh: SecureShell;
  /** Runs the script at the near side; `settings` go over those that make it work, `undefined` takes one away. */
  readonly sync: (args?: readonly string[], settings?: Variables) => Promise<Outcome>;
}

const NEAR_TOOLS = ['sh', 'cat', 'dirname', 'basename', 'id', 'tr', 'wc'];
const FAR_TOOLS = ['cat', 'dd', 'dirname', 'tail', 'grep', 'ps', 'env', 'test'];

/** Two machines with a built droid2api each, one of which can log in at the other; `shell` is the login shell there. */
export async function connectTwoMachines(built: string, shell = 'sh'): Promise<TwoMachines> {
  const room = await makeRoom();
  const near = makeSide(join(room, 'near'), built, join(room, 'near-bin'), NEAR_TOOLS);
  const far = makeSide(join(room, `it's the "far" $side`), built, join(room, 'far-bin'), FAR_TOOLS);
  cpSync(join(PROJECT, 'sync-accounts.sh'), join(near.folder, 'sync-accounts.sh'));
  mkdirSync(join(room, 'home'));
  // Start-up files of whoever runs the tests could bring programs that the test wants missing.
  far.program('sh', 'if [ "$1" = -lc ]; then exit 127; fi; exec /bin/sh "$@"');
  far.program('login-shell', 'exit 127');
  const ssh = await startSecureShell(room, requireProgram(shell), {
    PATH: far.bin,
    HOME: join(room, 'home'),
    SHELL: join(far.bin, 'login-shell'),
  });
  symlinkSync(ssh.client, join(near.bin, 'ssh'));
  const sync: TwoMachines['sync'] = (args = [], settings = {}) =>
    runScript(join(near.folder, 'sync-accounts.sh'), args, {
      PATH: near.bin,
      HOME: join(room, 'home'),
      SYNC_SERVER: 'far-side',
      SYNC_REMOTE_PATH: far.folder,
      ...settings,
    });
  return { near, far, ssh, sync };
}

function makeSide(folder: string, built: string, bin: string, tools: readonly string[]): Side {
  mkdirSync(folder);
  mkdirSync(bin);
  for (const name of ['dist', 'node_modules', 'package.json'])
    symlinkSync(join(built, name), join(folder, name));
  for (const name of tools) symlinkSync(requireProgram(name), join(bin, name));
  symlinkSync(process.execPath, join(bin, 'node'));
  const textOf = (name: string): string => readFileSync(join(folder, name), 'utf8');
  return {
    folder,
    bin,
    writeAccounts: (...accounts) =>
      writeFileSync(join(folder, 'accounts.json'), JSON.stringify({ version: 1, accounts }), { mode: 0o600 }),
    readAccounts: () => (JSON.parse(textOf('accounts.json')) as { accounts: Entry[] }).accounts,
    textOf,
    modeOf: (name) => statSync(join(folder, name)).mode & 0o777,
    program: (name, script) => {
      // What is there may be a link to the program of that name on the machine that runs the tests.
      rmSync(join(bin, name), { force: true });
      writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755, flag: 'wx' });
    },
  };
}

function runScript(script: string, args: readonly string[], env: Variables): Promise<Outcome> {
  // A session of its own has no terminal, so ssh has nobody to ask.
  const child = spawn(script, args, { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, output }));
  });
}
