import path from 'node:path';
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
  readonly env: Pick<Env, 'factoryApiKey' | 'droidRefreshKey' | 'factoryAuthFile' | 'dataDir'>;
  readonly settings: Settings;
  readonly roads: Roads;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface Credentials {
  readonly chain: CredentialChain;
  /** Reads what is stored; quick, and needed before the first request. Never rejects. */
  readonly load: () => Promise<void>;
  /** Refreshes a login that the gateway is going to use, where that is due; may take a while. Never rejects. */
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** The sources of credentials in their order: fixed key, refresh token, the client's own header. */
export function composeCredentials({ env, settings, roads, clock, logger }: CredentialParts): Credentials {
  const refreshToken = createRefreshTokenSource({
    refreshKey: env.droidRefreshKey,
    authFile: path.resolve(env.factoryAuthFile),
    dataDirectory: path.resolve(env.dataDir),
    intervalMs: settings.refreshIntervalMs,
    oauth: settings.oauth,
    post: createPostForm({ roads, clock, logger, userAgent: settings.userAgent }),
    clock,
    logger,
  });
  return {
    chain: createCredentialChain(
      [createFixedKeySource(env.factoryApiKey), refreshToken],
      createClientHeaderSource(),
    ),
    load: refreshToken.load,
    // A login that stands behind a fixed key may belong to another program: it is not rotated for nothing.
    start: env.factoryApiKey === undefined ? refreshToken.start : refreshToken.load,
    stop: refreshToken.stop,
  };
}
