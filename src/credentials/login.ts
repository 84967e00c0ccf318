import type { Clock, Logger } from '../kernel/ports.ts';
import type { Secret } from '../kernel/secret.ts';
import type { Credential, SourceState } from './credential.ts';
import { createRotation } from './rotate-tokens.ts';
import type { Rotation } from './rotate-tokens.ts';
import { createTokenCache } from './token-cache.ts';
import type { TokenCache } from './token-cache.ts';
import type { TokenReading, TokenStore } from './token-file.ts';
import type { TokenPair } from './tokens.ts';

export interface LoginDeps {
  /** Names it in logs, metrics and errors. */
  readonly label: string;
  /** What its owner can do when WorkOS refuses it. */
  readonly advice: string;
  readonly store: TokenStore;
  readonly grant: (refreshToken: Secret) => Promise<TokenPair>;
  readonly intervalMs: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** One OAuth login that the gateway holds: its tokens in memory, on the disk and at WorkOS, kept in step. */
export interface Login {
  readonly credential: Credential;
  readonly state: () => SourceState;
  readonly reason: () => string | undefined;
  /** Reads the disk and takes up what is new there; refreshes nothing. Never rejects. */
  readonly load: () => Promise<void>;
  /** Refreshes if it is due, and from then on ahead of time. Never rejects. */
  readonly start: () => Promise<void>;
  /** Ends the background work once everything is saved. Never rejects. */
  readonly stop: () => Promise<void>;
}

export function createLogin(deps: LoginDeps): Login {
  const rotation = createRotation(deps);
  const cache = createTokenCache({ ...deps, refresh: (held) => rotation.rotate(held) });
  let reading: TokenReading = { kind: 'absent' };
  let hasTokens = false;
  const state = (): SourceState => {
    if (hasTokens) return cache.isUsable() ? 'usable' : 'unusable';
    return reading.kind === 'absent' ? 'absent' : 'unusable';
  };
  const reason = (): string | undefined =>
    reading.kind === 'malformed' && !cache.isUsable() ? reading.reason : cache.reason();
  return {
    credential: {
      label: deps.label,
      holder: 'gateway',
      token: () => cache.token(),
      renew: (refused) => cache.renew(refused),
    },
    state,
    reason,
    load: async () => {
      const before = state();
      reading = await loadInto(cache, rotation);
      hasTokens ||= reading.kind === 'found';
      if (state() === 'unusable' && before !== 'unusable') {
        deps.logger.error(
          { credential: deps.label },
          `${deps.label} is not usable: ${reason() ?? 'no token'}`,
        );
      }
    },
    start: () => cache.start(),
    stop: async () => {
      await cache.stop();
      await rotation.stop();
    },
  };
}

async function loadInto(cache: TokenCache, rotation: Rotation): Promise<TokenReading> {
  const { reading, isNew } = await rotation.look();
  if (isNew && reading.kind === 'found') cache.adopt(reading.tokens);
  return reading;
}
