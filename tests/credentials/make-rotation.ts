import { createRotation } from '../../src/credentials/rotate-tokens.ts';
import type { HeldTokens, TokenReading } from '../../src/credentials/token-file.ts';
import type { Tokens } from '../../src/credentials/tokens.ts';
import { refreshTokens } from '../../src/credentials/workos.ts';
import { createSecret } from '../../src/kernel/secret.ts';
import type { Secret } from '../../src/kernel/secret.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { createFakeWorkos } from './fake-workos.ts';

/** A rotation over a disk in memory that other programs write at will. */
export function makeRotation(first: Tokens) {
  const clock = createFakeClock();
  const logger = createRecordingLogger();
  const workos = createFakeWorkos({ clock, logins: ['login', 'new login'] });
  const disk = {
    tokens: first as Tokens | undefined,
    isFull: false,
    afterRead: (): void => undefined,
    beforeGrant: (): void => undefined,
    ancestor: undefined as Secret | undefined,
    answer: Promise.resolve(),
    reads: 0,
  };
  /** Refresh tokens whose spending was begun and has not ended. */
  const notes: string[] = [];
  const held: HeldTokens = {
    read: async () => {
      await Promise.resolve();
      const reading: TokenReading = disk.tokens
        ? { kind: 'found', tokens: disk.tokens, ...(disk.ancestor && { ancestor: disk.ancestor }) }
        : { kind: 'absent' };
      disk.reads += 1;
      disk.afterRead();
      await disk.answer;
      return reading;
    },
    write: async (pair) => {
      await Promise.resolve();
      if (disk.isFull) throw new Error('auth.json cannot be written (ENOSPC)');
      disk.tokens = pair;
    },
  };
  const rotation = createRotation({
    label: () => 'the login',
    store: { read: held.read, exclusively: (action) => action(held) },
    intent: {
      begin: (token) => Promise.resolve(void notes.push(token.reveal())),
      end: () => Promise.resolve(void notes.splice(0)),
      isInterrupted: () => Promise.resolve(false),
      kept: {
        keep: () => Promise.resolve(),
        find: () => Promise.resolve(undefined),
        drop: () => Promise.resolve(),
      },
    },
    grant: (token) => {
      disk.beforeGrant();
      return refreshTokens(token, {
        post: workos.post,
        baseUrl: 'https://workos.test',
        clientId: 'c',
        clock,
      });
    },
    clock,
    logger,
  });
  return { rotation, clock, logger, workos, disk, notes };
}

/** A login of which the refresh token alone is known. */
export const login = (name: string): Tokens => ({ refreshToken: createSecret(name) });
