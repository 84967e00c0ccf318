import { mkdir, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode, findText, syncDirectory, writeSynced } from '../disk/disk.ts';
import type { WithLock } from '../disk/file-lock.ts';
import { GatewayError } from '../kernel/gateway-error.ts';
import type { Clock, Logger } from '../kernel/ports.ts';
import type { AccountPool, AccountStates } from './account-pool.ts';
import { keepRecent, mergeStates } from './merge-states.ts';
import { findStates, writeStates } from './state-json.ts';

export interface StateFileDeps {
  readonly path: string;
  readonly withLock: WithLock;
  readonly pool: Pick<AccountPool, 'snapshot' | 'restore' | 'isMember'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Keeps what is known of the accounts on the disk, where several servers add to it. Nothing of it ever throws. */
export interface StateFile {
  /** Gives the pool what is remembered; a file that cannot be read is put aside. */
  readonly load: () => Promise<void>;
  /** Something has changed: it is written within five seconds, together with what else changes until then. */
  readonly save: () => void;
  /** Writes what is not yet written; nothing is written afterwards. */
  readonly stop: () => Promise<void>;
}

const EVERY_MS = 5000;
const NOBODY: AccountStates = new Map<string, never>([]);

interface State {
  readonly deps: StateFileDeps;
  /** What was on the disk when it was last touched. */
  base: AccountStates;
  isDirty: boolean;
  isFailing: boolean;
  isStopped: boolean;
  cancelTimer: (() => void) | undefined;
  running: Promise<void> | undefined;
}

export function createStateFile(deps: StateFileDeps): StateFile {
  const state: State = {
    deps,
    base: NOBODY,
    isDirty: false,
    isFailing: false,
    isStopped: false,
    cancelTimer: undefined,
    running: undefined,
  };
  return {
    load: async () => {
      await attempt(state, () => exclusively(state, load));
    },
    save: () => {
      state.isDirty = true;
      schedule(state);
    },
    stop: async () => {
      state.isStopped = true;
      state.cancelTimer?.();
      await state.running;
      if (state.isDirty) await flush(state);
    },
  };
}

/** What is known of the accounts, for readers beside the server; nothing where the file cannot be read. */
export async function readStates(path: string): Promise<AccountStates> {
  const text = await findText(path).catch(() => undefined);
  return findStates(text ?? '') ?? NOBODY;
}

function schedule(state: State): void {
  if (state.isStopped || state.cancelTimer !== undefined || state.running !== undefined) return;
  state.cancelTimer = state.deps.clock.after(EVERY_MS, () => {
    state.cancelTimer = undefined;
    state.running = flush(state).finally(() => {
      state.running = undefined;
      if (state.isDirty) schedule(state);
    });
  });
}

async function flush(state: State): Promise<void> {
  state.isDirty = false;
  const isDone = await attempt(state, () => exclusively(state, write));
  if (!isDone) state.isDirty = true;
}

/** One warning for a whole run of failures: a full disk must not fill the log as well. */
async function attempt(state: State, action: () => Promise<void>): Promise<boolean> {
  const { logger, path } = state.deps;
  try {
    await action();
    state.isFailing = false;
    return true;
  } catch (error) {
    const fault = error instanceof GatewayError ? error.message : errorCode(error);
    if (!state.isFailing) {
      logger.warn({ file: path }, `${path} cannot be kept (${fault}); the statistics stay in memory`);
    }
    state.isFailing = true;
    return false;
  }
}

async function exclusively(state: State, action: (state: State) => Promise<void>): Promise<void> {
  const { path, withLock } = state.deps;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await withLock(path, () => action(state));
}

async function load(state: State): Promise<void> {
  state.base = (await findGood(state)) ?? NOBODY;
  state.deps.pool.restore(state.base);
}

async function write(state: State): Promise<void> {
  const { path, pool, clock } = state.deps;
  const theirs = (await findGood(state)) ?? state.base;
  const ours = pool.snapshot();
  const merged = keepRecent(mergeStates(state.base, ours, theirs), pool.isMember, clock.now());
  const temporary = `${path}.tmp`;
  await writeSynced(temporary, writeStates(merged));
  await rename(temporary, path);
  await syncDirectory(dirname(path));
  pool.restore(merged, ours);
  state.base = merged;
}

/** What the file holds. One that is not readable is put aside, so that its owner can look at it. */
async function findGood({ deps }: State): Promise<AccountStates | undefined> {
  const { path, logger } = deps;
  const text = await findText(path);
  if (text === undefined) return undefined;
  const states = findStates(text);
  if (states !== undefined) return states;
  await rename(path, `${path}.broken`);
  logger.warn({ file: path }, `${path} is not readable; it is kept as ${path}.broken, a new one is begun`);
  return undefined;
}
