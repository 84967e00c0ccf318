import { createHash } from 'node:crypto';
import type { Logger } from '../kernel/ports.ts';
import type { Secret } from '../kernel/secret.ts';
import type { DurableFile } from '../disk/durable-file.ts';
import { createTokenFile } from './token-file.ts';
import type { TokenReading, TokenStore } from './token-file.ts';

/**
 * Keeps the login that begins with `key`, a refresh token which stays in the environment after it is spent. What the
 * file holds counts while it descends from that very key; another key begins another login.
 */
export function createOriginStore(file: DurableFile, key: Secret, logger: Logger): TokenStore {
  const origin = createHash('sha256').update(key.reveal()).digest('hex');
  const store = createTokenFile(file, (pair) => ({ expires_at: pair.expiresAt, origin_sha256: origin }));
  let hasWarned = false;
  const choose = (reading: TokenReading): TokenReading => {
    if (reading.kind === 'malformed' && !hasWarned) {
      hasWarned = true;
      logger.warn(
        { file: file.path },
        `The stored login is lost, the configured key is tried: ${reading.reason}`,
      );
    }
    const isDescendant = reading.kind === 'found' && reading.origin === origin;
    if (isDescendant && reading.tokens.refreshToken !== undefined) return { ...reading, ancestor: key };
    return { kind: 'found', tokens: { refreshToken: key }, origin };
  };
  return {
    read: async () => choose(await store.read()),
    exclusively: (action) =>
      store.exclusively((held) =>
        action({ read: async () => choose(await held.read()), write: (pair) => held.write(pair) }),
      ),
  };
}
