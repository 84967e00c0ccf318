import { createTokenCache } from '../../src/credentials/token-cache.ts';
import type { TokenCacheDeps } from '../../src/credentials/token-cache.ts';
import type { Tokens } from '../../src/credentials/tokens.ts';
import { createSecret } from '../../src/kernel/secret.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';

const HOUR = 3_600_000;

/** A cache that holds `token 0` and gets `token 1`, `token 2`, …, unless it is told to fail. */
export function makeCache(more: Partial<TokenCacheDeps> = {}) {
  const clock = createFakeClock();
  const logger = createRecordingLogger();
  const failures: Error[] = [];
  let calls = 0;
  const tokensOf = (name: string) => ({
    accessToken: createSecret(name),
    refreshToken: createSecret('login'),
    expiresAt: clock.now() + 8 * HOUR,
    issuedAt: clock.now(),
  });
  const cache = createTokenCache({
    label: () => 'the login',
    advice: 'Log in again.',
    intervalMs: 6 * HOUR,
    refresh: async (): Promise<Tokens> => {
      calls += 1;
      const name = `token ${calls}`;
      await Promise.resolve();
      const failure = failures.shift();
      if (failure !== undefined) throw failure;
      return tokensOf(name);
    },
    clock,
    logger,
    ...more,
  });
  cache.adopt(tokensOf('token 0'));
  return {
    cache,
    clock,
    logger,
    tokensOf,
    calls: () => calls,
    renew: async (name: string): Promise<string | undefined> =>
      (await cache.renew(createSecret(name)))?.reveal(),
    failNext: (...errors: readonly Error[]) => void failures.push(...errors),
  };
}
