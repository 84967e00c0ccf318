import http from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { composeGateway } from '../../src/compose.ts';
import { checkConfig } from '../../src/config/check-config.ts';
import { createClientHeaderSource } from '../../src/credentials/client-header.ts';
import { createFixedKeySource } from '../../src/credentials/fixed-key.ts';
import { createCredentialChain } from '../../src/credentials/resolve-credential.ts';
import type { CredentialChain } from '../../src/credentials/resolve-credential.ts';
import { createSecret } from '../../src/kernel/secret.ts';
import type { Settings } from '../../src/kernel/settings.ts';
import { listen } from '../../src/listen.ts';
import { startSandbox } from '../../src/sandbox/start-sandbox.ts';
import type { Sandbox, SandboxOptions } from '../../src/sandbox/start-sandbox.ts';
import { createRoads } from '../../src/upstream/roads.ts';
import type { Roads } from '../../src/upstream/roads.ts';
import { createFakeClock } from './fake-clock.ts';
import type { FakeClock } from './fake-clock.ts';
import { closeAfterTest } from './loopback.ts';
import { createRecordingLogger } from './recording-logger.ts';
import type { RecordingLogger } from './recording-logger.ts';
import { createRepeatableRandom } from './repeatable-random.ts';

/** One model of each type, with plain ids. */
export const MODELS = [
  { name: 'Claude', id: 'claude', type: 'anthropic' },
  { name: 'GPT', id: 'gpt', type: 'openai' },
  { name: 'GLM', id: 'glm', type: 'common' },
  { name: 'Gemini', id: 'gemini', type: 'google' },
] as const;

export interface TestGateway {
  readonly url: string;
  readonly port: number;
  readonly sandbox: Sandbox;
  /** Stands still until a test moves it on. */
  readonly clock: FakeClock;
  readonly logger: RecordingLogger;
  readonly settings: Settings;
}

export interface GatewayOptions {
  /** Members of `config.json` over the defaults of the tests. */
  readonly config?: Readonly<Record<string, unknown>>;
  readonly sandbox?: SandboxOptions;
  /** As in `PROXY_API_KEYS`, by name; none unless told. */
  readonly accessKeys?: Readonly<Record<string, string>>;
  /** A new one unless told. */
  readonly clock?: FakeClock;
  readonly credentials?: CredentialChain | ((parts: CredentialRoom) => Promise<CredentialChain>);
}

/** What credentials that log in need of the gateway that they belong to. */
export type CredentialRoom = Pick<TestGateway, 'sandbox' | 'clock' | 'logger' | 'settings'> & {
  readonly roads: Roads;
};

/** The gateway on a real socket in front of a sandbox, with a fixed key; both end with the test. */
export async function startGateway(options: GatewayOptions = {}): Promise<TestGateway> {
  const sandbox = await startSandbox(options.sandbox);
  closeAfterTest(() => sandbox.close());
  const config = checkConfig({
    models: MODELS,
    system_prompt: '',
    endpoint: [
      { name: 'anthropic', base_url: `${sandbox.url}/api/llm/a/v1/messages` },
      { name: 'openai', base_url: `${sandbox.url}/api/llm/o/v1/responses` },
      { name: 'common', base_url: `${sandbox.url}/api/llm/o/v1/chat/completions` },
      { name: 'google', base_url: `${sandbox.url}/api/llm/g/v1/generate` },
    ],
    oauth: { base_url: sandbox.url },
    ...options.config,
  });
  if (!config.ok) throw new Error(config.mistakes.join('\n'));
  const { settings } = config;
  const clock = options.clock ?? createFakeClock();
  const logger = createRecordingLogger();
  const roads = createRoads(settings.proxies);
  const given = options.credentials ?? fixedKeyChain();
  const credentials =
    typeof given === 'function' ? await given({ sandbox, clock, logger, settings, roads }) : given;
  const { server, close } = composeGateway({
    settings,
    roads,
    clock,
    logger,
    credentials,
    accessKeys: Object.entries(options.accessKeys ?? {}).map(([name, key]) => ({
      name,
      key: createSecret(key),
    })),
    version: '0.0.0',
    random: createRepeatableRandom(),
  });
  const url = await listen(server, 0, '127.0.0.1');
  closeAfterTest(async () => {
    close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url, port: Number(new URL(url).port), sandbox, clock, logger, settings };
}

/** Credentials as with `FACTORY_API_KEY=key-of-the-gateway`. */
const fixedKeyChain = (): CredentialChain =>
  createCredentialChain(
    [createFixedKeySource(createSecret('key-of-the-gateway'))],
    createClientHeaderSource(),
  );

/** Credentials as with nothing configured: every client brings its own. */
export const clientKeyChain = (): CredentialChain =>
  createCredentialChain([createFixedKeySource(undefined)], createClientHeaderSource());

export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  readonly text: string;
  /** False when the connection closed before the end of the body. */
  readonly complete: boolean;
}

/** Posts (or sends by another method) exactly these bytes and reads the whole answer, even one that breaks off. */
export function post(
  url: string,
  body: string | Uint8Array,
  headers: Readonly<Record<string, string>> = {},
  method = 'POST',
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const request = http.request(
      url,
      { method, headers: { 'content-type': 'application/json', ...headers }, agent: false },
      (response) => {
        const chunks: Buffer[] = [];
        const finish = (): void => {
          const bytes = Buffer.concat(chunks);
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            bytes,
            text: bytes.toString('utf8'),
            complete: response.complete,
          });
        };
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', () => undefined);
        response.on('close', finish);
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

/** Posts JSON. */
export const postJson = (
  url: string,
  body: unknown,
  headers?: Readonly<Record<string, string>>,
): Promise<RawAnswer> => post(url, JSON.stringify(body), headers);
