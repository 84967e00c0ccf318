import path from 'node:path';
import { createAccountVault } from './accounts/account-vault.ts';
import type { AccountVault } from './accounts/account-vault.ts';
import type { Factory } from './cli/factory.ts';
import { createTerminalLogger } from './cli/terminal-logger.ts';
import { readEnv } from './config/read-env.ts';
import { loadConfig } from './config/read-config.ts';
import { createRefreshIntents } from './credentials/refresh-intent.ts';
import type { RefreshIntent } from './credentials/refresh-intent.ts';
import type { WorkosDeps } from './credentials/workos.ts';
import type { Logger } from './kernel/ports.ts';
import type { Settings } from './kernel/settings.ts';
import { systemClock } from './system-ports.ts';
import type { AccountCallDeps } from './upstream/account-call.ts';
import { createFactoryAccount, findFactoryOrigin } from './upstream/factory-account.ts';
import { createFetchJson } from './upstream/fetch-json.ts';
import { createPostForm } from './upstream/post-form.ts';
import { createRoads } from './upstream/roads.ts';

/** What every command works with. */
export interface CliParts {
  readonly vault: AccountVault;
  readonly workos: WorkosDeps;
  /** Absent where no endpoint is Factory's. */
  readonly factory: Factory | undefined;
  /** Where the server keeps what it remembers of the accounts. */
  readonly statesFile: string;
  readonly intentOf: (id: string) => RefreshIntent;
  readonly logger: Logger;
  /** Closes idle connections, so that the process can end. */
  readonly close: () => void;
}

/** Builds the parts from the same environment and configuration as the server; else tells every mistake in them. */
export function composeCli(
  writeError: (line: string) => void,
): CliParts | { readonly mistakes: readonly string[] } {
  const environment = readEnv();
  if (!environment.ok) return { mistakes: environment.mistakes };
  const { env } = environment;
  const config = loadConfig(env.configFile, { required: env.configFileRequired });
  if (!config.ok) return { mistakes: config.mistakes.map((mistake) => `${env.configFile}: ${mistake}`) };
  const { settings } = config;
  const logger = createTerminalLogger(writeError);
  for (const warning of config.warnings) logger.warn({}, warning); // that calls go out without a proxy, for one
  const clock = systemClock;
  const roads = createRoads(settings.proxies);
  const calls = { roads, clock, logger, userAgent: settings.userAgent };
  const dataDirectory = path.resolve(env.dataDir);
  return {
    vault: createAccountVault({ path: path.resolve(env.accountsFile), dataDirectory, clock, logger }),
    workos: { ...settings.oauth, post: createPostForm(calls), clock },
    factory: factoryOf(settings, calls),
    statesFile: path.join(dataDirectory, 'accounts-state.json'),
    intentOf: createRefreshIntents({ directory: path.join(dataDirectory, 'refreshing'), logger }).of,
    logger,
    close: () => roads.close(),
  };
}

function factoryOf(settings: Settings, calls: AccountCallDeps): Factory | undefined {
  const origin = findFactoryOrigin(settings);
  if (origin === undefined) return undefined;
  return createFactoryAccount({ ...calls, fetchJson: createFetchJson(calls), origin });
}
