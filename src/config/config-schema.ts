import { z } from 'zod';
import { REASONING_LEVELS } from '../kernel/reasoning.ts';
import { UPSTREAM_TYPES } from '../kernel/settings.ts';
import { capabilitySchema } from './capability-schema.ts';
import { DEFAULT_MODELS } from './default-models.ts';
import { flag, httpUrl, oneOf, record, text, wholeNumber } from './schema-words.ts';

// Node's timers take at most this many milliseconds; more would fire at once.
const MAX_TIMER_MS = 2_147_483_647;
const MAX_TIMER_HOURS = 596;

const milliseconds = wholeNumber(1, MAX_TIMER_MS, `a whole number of milliseconds from 1 to ${MAX_TIMER_MS}`);
const hours = `a number of hours from 0.1 to ${MAX_TIMER_HOURS}`;
const origin = 'an origin such as https://app.example.com';

const endpoint = record({
  name: oneOf(UPSTREAM_TYPES),
  base_url: httpUrl,
  flavor: oneOf(['factory', 'vendor']).default('factory'),
});

const proxy = record({ name: text.exactOptional(), url: z.string('a string') });

const model = record({
  id: text,
  name: text.exactOptional(),
  type: oneOf(UPSTREAM_TYPES),
  provider: text.exactOptional(),
  reasoning: oneOf(REASONING_LEVELS).default('auto'),
  fast: flag.default(false),
  capabilities: capabilitySchema.default({}),
});

/** The shape of `config.json`, with the default of every key. */
export const configSchema = record({
  port: wholeNumber(0, 65535, 'a whole number from 0 to 65535').default(3000),
  models: z.array(model, 'a list').prefault([...DEFAULT_MODELS]),
  model_redirects: z.record(z.string(), text, 'an object').default({}),
  endpoint: z.array(endpoint, 'a list').default([]),
  proxies: z.array(proxy, 'a list').default([]),
  user_agent: text.default('factory-cli/0.237.0'),
  system_prompt: z.string('a string').default(''),
  dev_mode: flag.default(false),
  oauth: record({
    base_url: httpUrl.default('https://api.workos.com'),
    client_id: text.default('client_01HNM792M5G5G1A2THWPXKFMXB'), // the droid CLI's, a public client
  }).prefault({}),
  body_limit_mb: z.number('a number above 0').positive('a number above 0').default(64),
  timeouts: record({
    connect_ms: milliseconds.default(10_000),
    first_byte_ms: milliseconds.default(600_000),
    idle_ms: milliseconds.default(900_000),
    drain_ms: milliseconds.default(600_000),
  }).prefault({}),
  heartbeat_ms: milliseconds.default(15_000),
  refresh_interval_hours: z.number(hours).min(0.1, hours).max(MAX_TIMER_HOURS, hours).default(6),
  account_affinity: oneOf(['off', 'conversation']).default('off'),
  cors_origins: z
    .array(z.string(origin).regex(/^[a-z][a-z0-9+.-]*:\/\/[^\s/?#]+$/i, origin), 'a list')
    .default([]),
  strict_translation: flag.default(false),
});

/** A checked `config.json` with every default filled in, still in the file's own words. */
export type Config = z.output<typeof configSchema>;
