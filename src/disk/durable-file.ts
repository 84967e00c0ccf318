import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Logger } from '../kernel/ports.ts';
import { errorCode, findText, openInPlace, resolveTarget, syncDirectory, writeSynced } from './disk.ts';
import type { WithLock } from './file-lock.ts';
import { dropEntry, findEntry, hashText, isPending, isWhole, journalPath, writeEntry } from './journal.ts';

/** The moments of a write between which a crash may fall, in order; `truncated` and `overwritten` only in place. */
export type WriteStep =
  'started' | 'journal' | 'temporary' | 'renamed' | 'truncated' | 'overwritten' | 'synced' | 'done';

/** A JSON file of which, whatever crashes when, either the old or the new text can be read. */
export interface DurableFile {
  readonly path: string;
  /** The text, with a change that a crash interrupted; `undefined` when there is no file. Needs no lock. */
  readonly read: () => Promise<string | undefined>;
  /** Runs `action` while no other process does the same; an interrupted change is completed first. */
  readonly exclusively: <T>(action: (file: HeldFile) => Promise<T>) => Promise<T>;
}

/** The file in the hands of the one who holds its lock. */
export interface HeldFile {
  readonly read: () => Promise<string | undefined>;
  /**
   * Replaces the text. @throws Error, its message safe to show, when the disk does not take it, or when
   * {@link isOvertaken}.
   */
  readonly write: (text: string) => Promise<void>;
}

export interface DurableFileDeps {
  readonly path: string;
  /** Holds the journal; never the directory of a single mounted file, which dies with its container. */
  readonly journalDirectory: string;
  readonly withLock: WithLock;
  readonly logger: Logger;
  /** Called after every step of a write, before the next one: where a test pulls the plug. */
  readonly step?: (step: WriteStep) => void | Promise<void>;
}

const OVERTAKEN = 'EOVERTAKEN';

/** True when someone who knows of no lock, with an editor perhaps, has changed the file meanwhile: theirs stays. */
export const isOvertaken = (error: unknown): boolean => errorCode(error) === OVERTAKEN;

export function createDurableFile(deps: DurableFileDeps): DurableFile {
  return {
    path: deps.path,
    read: async () => (await look(deps)).text,
    exclusively: async (action) => {
      await mkdir(dirname(deps.path), { recursive: true, mode: 0o700 }).catch(() => undefined);
      return deps.withLock(await resolveTarget(deps.path), async () => {
        await complete(deps);
        return action(hold(deps));
      });
    },
  };
}

function hold(deps: DurableFileDeps): HeldFile {
  let seen: Sight | undefined;
  return {
    read: async () => {
      seen = await look(deps);
      return seen.text;
    },
    write: async (text) => {
      const before = seen;
      seen = undefined;
      await write(deps, text, before);
    },
  };
}

interface Sight {
  /** The text, with a change that a crash interrupted. */
  readonly text: string | undefined;
  /** What the file itself holds. */
  readonly own: string | undefined;
}

async function look({ path, journalDirectory }: DurableFileDeps): Promise<Sight> {
  const target = await resolveTarget(path);
  const entry = await findEntry(journalPath(journalDirectory, target));
  const own = await findText(target);
  if (entry !== undefined) return { text: isPending(entry, own) ? entry.text : own, own };
  if (own === undefined || isWhole(own)) return { text: own, own };
  // Perhaps caught in the middle of another process's writing: its journal is there by now, or the whole file is.
  const late = await findEntry(journalPath(journalDirectory, target));
  if (late !== undefined) return { text: late.text, own };
  const now = await findText(target);
  return { text: now, own: now };
}

/** Brings a change that a crash interrupted into the file. */
async function complete(deps: DurableFileDeps): Promise<void> {
  const target = await resolveTarget(deps.path);
  const journal = journalPath(deps.journalDirectory, target);
  const entry = await findEntry(journal);
  if (entry === undefined) return;
  try {
    const before = await findText(target);
    if (isPending(entry, before)) await replace(deps, { target, before, text: entry.text });
    await dropEntry(journal);
  } catch (error) {
    deps.logger.debug(
      { file: target, error: errorCode(error) },
      'The journal stays: its file cannot be written',
    );
  }
}

/** @param seen - what `text` was made from: what has come into the file since is not written over. */
async function write(deps: DurableFileDeps, text: string, seen: Sight | undefined): Promise<void> {
  const target = await resolveTarget(deps.path);
  const journal = journalPath(deps.journalDirectory, target);
  const before = seen === undefined ? await findText(target) : seen.own;
  await deps.step?.('started');
  const base = before === undefined ? null : hashText(before);
  const journalFailure = await writeEntry(journal, { text, base }).then(() => undefined, errorCode);
  await deps.step?.('journal');
  try {
    await (journalFailure === undefined ? replace : replaceByRename)(deps, { target, before, text });
  } catch (error) {
    if (isOvertaken(error)) {
      await dropEntry(journal);
      throw error;
    }
    const fate =
      journalFailure === undefined ? `it is safe in ${journal}` : `nor can ${journal} (${journalFailure})`;
    throw new Error(`${target} cannot be written (${errorCode(error)}); ${fate}`, { cause: error });
  }
  await dropEntry(journal);
  await deps.step?.('done');
}

interface Change {
  readonly target: string;
  /** What the file held as the change began. */
  readonly before: string | undefined;
  readonly text: string;
}

/** Only for a `text` that is in the journal: writing in place has a moment in which the file holds nothing. */
async function replace(deps: DurableFileDeps, change: Change): Promise<void> {
  try {
    await replaceByRename(deps, change);
  } catch (error) {
    if (!NEEDS_IN_PLACE.includes(errorCode(error))) throw error;
    await replaceInPlace(deps, change);
  }
}

/** What a rename says of a single mounted file, of another mount, of a directory that is closed to us. */
const NEEDS_IN_PLACE = ['EBUSY', 'EXDEV', 'EACCES', 'EPERM', 'EROFS'];

async function replaceByRename({ step }: DurableFileDeps, { target, before, text }: Change): Promise<void> {
  const temporary = `${target}.tmp`; // one name for all: what a crash leaves behind, the next write clears away
  try {
    await writeSynced(temporary, text, await stat(target).catch(() => undefined));
    await step?.('temporary');
    if ((await findText(target)) !== before) {
      throw Object.assign(new Error(`${target} was changed by another program meanwhile`), {
        code: OVERTAKEN,
      });
    }
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
  await step?.('renamed');
  await syncDirectory(dirname(target));
  await step?.('synced');
}

async function replaceInPlace({ step }: DurableFileDeps, { target, text }: Change): Promise<void> {
  const file = await openInPlace(target);
  try {
    await file.truncate(0);
    await step?.('truncated');
    await file.writeFile(text, 'utf8');
    await step?.('overwritten');
    await file.sync();
  } finally {
    await file.close();
  }
  await step?.('synced');
}
