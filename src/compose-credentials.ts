import path from 'node:path';
import { composeAccounts } from './compose-accounts.ts';
import type { Env } from './config/check-env.ts';
import { createClientHeaderSource } from './credentials/client-header.ts';
import { createFixedKeySource } from './credentials/fixed-key.ts';
import { createRefreshTokenSource } from './credentials/refresh-token.ts';
import { createCredentialChain } from './credentials/resolve-credential.ts';
import type { CredentialChain } from './credentials/resolve-credential.ts';
import type { Clock, Logger } from './kernel/ports.ts';
import type { Settings } from './kernel/settings.ts';
import { createPostForm } from './upstream/post-form.ts';
import type { Roads } from './upstream/roads.ts';

export interface CredentialParts {
  readonly env: Pick<
    Env,
    'accountsFile' | 'factoryApiKey' | 'droidRefreshKey' | 'factoryAuthFile' | 'dataDir'
  >;
  readonly settings: Settings;
  readonly roads: Roads;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface Credentials {
  readonly chain: CredentialChain;
  /** Reads what is stored; quick, and needed before the first request. Never rejects. */
  readonly load: () => Promise<void>;
  /** Refreshes what the gateway is going to use, where that is due; may take a while. Never rejects. */
  readonly start: () => Promise<void>;
  /** Takes up at once what has changed on the disk. Never rejects. */
  readonly reload: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** The sources of credentials in their order: accounts, fixed key, refresh token, the client's own header. */
export function composeCredentials({ env, settings, roads, clock, logger }: CredentialParts): Credentials {
  const dataDirectory = path.resolve(env.dataDir);
  const post = createPostForm({ roads, clock, logger, userAgent: settings.userAgent });
  const accounts = composeAccounts({
    ...{ dataDirectory, post, clock, logger },
    accountsFile: path.resolve(env.accountsFile),
    settings: () => settings,
  });
  const refreshToken = createRefreshTokenSource({
    refreshKey: env.droidRefreshKey,
    authFile: path.resolve(env.factoryAuthFile),
    intervalMs: settings.refreshIntervalMs,
    oauth: settings.oauth,
    ...{ dataDirectory, post, clock, logger },
  });
  // A login that stands behind others may belong to another program: it is not rotated for nothing.
  const isBehind = (): boolean => env.factoryApiKey !== undefined || accounts.state() === 'usable';
  return {
    chain: createCredentialChain(
      [accounts, createFixedKeySource(env.factoryApiKey), refreshToken],
      createClientHeaderSource(),
    ),
    load: async () => {
      await Promise.all([accounts.load(), refreshToken.load()]);
    },
    start: async () => {
      await Promise.all([accounts.start(), isBehind() ? refreshToken.load() : refreshToken.start()]);
    },
    reload: accounts.reload,
    stop: async () => {
      await Promise.all([accounts.stop(), refreshToken.stop()]);
    },
  };
}
