import { composeCredentials } from './compose-credentials.ts';
import { composeGateway } from './compose.ts';
import { checkConfig } from './config/check-config.ts';
import { listen } from './listen.ts';
import { createSecret } from './kernel/secret.ts';
import { SANDBOX_FAILURES } from './sandbox/failures.ts';
import { startSandbox } from './sandbox/start-sandbox.ts';
import { systemClock, systemRandom } from './system-ports.ts';
import { createLogger } from './telemetry/logger.ts';
import { createRoads } from './upstream/roads.ts';

const DEFAULT_PORT = 3000;
const EVENT_DELAY_MS = 40;

/** The configuration of the demo: the built-in models, all served by the sandbox. */
function demoConfig(sandboxUrl: string): unknown {
  return {
    endpoint: [
      { name: 'anthropic', base_url: `${sandboxUrl}/api/llm/a/v1/messages` },
      { name: 'openai', base_url: `${sandboxUrl}/api/llm/o/v1/responses` },
      { name: 'common', base_url: `${sandboxUrl}/api/llm/o/v1/chat/completions` },
      { name: 'google', base_url: `${sandboxUrl}/api/llm/g/v1/generate` },
    ],
    oauth: { base_url: sandboxUrl },
  };
}

/** What to try first, for someone who has just started the demo. */
function demoScreen(address: string, models: readonly string[]): string {
  const chat = (model: string, text: string, more = ''): string =>
    `curl -sN ${address}/v1/chat/completions -H 'content-type: application/json' \\\n` +
    `    -d '{"model":"${model}","messages":[{"role":"user","content":"${text}"}]${more}}'`;
  return [
    `The gateway listens on ${address}, in front of a sandbox that speaks all four formats. No credential is needed.`,
    `Models: ${models.slice(0, 8).join(', ')}, … (GET /v1/models)`,
    'Try:',
    `  ${chat('claude-opus-4-6', 'Hello')}`,
    `  ${chat('gpt-5.5', 'Hello', ',"stream":true')}`,
    `  curl -sN ${address}/v1/messages -H 'content-type: application/json' \\\n` +
      `    -d '{"model":"claude-opus-4-6","max_tokens":1000,"stream":true,"messages":[{"role":"user","content":"Hello"}]}'`,
    `  curl -sN ${address}/v1/responses -H 'content-type: application/json' -d '{"model":"gpt-5.5","input":"Hello"}'`,
    'Failures, told as "fail:NAME" in the message:',
    ...Object.entries(SANDBOX_FAILURES).map(([name, what]) => `  ${name.padEnd(22)} ${what}`),
    'Ctrl-C ends it.',
    '',
  ].join('\n');
}

async function demo(): Promise<void> {
  const sandbox = await startSandbox({ pace: { delayMs: EVENT_DELAY_MS } });
  const config = checkConfig(demoConfig(sandbox.url));
  if (!config.ok) throw new Error(config.mistakes.join('\n'));
  const { settings } = config;
  const logger = await createLogger({ level: 'info', format: process.stdout.isTTY ? 'pretty' : 'json' });
  const roads = createRoads([]);
  const ports = { clock: systemClock, random: systemRandom, logger };
  const env = {
    accountsFile: './no-such-accounts.json',
    factoryApiKey: createSecret('sandbox'),
    droidRefreshKey: undefined,
    factoryAuthFile: './no-such-auth.json',
    dataDir: './data',
  };
  const { chain } = composeCredentials({ env, settings, roads, ...ports });
  const gateway = composeGateway({ settings, roads, credentials: chain, version: 'demo', ...ports });
  const port = Number(process.argv[2] ?? DEFAULT_PORT);
  const address = await listen(gateway.server, port, '127.0.0.1').catch(async (error: unknown) => {
    process.stderr.write(`demo: ${error instanceof Error ? error.message : String(error)}\n`);
    await sandbox.close();
    return process.exit(1);
  });
  process.stdout.write(
    demoScreen(
      address,
      settings.models.map(({ id }) => id),
    ),
  );
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(0));
}

await demo();
