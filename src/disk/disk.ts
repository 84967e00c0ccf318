import { chmod, open, readFile, readlink, realpath, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

const OWNER_ONLY = 0o600;

/** The `code` of a system error, else its name; both are safe to show. */
export function errorCode(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown failure';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}

/** The text of a file; `undefined` when there is none. */
export async function findText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Where a write to `path` has to go: symbolic links are followed, also one whose target is still to be made. */
export async function resolveTarget(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
  const directory = await realpath(dirname(path)).catch(() => resolve(dirname(path)));
  const own = join(directory, basename(path));
  const link = await readlink(own).catch(() => undefined);
  return link === undefined ? own : resolveTarget(resolve(directory, link));
}

/** Writes a new file, readable by its owner alone, and waits until it is on the disk; a leftover of that name goes. */
export async function writeSynced(path: string, text: string, owner?: Owner): Promise<void> {
  await rm(path, { force: true });
  const file = await open(path, 'wx', OWNER_ONLY);
  try {
    await ignoring(OWNERSHIP, file.chmod(OWNER_ONLY));
    // A gateway that runs as root must not lock the user out of a file of theirs.
    if (owner !== undefined) await ignoring(OWNERSHIP, file.chown(owner.uid, owner.gid));
    await file.writeFile(text, 'utf8');
    await file.sync();
  } catch (error) {
    await rm(path, { force: true }).catch(() => undefined); // a full disk needs the room
    throw error;
  } finally {
    await file.close();
  }
}

export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** Opens an existing file for {@link FileHandle.truncate} and rewriting where it lies. */
export async function openInPlace(path: string): Promise<FileHandle> {
  await ignoring(OWNERSHIP, chmod(path, OWNER_ONLY));
  return open(path, 'r+');
}

/** Makes a rename durable, where the file system knows how to. */
export async function syncDirectory(path: string): Promise<void> {
  await ignoring(
    NO_DIRECTORY_SYNC,
    open(path, 'r').then((directory) => directory.sync().finally(() => directory.close())),
  );
}

const OWNERSHIP = ['EPERM', 'EACCES', 'EINVAL', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EROFS'];
const NO_DIRECTORY_SYNC = ['EPERM', 'EACCES', 'EINVAL', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EISDIR', 'EBADF'];

async function ignoring(codes: readonly string[], done: Promise<unknown>): Promise<void> {
  try {
    await done;
  } catch (error) {
    if (!codes.includes(errorCode(error))) throw error;
  }
}
