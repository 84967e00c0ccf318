import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode, findText } from '../disk/disk.ts';
import { hashText } from '../disk/journal.ts';
import type { Logger } from '../kernel/ports.ts';
import type { Secret } from '../kernel/secret.ts';
import { createKeptPair } from './kept-pair.ts';
import type { KeptPair } from './kept-pair.ts';

/**
 * A note on the disk that a refresh token is being spent. A process that dies between WorkOS's answer and the saving of
 * it loses the login, unless the same token is sent again within half a minute: by the note the next one knows.
 */
export interface RefreshIntent {
  /** Notes that `refreshToken` is about to be spent. Never rejects: without the note it is spent all the same. */
  readonly begin: (refreshToken: Secret) => Promise<void>;
  /** Takes the note back, once what came of it is saved or there is nothing to come. Never rejects. */
  readonly end: () => Promise<void>;
  /** True when the spending of `refreshToken` was begun and never ended, or its pair is still kept. Never rejects. */
  readonly isInterrupted: (refreshToken: Secret) => Promise<boolean>;
  /** The pair that the spending brought, while it cannot be saved in its place. */
  readonly kept: KeptPair;
}

export interface RefreshIntents {
  /** The note of the login of that name; names differ from login to login and outlive the process. */
  readonly of: (name: string) => RefreshIntent;
}

export interface RefreshIntentsDeps {
  /** Made when it is needed; belongs to one gateway at a time. */
  readonly directory: string;
  readonly logger: Logger;
}

const READABLE_LENGTH = 40;

/** Keeps one small file for each login, with a hash of the token; a crash of the machine may lose it. Kept pairs lie beside. */
export function createRefreshIntents({ directory, logger }: RefreshIntentsDeps): RefreshIntents {
  const attempt = async (file: string, done: Promise<unknown>): Promise<void> => {
    await done.catch((error: unknown) =>
      logger.debug({ file, error: errorCode(error) }, 'A note about a refresh cannot be kept'),
    );
  };
  return {
    of: (name) => {
      const readable = name.replace(/[^\w-]/g, '_').slice(0, READABLE_LENGTH);
      const file = join(directory, `${readable}.${hashText(name).slice(0, 8)}`);
      const kept = createKeptPair(`${file}.kept`, logger);
      return {
        kept,
        begin: (refreshToken) => attempt(file, writeNote(directory, file, hashText(refreshToken.reveal()))),
        end: () => attempt(file, rm(file, { force: true })),
        isInterrupted: async (refreshToken) => {
          const note = await findText(file).catch(() => undefined);
          if (note?.trim() === hashText(refreshToken.reveal())) return true;
          return (await kept.find(refreshToken)) !== undefined;
        },
      };
    },
  };
}

async function writeNote(directory: string, file: string, note: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await writeFile(file, `${note}\n`, { mode: 0o600 });
}
