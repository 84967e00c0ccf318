import { rm, stat } from 'node:fs/promises';
import { join, basename } from 'node:path';
import { lock } from 'proper-lockfile';
import { GatewayError } from '../kernel/gateway-error.ts';
import type { Clock, Logger } from '../kernel/ports.ts';
import { errorCode } from './disk.ts';
import { hashText } from './journal.ts';

export interface FileLockDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Holds the lock of a file whose own directory cannot be written. */
  readonly fallbackDirectory: string;
}

/** Runs `action` while no other process, and no other action of this one, does the like for `target`. */
export type WithLock = <T>(target: string, action: () => Promise<T>) => Promise<T>;

/** A holder that died is recognised after this long; a live one touches its lock every two seconds. */
const STALE_MS = 8_000;
const TOUCH_MS = 2_000;
const POLL_MS = 100;
/** Longer than the slowest refresh: two tries of two tokens. */
const PATIENCE_MS = 90_000;

type Release = () => Promise<void>;

export function createFileLock(deps: FileLockDeps): WithLock {
  let last: Promise<unknown> = Promise.resolve();
  return (target, action) => {
    const turn = last.then(async () => {
      const release = await acquire(target, deps);
      try {
        return await action();
      } finally {
        await release().catch(() => undefined); // taken over as stale: no longer ours to give back
      }
    });
    last = turn.catch(() => undefined);
    return turn;
  };
}

async function acquire(target: string, deps: FileLockDeps): Promise<Release> {
  const deadline = deps.clock.now() + PATIENCE_MS;
  let sight: Sight | undefined;
  for (;;) {
    const attempt = await tryOnce(target, deps);
    if (typeof attempt !== 'string') return attempt;
    sight = await inspect(attempt, sight, deps.clock);
    if (deps.clock.now() >= deadline) {
      throw new GatewayError(
        'unavailable',
        `another process has been holding the lock of ${target} for long`,
      );
    }
    await new Promise<void>((done) => void deps.clock.after(POLL_MS, done));
  }
}

/** A lock in other hands, as it was last touched. Both Unix milliseconds. */
interface Sight {
  readonly touchedAt: number;
  readonly seenAt: number;
}

/**
 * Takes away a lock that seems to come from the future and that nobody touches: the clock was set back after its holder
 * died, so that its age will say nothing for as long.
 */
async function inspect(lockfile: string, last: Sight | undefined, clock: Clock): Promise<Sight | undefined> {
  const touchedAt = await stat(lockfile).then(
    ({ mtimeMs }) => mtimeMs,
    () => undefined,
  );
  // The times of files are the machine's own.
  if (touchedAt === undefined || touchedAt <= Date.now() + STALE_MS) return undefined;
  const now = clock.now();
  if (last === undefined || touchedAt !== last.touchedAt) return { touchedAt, seenAt: now };
  if (now - last.seenAt > STALE_MS) await rm(lockfile, { recursive: true, force: true });
  return last;
}

/** The way to give it back; else the path of the lock that someone else holds. */
async function tryOnce(
  target: string,
  { fallbackDirectory, logger }: FileLockDeps,
): Promise<Release | string> {
  const fallback = join(fallbackDirectory, `${basename(target)}.${hashText(target).slice(0, 8)}.lock`);
  const failures: string[] = [];
  for (const lockfilePath of [`${target}.lock`, fallback]) {
    try {
      return await lock(target, {
        lockfilePath,
        realpath: false,
        stale: STALE_MS,
        update: TOUCH_MS,
        onCompromised: () =>
          logger.warn({ file: target }, 'Lock lost: this process was stopped for too long'),
      });
    } catch (error) {
      if (errorCode(error) === 'ELOCKED') return lockfilePath;
      failures.push(errorCode(error));
    }
  }
  // A full or read-only disk must not end the service: alone, the gateway needs no lock.
  logger.warn({ file: target, failures }, 'No lock could be made: run no second gateway on this file');
  return () => Promise.resolve();
}
