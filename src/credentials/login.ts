import type { Clock, Logger } from '../kernel/ports.ts';
import type { Secret } from '../kernel/secret.ts';
import type { Credential, SourceState } from './credential.ts';
import type { RefreshIntent } from './refresh-intent.ts';
import type { RefreshTurns } from './refresh-turns.ts';
import { createRotation } from './rotate-tokens.ts';
import { createTokenCache } from './token-cache.ts';
import type { TokenReading, TokenStore } from './token-file.ts';
import type { TokenPair } from './tokens.ts';

export interface LoginDeps {
  /** Tells it from all other credentials. */
  readonly id: string;
  /** Names it in logs, metrics and errors; a function where the name may change. */
  readonly label: string | (() => string);
  /** What its owner can do when WorkOS refuses it. */
  readonly advice: string;
  readonly store: TokenStore;
  readonly grant: (refreshToken: Secret) => Promise<TokenPair>;
  readonly intervalMs: number;
  /** 0 to 1: brings a refresh by age forward by up to a tenth of the interval. */
  readonly spread?: number;
  /** Where a refresh is noted before it begins, so that one which a crash interrupts is repeated. */
  readonly intent?: RefreshIntent;
  /** What the refreshes wait for that no request waits for. */
  readonly turns?: RefreshTurns;
  /** Hears that newer tokens are there, whoever fetched them; not of those that the first {@link Login.load} brings. */
  readonly onRefreshed?: () => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** One OAuth login that the gateway holds: its tokens in memory, on the disk and at WorkOS, kept in step. */
export interface Login {
  readonly credential: Credential;
  readonly state: () => SourceState;
  readonly reason: () => string | undefined;
  /** True while there is an access token that can be sent without a refresh. */
  readonly hasValidToken: () => boolean;
  /** When the access token ends, Unix milliseconds; absent when there is none or nobody said. */
  readonly expiresAt: () => number | undefined;
  /** Reads the disk, the note of an interrupted refresh as well; refreshes nothing. Never rejects. */
  readonly load: () => Promise<void>;
  /** Takes up what is new on the disk, which also ends the waiting after a failed refresh. Never rejects. */
  readonly reload: () => Promise<void>;
  /** True when a refresh was under way as the last process died: {@link start} repeats it, and had better do so soon. */
  readonly isInterrupted: () => boolean;
  /** Refreshes if it is due or was interrupted, and from then on ahead of time. Never rejects. */
  readonly start: () => Promise<void>;
  /** Refreshes at its owner's wish, due or not, even while a failed refresh waits; true on success. Never rejects. */
  readonly refresh: () => Promise<boolean>;
  /** Ends the background work once everything is saved. Never rejects. */
  readonly stop: () => Promise<void>;
}

export function createLogin(deps: LoginDeps): Login {
  const { id, logger, intent, onRefreshed } = deps;
  const label = typeof deps.label === 'string' ? () => String(deps.label) : deps.label;
  const rotation = createRotation({ ...deps, label });
  const cache = createTokenCache({ ...deps, label, refresh: (held) => rotation.rotate(held) });
  let reading: TokenReading = { kind: 'absent' };
  let hasTokens = false;
  let isInterrupted = false;
  const state = (): SourceState => {
    if (hasTokens) return cache.isUsable() ? 'usable' : 'unusable';
    return reading.kind === 'absent' ? 'absent' : 'unusable';
  };
  const reason = (): string | undefined =>
    reading.kind === 'malformed' && !cache.isUsable() ? reading.reason : cache.reason();
  const reload = async (): Promise<void> => {
    const before = state();
    const { isNew, ...found } = await rotation.look();
    reading = found.reading;
    if (isNew && reading.kind === 'found') {
      cache.adopt(reading.tokens);
      if (hasTokens && cache.hasValid()) onRefreshed?.();
    }
    hasTokens ||= reading.kind === 'found';
    if (state() === 'unusable' && before !== 'unusable') {
      logger.error({ credential: label() }, `${label()} is not usable: ${reason() ?? 'no token'}`);
    }
  };
  return {
    credential: {
      id,
      get label() {
        return label();
      },
      holder: 'gateway',
      token: cache.token,
      renew: cache.renew,
    },
    state,
    reason,
    hasValidToken: cache.hasValid,
    expiresAt: cache.expiresAt,
    load: async () => {
      await reload();
      const token = reading.kind === 'found' ? reading.tokens.refreshToken : undefined;
      isInterrupted = token !== undefined && (await intent?.isInterrupted(token)) === true;
    },
    reload,
    isInterrupted: () => isInterrupted,
    start: () => {
      const isUrgent = isInterrupted;
      isInterrupted = false;
      return cache.start(isUrgent);
    },
    refresh: cache.refresh,
    stop: async () => {
      await cache.stop();
      await rotation.stop();
    },
  };
}
