import { describe, expect, it } from 'vitest';
import { checkConfig } from '../../src/config/check-config.ts';
import { DEFAULT_MODELS } from '../../src/config/default-models.ts';
import type { Settings } from '../../src/kernel/settings.ts';

function settingsOf(config: unknown): Settings {
  const result = checkConfig(config);
  if (!result.ok) throw new Error(result.mistakes.join('\n'));
  return result.settings;
}

function mistakesIn(config: unknown): readonly string[] {
  const result = checkConfig(config);
  return result.ok ? [] : result.mistakes;
}

const MODEL = { id: 'm', type: 'common' };

describe('the defaults', () => {
  it('fill every field', () => {
    const { models, ...rest } = settingsOf({});
    expect(models.map(({ id }) => id)).toEqual(DEFAULT_MODELS.map(({ id }) => id));
    expect(rest).toEqual({
      port: 3000,
      modelRedirects: {},
      endpoints: {
        anthropic: { baseUrl: 'https://api.factory.ai/api/llm/a/v1/messages', flavor: 'factory' },
        openai: { baseUrl: 'https://api.factory.ai/api/llm/o/v1/responses', flavor: 'factory' },
        common: { baseUrl: 'https://api.factory.ai/api/llm/o/v1/chat/completions', flavor: 'factory' },
        google: { baseUrl: 'https://api.factory.ai/api/llm/g/v1/generate', flavor: 'factory' },
      },
      proxies: [],
      userAgent: 'factory-cli/0.237.0',
      systemPrompt: '',
      devMode: false,
      oauth: { baseUrl: 'https://api.workos.com', clientId: 'client_01HNM792M5G5G1A2THWPXKFMXB' },
      bodyLimitBytes: 67_108_864,
      timeouts: { connectMs: 10_000, firstByteMs: 600_000, idleMs: 900_000, drainMs: 600_000 },
      heartbeatMs: 15_000,
      refreshIntervalMs: 21_600_000,
      accountAffinity: 'off',
      corsOrigins: [],
      strictTranslation: false,
    });
  });

  it.each([
    ['anthropic', 'anthropic', 'standard'],
    ['openai', 'openai', 'standard'],
    ['common', 'fireworks', 'core'],
    ['google', 'google', 'standard'],
  ])('give a model of type %s the provider %s, its id as name and the level auto', (type, provider, pool) => {
    const [model] = settingsOf({ models: [{ id: 'x', type }] }).models;
    expect(model).toEqual({
      id: 'x',
      name: 'x',
      type,
      provider,
      pool,
      reasoning: 'auto',
      fast: false,
      capabilities: {},
    });
  });
});

describe('the settings', () => {
  it('say what the file says', () => {
    const settings = settingsOf({
      port: 0,
      model_redirects: { 'x-*': 'm' },
      endpoint: [{ name: 'common', base_url: 'http://127.0.0.1:8000/v1/chat/completions', flavor: 'vendor' }],
      proxies: [{ name: 'office', url: 'http://user:p%40ss@proxy:8080' }],
      models: [{ ...MODEL, name: 'M', provider: 'baseten', reasoning: 'xhigh', fast: true }],
      user_agent: 'agent/1',
      system_prompt: 'You are X.\n\n',
      dev_mode: true,
      oauth: { base_url: 'http://127.0.0.1:1', client_id: 'c' },
      body_limit_mb: 0.5,
      timeouts: { connect_ms: 1, first_byte_ms: 2, idle_ms: 3, drain_ms: 4 },
      heartbeat_ms: 5,
      refresh_interval_hours: 0.1,
      cors_origins: ['https://app.example.com', 'app://obsidian.md'],
      strict_translation: true,
    });
    expect(settings).toMatchObject({
      port: 0,
      modelRedirects: { 'x-*': 'm' },
      endpoints: { common: { baseUrl: 'http://127.0.0.1:8000/v1/chat/completions', flavor: 'vendor' } },
      models: [{ name: 'M', provider: 'baseten', reasoning: 'xhigh', fast: true }],
      userAgent: 'agent/1',
      systemPrompt: 'You are X.\n\n',
      devMode: true,
      oauth: { baseUrl: 'http://127.0.0.1:1', clientId: 'c' },
      bodyLimitBytes: 524_288,
      timeouts: { connectMs: 1, firstByteMs: 2, idleMs: 3, drainMs: 4 },
      heartbeatMs: 5,
      refreshIntervalMs: 360_000,
      corsOrigins: ['https://app.example.com', 'app://obsidian.md'],
      strictTranslation: true,
    });
    expect(settings.endpoints.openai.flavor).toBe('factory');
    expect(settings.proxies[0]?.url.reveal()).toBe('http://user:p%40ss@proxy:8080');
  });

  it('keep the other defaults of a group of which one key is set', () => {
    expect(settingsOf({ timeouts: { idle_ms: 7 } }).timeouts).toEqual({
      connectMs: 10_000,
      firstByteMs: 600_000,
      idleMs: 7,
      drainMs: 600_000,
    });
  });

  it('lay configured capabilities over the built-in ones, each key as a whole', () => {
    const capabilities = { thinkingTypes: { enabled: true }, maxOutput: 9000, midSystem: true };
    const { models } = settingsOf({ models: [{ id: 'claude-opus-4-7', type: 'anthropic', capabilities }] });
    expect(models[0]?.capabilities).toMatchObject({
      ...capabilities,
      maxInput: 867_000,
      issuer: 'anthropic',
    });
    expect(models[0]?.capabilities.thinkingTypes).toEqual({ enabled: true });
  });
});

describe('a mistake', () => {
  it.each([
    [
      { models: [MODEL, { ...MODEL, id: 'n', reasoning: 'hgih' }] },
      'models[1].reasoning: "hgih" is not one of auto, off, low, medium, high, xhigh',
    ],
    [
      { models: [{ id: 'x', type: 'claude' }] },
      'models[0].type: "claude" is not one of anthropic, openai, common, google',
    ],
    [{ models: [{ type: 'common' }] }, 'models[0].id: missing, expected a non-empty string'],
    [{ models: [{ id: 'x' }] }, 'models[0].type: missing, expected one of anthropic, openai, common, google'],
    [{ models: [5] }, 'models[0]: 5 is not an object'],
    [{ models: {} }, 'models: an object is not a list'],
    [{ models: [{ ...MODEL, id: '' }] }, 'models[0].id: "" is not a non-empty string'],
    [{ models: [{ ...MODEL, fast: 'yes' }] }, 'models[0].fast: "yes" is not true or false'],
    [
      { models: [{ ...MODEL, capabilities: { maxOutput: 0 } }] },
      'models[0].capabilities.maxOutput: 0 is not a whole number above 0',
    ],
    [
      { models: [{ ...MODEL, capabilities: { efforts: ['huge'] } }] },
      'models[0].capabilities.efforts[0]: "huge" is not one of none, minimal, low, medium, high, xhigh, max',
    ],
    [
      { models: [{ ...MODEL, capabilities: { thinkingBudget: { min: 1 } } }] },
      'models[0].capabilities.thinkingBudget.max: missing, expected a whole number of tokens',
    ],
    [{ models: [MODEL, MODEL] }, 'models[1].id: "m" is already taken by models[0]'],
    [{ port: 'abc' }, 'port: "abc" is not a whole number from 0 to 65535'],
    [{ port: 65536 }, 'port: 65536 is not a whole number from 0 to 65535'],
    [{ port: -1.5 }, 'port: -1.5 is not a whole number from 0 to 65535'],
    [{ port: null }, 'port: null is not a whole number from 0 to 65535'],
    [{ body_limit_mb: 0 }, 'body_limit_mb: 0 is not a number above 0'],
    [
      { timeouts: { idle_ms: 0 } },
      'timeouts.idle_ms: 0 is not a whole number of milliseconds from 1 to 2147483647',
    ],
    [
      { timeouts: { idle_ms: 2 ** 31 } },
      'timeouts.idle_ms: 2147483648 is not a whole number of milliseconds from 1 to 2147483647',
    ],
    [{ timeouts: 5 }, 'timeouts: 5 is not an object'],
    [{ heartbeat_ms: true }, 'heartbeat_ms: true is not a whole number of milliseconds from 1 to 2147483647'],
    [
      { refresh_interval_hours: 0.09 },
      'refresh_interval_hours: 0.09 is not a number of hours from 0.1 to 596',
    ],
    [{ cors_origins: ['*'] }, 'cors_origins[0]: "*" is not an origin such as https://app.example.com'],
    [
      { cors_origins: ['https://a.example/'] },
      'cors_origins[0]: "https://a.example/" is not an origin such as https://app.example.com',
    ],
    [
      { endpoint: [{ name: 'x', base_url: 'http://a' }] },
      'endpoint[0].name: "x" is not one of anthropic, openai, common, google',
    ],
    [
      { endpoint: [{ name: 'openai', base_url: 'ftp://a' }] },
      'endpoint[0].base_url: "ftp://a" is not an http:// or https:// URL',
    ],
    [
      { endpoint: [{ name: 'openai', base_url: 'http://a', flavor: 'x' }] },
      'endpoint[0].flavor: "x" is not one of factory, vendor',
    ],
    [
      {
        endpoint: [
          { name: 'openai', base_url: 'http://a' },
          { name: 'openai', base_url: 'http://b' },
        ],
      },
      'endpoint[1].name: "openai" is already taken by endpoint[0]',
    ],
    [{ model_redirects: { 'claude-*': 5 } }, 'model_redirects["claude-*"]: 5 is not a non-empty string'],
    [{ oauth: { base_url: 'workos' } }, 'oauth.base_url: "workos" is not an http:// or https:// URL'],
    [{ user_agent: '' }, 'user_agent: "" is not a non-empty string'],
    [[], '(top level): a list is not an object'],
    [null, '(top level): null is not an object'],
  ])('is told by its path and what was expected: %j', (config, mistake) => {
    expect(mistakesIn(config)).toEqual([mistake]);
  });

  it('is told together with all others, and with the warnings', () => {
    const result = checkConfig({
      port: 'x',
      heartbeat_ms: 0,
      models: [MODEL, { id: 'm' }, { id: 'm', typo: 1 }],
    });
    expect(result).toEqual({
      ok: false,
      mistakes: [
        'port: "x" is not a whole number from 0 to 65535',
        'models[1].type: missing, expected one of anthropic, openai, common, google',
        'models[2].type: missing, expected one of anthropic, openai, common, google',
        'heartbeat_ms: 0 is not a whole number of milliseconds from 1 to 2147483647',
        'models[1].id: "m" is already taken by models[0]',
        'models[2].id: "m" is already taken by models[0]',
      ],
      warnings: ['models[2].typo: unknown key, ignored'],
    });
  });

  it.each([
    [{ proxies: ['http://user:hunter2@proxy:1'] }],
    [{ proxies: 'http://user:hunter2@proxy:1' }],
    [{ proxies: [{ name: 'http://user:hunter2@proxy:1', url: 5 }] }],
    [{ endpoint: [{ name: 'openai', base_url: 'socks://user:hunter2@proxy:1' }] }],
  ])('never tells a password: %j', (config) => {
    const told = mistakesIn(config).join('\n');
    expect(told).not.toBe('');
    expect(told).not.toContain('hunter2');
  });

  it('shows a long value by its beginning', () => {
    expect(mistakesIn({ port: 'x'.repeat(1000) })[0]?.length).toBeLessThan(150);
  });
});

describe('a warning', () => {
  const warningsFor = (config: unknown): readonly string[] => checkConfig(config).warnings;

  it('names every unknown key by its path and leaves the rest in force', () => {
    const config = {
      modles: [],
      port: 8080,
      timeouts: { idle: 5 },
      models: [{ ...MODEL, resoning: 'high' }],
      'a b': 1,
    };
    const result = checkConfig(config);
    expect(result.warnings).toEqual([
      'models[0].resoning: unknown key, ignored',
      'timeouts.idle: unknown key, ignored',
      'modles: unknown key, ignored',
      '["a b"]: unknown key, ignored',
    ]);
    expect(result).toMatchObject({
      ok: true,
      settings: { port: 8080, models: [{ id: 'm', reasoning: 'auto' }] },
    });
  });

  it('names a redirect that leads to no configured model', () => {
    expect(warningsFor({ models: [MODEL], model_redirects: { a: 'm', 'b-*': 'gone' } })).toEqual([
      'model_redirects["b-*"]: "gone" is not a configured model',
    ]);
  });

  it('says that an empty list of models serves nobody', () => {
    expect(warningsFor({ models: [] })).toEqual([
      'models: the list is empty, every request will be answered with 404',
    ]);
  });

  it.each([
    ['::', 'its URL cannot be read'],
    ['http://user:hunter2@[', 'its URL cannot be read'],
    ['', 'its URL cannot be read'],
    ['socks5://user:hunter2@proxy:1', 'its URL does not begin with http:// or https://'],
    ['proxy:8080', 'its URL does not begin with http:// or https://'],
  ])('names a proxy that is skipped, not its address: %s', (url, fault) => {
    const result = checkConfig({ proxies: [{ name: 'office', url }, { url: 'https://proxy' }] });
    expect(result.warnings).toEqual([`proxies[0] (office): ${fault}, the entry is skipped`]);
    expect(result).toMatchObject({ ok: true, settings: { proxies: [{ name: 'proxy-2' }] } });
  });

  it('says that no proxy is left', () => {
    expect(warningsFor({ proxies: [{ url: 'x' }] }).at(-1)).toBe(
      'proxies: none is usable, requests go out directly',
    );
  });
});
