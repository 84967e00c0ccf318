import { readdir, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { resolveTarget } from '../disk/disk.ts';
import { createFileLock } from '../disk/file-lock.ts';
import type { FileLockDeps, WithLock } from '../disk/file-lock.ts';
import { hashText } from '../disk/journal.ts';

/** Runs `action` while nobody else, here or in another process, refreshes this account of the file. */
export function createAccountLock(
  path: string,
  id: string,
  deps: FileLockDeps,
): <T>(action: () => Promise<T>) => Promise<T> {
  const withLock: WithLock = createFileLock(deps); // its own, so that a slow refresh of one holds up no other
  return async (action) => withLock(`${await resolveTarget(path)}.${lockName(id)}`, action);
}

/** Ids come from a file that anyone may have written: what could lead out of the directory is hashed. */
const lockName = (id: string): string => (/^[\w-]{1,64}$/.test(id) ? id : hashText(id).slice(0, 16));

/** A live holder touches its lock every two seconds. */
const DEAD_MS = 60_000;

/** Clears away the locks that refreshes which were killed have left of accounts that are no more. Never rejects. */
export async function sweepAccountLocks(path: string, ids: readonly string[], now: number): Promise<void> {
  try {
    const target = await resolveTarget(path);
    const prefix = `${basename(target)}.`;
    const kept = new Set(
      ['', ...ids.map(lockName)].map((name) => (name === '' ? `${prefix}lock` : `${prefix}${name}.lock`)),
    );
    const names = await readdir(dirname(target));
    const left = names.filter((name) => name.startsWith(prefix) && name.endsWith('.lock') && !kept.has(name));
    await Promise.all(left.map((name) => removeDead(join(dirname(target), name), now)));
  } catch {
    // An empty directory that stays behind does no harm.
  }
}

async function removeDead(lock: string, now: number): Promise<void> {
  const { mtimeMs } = await stat(lock);
  if (now - mtimeMs > DEAD_MS) await rm(lock, { recursive: true, force: true });
}
