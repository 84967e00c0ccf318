import type {
  Endpoint,
  ModelEntry,
  ModelPool,
  ProxyEntry,
  Settings,
  UpstreamType,
} from '../kernel/settings.ts';
import { builtInCapabilities } from './capability-table.ts';
import type { Config } from './config-schema.ts';

const FACTORY = 'https://api.factory.ai/api/llm';

const DEFAULT_URLS: Readonly<Record<UpstreamType, string>> = {
  anthropic: `${FACTORY}/a/v1/messages`,
  openai: `${FACTORY}/o/v1/responses`,
  common: `${FACTORY}/o/v1/chat/completions`,
  google: `${FACTORY}/g/v1/generate`,
};

/** What `x-api-provider` says where the model does not. */
const DEFAULT_PROVIDERS: Readonly<Record<UpstreamType, string>> = {
  anthropic: 'anthropic',
  openai: 'openai',
  common: 'fireworks',
  google: 'google',
};

const BYTES_PER_MB = 1_048_576;
const MS_PER_HOUR = 3_600_000;

/** Whose models draw on an account's standard allowance; all others are open models. */
const STANDARD_PROVIDER = /(?:^|_)(?:anthropic|openai|google|xai)$/;

const poolOf = (provider: string): ModelPool => (STANDARD_PROVIDER.test(provider) ? 'standard' : 'core');

/** The settings that a checked configuration stands for. */
export function buildSettings(config: Config, proxies: readonly ProxyEntry[]): Settings {
  const { timeouts } = config;
  return {
    port: config.port,
    modelRedirects: config.model_redirects,
    endpoints: {
      anthropic: endpointOf(config, 'anthropic'),
      openai: endpointOf(config, 'openai'),
      common: endpointOf(config, 'common'),
      google: endpointOf(config, 'google'),
    },
    proxies,
    models: config.models.map(modelEntry),
    userAgent: config.user_agent,
    systemPrompt: config.system_prompt,
    devMode: config.dev_mode,
    oauth: { baseUrl: config.oauth.base_url, clientId: config.oauth.client_id },
    bodyLimitBytes: Math.ceil(config.body_limit_mb * BYTES_PER_MB),
    timeouts: {
      connectMs: timeouts.connect_ms,
      firstByteMs: timeouts.first_byte_ms,
      idleMs: timeouts.idle_ms,
      drainMs: timeouts.drain_ms,
    },
    heartbeatMs: config.heartbeat_ms,
    refreshIntervalMs: Math.round(config.refresh_interval_hours * MS_PER_HOUR),
    accountAffinity: config.account_affinity,
    corsOrigins: config.cors_origins,
    strictTranslation: config.strict_translation,
  };
}

function endpointOf(config: Config, type: UpstreamType): Endpoint {
  const own = config.endpoint.find(({ name }) => name === type);
  return { baseUrl: own?.base_url ?? DEFAULT_URLS[type], flavor: own?.flavor ?? 'factory' };
}

/** A configured capability replaces the built-in one as a whole, nested objects too. */
function modelEntry(model: Config['models'][number]): ModelEntry {
  const provider = model.provider ?? DEFAULT_PROVIDERS[model.type];
  return {
    id: model.id,
    name: model.name ?? model.id,
    type: model.type,
    provider,
    pool: poolOf(provider),
    reasoning: model.reasoning,
    fast: model.fast,
    capabilities: { ...builtInCapabilities(model.id), ...model.capabilities },
  };
}
