import { join } from 'node:path';
import type { Clock, Logger } from '../kernel/ports.ts';
import type { Secret } from '../kernel/secret.ts';
import type { CredentialSource } from './credential.ts';
import { createDurableFile } from '../disk/durable-file.ts';
import type { DurableFile, WriteStep } from '../disk/durable-file.ts';
import { createFileLock } from '../disk/file-lock.ts';
import { createLogin } from './login.ts';
import type { Login } from './login.ts';
import { createOriginStore } from './origin-store.ts';
import { createRefreshIntents } from './refresh-intent.ts';
import { createTokenFile } from './token-file.ts';
import type { TokenStore } from './token-file.ts';
import { refreshTokens } from './workos.ts';
import type { Post } from './workos.ts';

export interface RefreshTokenDeps {
  /** `DROID_REFRESH_KEY`. */
  readonly refreshKey: Secret | undefined;
  /** `FACTORY_AUTH_FILE`, an absolute path; it need not exist. */
  readonly authFile: string;
  /** `DATA_DIR`: keeps what `refreshKey` has become, and the journals. */
  readonly dataDirectory: string;
  readonly intervalMs: number;
  readonly oauth: { readonly baseUrl: string; readonly clientId: string };
  readonly post: Post;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Called after every step of every write: where a test pulls the plug. */
  readonly step?: (step: WriteStep) => void | Promise<void>;
}

/** The login behind `DROID_REFRESH_KEY`, else the one in `FACTORY_AUTH_FILE`. */
export interface RefreshTokenSource extends CredentialSource {
  /**
   * Reads what is stored and watches for its mending, without refreshing anything before a request needs it: for a
   * gateway whose other credentials come first, so that no shared login is rotated for nothing. Never rejects.
   */
  readonly load: () => Promise<void>;
  /** Loads, and does the first refresh where it is due; a failure is logged with the way to mend it. Never rejects. */
  readonly start: () => Promise<void>;
  /** Ends the background work once everything is saved. Never rejects. */
  readonly stop: () => Promise<void>;
}

const LOOK_MS = 30_000;

export function createRefreshTokenSource(deps: RefreshTokenDeps): RefreshTokenSource {
  const logins = [...keyLogin(deps), fileLogin(deps)];
  const find = (tried?: ReadonlySet<string>): Login | undefined =>
    logins.find(({ state, credential }) => state() === 'usable' && tried?.has(credential.id) !== true);
  let isLoaded = false;
  let stopLooking: (() => void) | undefined;
  const read = async (): Promise<void> => {
    await Promise.all(logins.map((login) => login.load()));
    isLoaded = true;
    stopLooking ??= deps.clock.every(LOOK_MS, () => {
      for (const login of logins) void login.reload();
    });
  };
  return {
    name: 'refresh token',
    state: () => {
      if (find() !== undefined) return 'usable';
      if (!isLoaded && deps.refreshKey !== undefined) return 'unusable'; // not absent: clients must not step in
      return logins.every((login) => login.state() === 'absent') ? 'absent' : 'unusable';
    },
    find: ({ tried }) => find(tried)?.credential,
    reason: () => {
      if (!isLoaded) return 'the stored login is still being read';
      const reasons = logins.map((login) => (login.state() === 'unusable' ? login.reason() : undefined));
      return reasons.filter((reason) => reason !== undefined).join('; ') || undefined;
    },
    load: async () => {
      await read();
      finishInterrupted(logins);
    },
    start: async () => {
      await read();
      await startFirstUsable(logins, deps.logger);
      finishInterrupted(logins);
    },
    stop: async () => {
      stopLooking?.();
      await Promise.all(logins.map((login) => login.stop()));
    },
  };
}

/** A pair that WorkOS has made, but that never came here, is lost unless it is asked for again at once. */
function finishInterrupted(logins: readonly Login[]): void {
  for (const login of logins) if (login.isInterrupted()) void login.start();
}

/** Logins behind the first that works stay untouched: they may belong to another program as well. */
async function startFirstUsable(logins: readonly Login[], logger: Logger): Promise<void> {
  for (const login of logins) {
    if (login.state() !== 'usable') continue;
    await login.start();
    if (login.state() === 'usable') return;
    logger.warn(
      { credential: login.credential.label },
      `${login.credential.label} is left out, the next one is tried`,
    );
  }
}

function keyLogin(deps: RefreshTokenDeps): Login[] {
  if (deps.refreshKey === undefined) return [];
  const file = openFile(deps, join(deps.dataDirectory, 'auth.json'));
  const advice = 'Log in again and set DROID_REFRESH_KEY to the new refresh token';
  return [
    login(deps, {
      label: 'DROID_REFRESH_KEY',
      advice,
      store: createOriginStore(file, deps.refreshKey, deps.logger),
    }),
  ];
}

const fileLogin = (deps: RefreshTokenDeps): Login =>
  login(deps, {
    label: 'FACTORY_AUTH_FILE',
    advice: `Log in again with droid, so that ${deps.authFile} holds new tokens`,
    store: createTokenFile(openFile(deps, deps.authFile)),
  });

interface LoginParts {
  readonly label: string;
  readonly advice: string;
  readonly store: TokenStore;
}

function login(deps: RefreshTokenDeps, parts: LoginParts): Login {
  const { oauth, post, clock, logger, intervalMs, dataDirectory } = deps;
  const intents = createRefreshIntents({ directory: join(dataDirectory, 'refreshing'), logger });
  return createLogin({
    ...parts,
    id: parts.label,
    intent: intents.of(parts.label),
    clock,
    logger,
    intervalMs,
    grant: (refreshToken) => refreshTokens(refreshToken, { ...oauth, post, clock }),
  });
}

function openFile({ dataDirectory, clock, logger, step }: RefreshTokenDeps, path: string): DurableFile {
  return createDurableFile({
    path,
    journalDirectory: dataDirectory,
    withLock: createFileLock({ clock, logger, fallbackDirectory: dataDirectory }),
    logger,
    ...(step !== undefined && { step }),
  });
}
