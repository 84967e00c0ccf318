import { createHash } from 'node:crypto';
import { mkdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { parse } from 'jsonc-parser';
import type { ParseError } from 'jsonc-parser';
import { findJson, findObject, findString, writeJson } from '../kernel/json.ts';
import { findText, syncDirectory, writeSynced } from './disk.ts';

/** A change of a file that is on the disk before the file is touched. */
export interface JournalEntry {
  /** What the file is to hold. */
  readonly text: string;
  /** Hash of what the file held before; `null` when there was none. */
  readonly base: string | null;
}

export const hashText = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The journal of `target`: always the same file, another one for every target. */
export const journalPath = (directory: string, target: string): string =>
  join(directory, `${basename(target)}.${hashText(target).slice(0, 8)}.journal`);

/** The entry, when there is a whole one that can be read. */
export async function findEntry(path: string): Promise<JournalEntry | undefined> {
  const entry = findObject(findJson((await findText(path).catch(() => undefined)) ?? ''));
  const text = findString(entry?.['text']);
  const base = entry?.['base'] === null ? null : findString(entry?.['base']);
  if (text === undefined || base === undefined || entry?.['sha256'] !== hashText(text)) return undefined;
  return { text, base };
}

/** Writes the entry; an older one is there until the new one is complete. */
export async function writeEntry(path: string, { text, base }: JournalEntry): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = `${path}.tmp`;
  await writeSynced(temporary, writeJson({ version: 1, base, sha256: hashText(text), text }));
  await rename(temporary, path);
  await syncDirectory(dirname(path));
}

/** Forgets a change that the file now holds; a journal that stays behind does no harm. */
export async function dropEntry(path: string): Promise<void> {
  await rm(path, { force: true }).catch(() => undefined);
}

/** True when the file is still what it was before the change, or was left half-written by it. */
export function isPending(entry: JournalEntry, text: string | undefined): boolean {
  if (text === entry.text) return false;
  return text === undefined || !isWhole(text) || hashText(text) === entry.base;
}

/** True for JSON, perhaps with comments, that is there to its last bracket. */
export function isWhole(text: string): boolean {
  const json = text.replace(/^\uFEFF/, '');
  if (findObject(findJson(json)) !== undefined) return true;
  const errors: ParseError[] = [];
  const value: unknown = parse(json, errors, { allowTrailingComma: true });
  return errors.length === 0 && typeof value === 'object' && value !== null;
}
