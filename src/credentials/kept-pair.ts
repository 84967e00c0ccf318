import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode, findText, writeSynced } from '../disk/disk.ts';
import { hashText } from '../disk/journal.ts';
import { findJson, findNumber, findObject, findString, isJsonArray, writeJson } from '../kernel/json.ts';
import type { Logger } from '../kernel/ports.ts';
import { createSecret } from '../kernel/secret.ts';
import type { Secret } from '../kernel/secret.ts';
import { readClaims } from './jwt.ts';
import { findTime, isSameSecret } from './tokens.ts';
import type { TokenPair } from './tokens.ts';

/**
 * Where a new pair waits that its own place does not take: a file that somebody has left half-edited, one that cannot be
 * written. The token that it was traded for is spent, so that a restart would lose the login without it.
 */
export interface KeptPair {
  /**
   * Keeps `pair`, for which `spent` was traded, and which stands in for all that an earlier kept one stood in for; not
   * where that has taken the place of `pair` already, by another process that uses the same directory.
   */
  readonly keep: (spent: Secret, pair: TokenPair) => Promise<void>;
  /** The pair that has taken the place of the login with this refresh token; none where it still has the same one. */
  readonly find: (refreshToken: Secret | undefined) => Promise<TokenPair | undefined>;
  /** Forgets it: it has come to its place, or newer tokens have, or nobody wants the login any more. */
  readonly drop: () => Promise<void>;
}

interface Kept {
  readonly pair: TokenPair;
  /** Hashes of the refresh tokens that were spent on the way to it. */
  readonly inPlaceOf: readonly string[];
}

/** Keeps it in a file that its owner alone can read. Nothing of it ever rejects. */
export function createKeptPair(file: string, logger: Logger): KeptPair {
  const attempt = async (done: Promise<unknown>): Promise<void> => {
    await done.catch((error: unknown) =>
      logger.debug({ file, error: errorCode(error) }, 'New tokens that are not saved cannot be kept here'),
    );
  };
  return {
    keep: (spent, pair) => attempt(write(file, spent, pair)),
    find: async (refreshToken) => {
      if (refreshToken === undefined) return undefined;
      const kept = await read(file);
      return replaces(kept, refreshToken) ? kept?.pair : undefined;
    },
    drop: () => attempt(Promise.all([file, unfinished(file)].map((path) => rm(path, { force: true })))),
  };
}

const replaces = (kept: Kept | undefined, token: Secret): boolean =>
  kept?.inPlaceOf.includes(hashText(token.reveal())) === true && !isSameSecret(kept.pair.refreshToken, token);

async function write(file: string, spent: Secret, pair: TokenPair): Promise<void> {
  const earlier = await read(file);
  if (replaces(earlier, pair.refreshToken)) return;
  const inPlaceOf = new Set([...(earlier?.inPlaceOf ?? []), hashText(spent.reveal())]);
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const json = {
    in_place_of: [...inPlaceOf],
    access_token: pair.accessToken.reveal(),
    refresh_token: pair.refreshToken.reveal(),
    expires_at: pair.expiresAt,
    ...(pair.issuedAt !== undefined && { issued_at: pair.issuedAt }),
  };
  await writeSynced(unfinished(file), `${writeJson(json)}\n`);
  await rename(unfinished(file), file);
}

const unfinished = (file: string): string => `${file}.tmp`;

async function read(file: string): Promise<Kept | undefined> {
  const json = findObject(findJson((await findText(file).catch(() => undefined)) ?? ''));
  const accessToken = findString(json?.['access_token']);
  const refreshToken = findString(json?.['refresh_token']);
  const expiresAt = findTime(findNumber(json?.['expires_at']));
  const issuedAt = findTime(findNumber(json?.['issued_at']));
  const inPlaceOf = json?.['in_place_of'];
  if (accessToken === undefined || refreshToken === undefined || !isJsonArray(inPlaceOf)) return undefined;
  const pair = {
    ...readClaims(createSecret(accessToken)),
    accessToken: createSecret(accessToken),
    refreshToken: createSecret(refreshToken),
    expiresAt: expiresAt ?? 0,
    ...(issuedAt !== undefined && { issuedAt }),
  };
  return { pair, inPlaceOf: inPlaceOf.filter((hash) => typeof hash === 'string') };
}
