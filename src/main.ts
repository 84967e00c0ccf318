import { readFileSync } from 'node:fs';
import { composeCredentials } from './compose-credentials.ts';
import { composeGateway } from './compose.ts';
import { readEnv } from './config/read-env.ts';
import { loadConfig } from './config/read-config.ts';
import { drain } from './drain.ts';
import { listen } from './listen.ts';
import { describeStart, warnOfExposure } from './start-screen.ts';
import { systemClock, systemRandom } from './system-ports.ts';
import { createLogger } from './telemetry/logger.ts';
import { createRoads } from './upstream/roads.ts';

/** Ends the process with lines for its owner. */
function giveUp(title: string, lines: readonly string[]): never {
  process.stderr.write(`droid2api: ${title}\n${lines.map((line) => `  ${line}\n`).join('')}`);
  process.exit(1);
}

async function main(): Promise<void> {
  const environment = readEnv();
  if (!environment.ok) giveUp('the environment has mistakes:', environment.mistakes);
  const { env } = environment;
  const config = loadConfig(env.configFile, { required: env.configFileRequired });
  if (!config.ok) {
    const warnings = config.warnings.map((warning) => `${warning} (a warning only)`);
    giveUp(`${env.configFile} has mistakes:`, [...config.mistakes, ...warnings]);
  }
  const { settings } = config;

  const logger = await createLogger({
    level: env.logLevel,
    format: env.logFormat ?? (process.stdout.isTTY ? 'pretty' : 'json'),
  });
  for (const warning of [...environment.warnings, ...config.warnings]) logger.warn({}, warning);

  const roads = createRoads(settings.proxies);
  const ports = { clock: systemClock, random: systemRandom, logger };
  const credentials = composeCredentials({ env, settings, roads, ...ports });
  await credentials.load();
  const gateway = composeGateway({
    settings,
    roads,
    credentials: credentials.chain,
    accessKeys: env.proxyApiKeys,
    version: readVersion(),
    ...ports,
  });
  const address = await listen(gateway.server, env.port ?? settings.port, env.host).catch((error: unknown) =>
    giveUp(error instanceof Error ? error.message : String(error), []),
  );
  const readiness = credentials.chain.readiness();
  const keyNames = env.proxyApiKeys.map(({ name }) => name);
  for (const line of describeStart(address, settings, readiness, keyNames)) logger.info({}, line);
  const warning = warnOfExposure(env.host, readiness, keyNames.length > 0);
  if (warning !== undefined) logger.warn({}, warning);

  let stopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (stopping) process.exit(1);
    stopping = true;
    logger.info({}, `${signal}: finishing the running requests`);
    void drain(gateway.server, systemClock, settings.timeouts.drainMs, logger).then(async () => {
      await credentials.stop();
      gateway.close();
      process.exit(0);
    });
  };
  process.on('SIGHUP', () => {
    logger.info({}, 'SIGHUP: reading the accounts again');
    void credentials.reload();
  });
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  await credentials.start();
}

const readVersion = (): string => {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return version;
};

await main();
