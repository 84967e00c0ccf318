import path from 'node:path';
import { createAccountPool } from './accounts/account-pool.ts';
import { createAccountVault } from './accounts/account-vault.ts';
import { createAccountsSource } from './accounts/accounts-source.ts';
import type { AccountsSource } from './accounts/accounts-source.ts';
import { createStateFile } from './accounts/state-file.ts';
import { createLogin } from './credentials/login.ts';
import { createRefreshIntents } from './credentials/refresh-intent.ts';
import { createRefreshTurns } from './credentials/refresh-turns.ts';
import { refreshTokens } from './credentials/workos.ts';
import type { Post } from './credentials/workos.ts';
import type { WriteStep } from './disk/durable-file.ts';
import { createFileLock } from './disk/file-lock.ts';
import { watchFile } from './disk/watch-file.ts';
import type { Clock, Logger } from './kernel/ports.ts';
import type { Settings } from './kernel/settings.ts';

export interface AccountParts {
  /** Absolute paths. */
  readonly accountsFile: string;
  readonly dataDirectory: string;
  readonly settings: () => Pick<Settings, 'oauth' | 'refreshIntervalMs' | 'accountAffinity'>;
  readonly post: Post;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Called after every step of every write: where a test pulls the plug. */
  readonly step?: (step: WriteStep) => void | Promise<void>;
}

/** The accounts of one file, with what is remembered of them in the data directory. */
export function composeAccounts(parts: AccountParts): AccountsSource {
  const { accountsFile, dataDirectory, settings, post, clock, logger, step } = parts;
  const vault = createAccountVault({
    ...{ path: accountsFile, dataDirectory, clock, logger },
    ...(step !== undefined && { step }),
  });
  const pool = createAccountPool({
    clock,
    logger,
    canPay: (id) => source.canPay(id),
    affinity: () => settings().accountAffinity,
    onChange: () => stateFile.save(),
  });
  const stateFile = createStateFile({
    path: path.join(dataDirectory, 'accounts-state.json'),
    withLock: createFileLock({ clock, logger, fallbackDirectory: dataDirectory }),
    ...{ pool, clock, logger },
  });
  const intents = createRefreshIntents({ directory: path.join(dataDirectory, 'refreshing'), logger });
  const turns = createRefreshTurns({ clock });
  const { oauth, refreshIntervalMs } = settings();
  const source = createAccountsSource({
    ...{ vault, pool, stateFile, logger },
    createLogin: (login) =>
      createLogin({
        ...login,
        ...{ turns, clock, logger },
        intent: intents.of(login.id),
        spread: spreadOf(login.id),
        intervalMs: refreshIntervalMs,
        grant: (refreshToken) => refreshTokens(refreshToken, { ...oauth, post, clock }),
      }),
    watch: (onChange) => watchFile(accountsFile, { clock, onChange }),
  });
  return source;
}

/** 0 to 1, ever the same for one account: those that were added together are not refreshed together. */
const spreadOf = (id: string): number => (Number.parseInt(id.slice(-4), 16) || 0) / 0xffff;
