import { statSync } from 'node:fs';
import type { BigIntStats } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Clock } from '../kernel/ports.ts';
import { errorCode } from './disk.ts';

export interface WatchFileDeps {
  readonly clock: Clock;
  readonly everyMs?: number;
  /** Told after a change, once however much has changed since the last look; must not throw. */
  readonly onChange: () => void;
}

/**
 * Looks again and again whether a file was replaced, edited, made or removed, behind symbolic links too, or whether it
 * has become unreadable; what is read after this call is watched from there on. Asks instead of being told: mounted
 * single files, NFS and Docker Desktop bring no events. The returned function ends it.
 */
export function watchFile(path: string, { clock, everyMs = 1000, onChange }: WatchFileDeps): () => void {
  let seen = lookNow(path);
  let isLooking = false;
  let isOver = false;
  const compare = async (): Promise<void> => {
    isLooking = true;
    const state = await look(path);
    isLooking = false;
    if (isOver || state === seen) return;
    seen = state;
    onChange();
  };
  const stop = clock.every(everyMs, () => {
    if (!isLooking) void compare(); // a network disk may take longer than a period
  });
  return () => {
    isOver = true;
    stop();
  };
}

const EXACT = { bigint: true } as const;

/** Waits for the disk, this once: a look that ends later would miss what changes until then. */
function lookNow(path: string): string {
  try {
    return describe(statSync(path, EXACT));
  } catch (error) {
    return errorCode(error);
  }
}

const look = (path: string): Promise<string> => stat(path, EXACT).then(describe, errorCode);

const describe = ({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string =>
  [dev, ino, size, mtimeNs, ctimeNs].join(' ');
