import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { createSecret } from '../kernel/secret.ts';
import type { Secret } from '../kernel/secret.ts';
import type { AccessKey } from '../kernel/settings.ts';
import { describeIssue } from './describe-issue.ts';
import { oneOf } from './schema-words.ts';

/** Environment variables by name, as a process has them. */
export type EnvSource = Readonly<Record<string, string | undefined>>;

/** The environment of the process, checked; `~` is expanded in every path. */
export interface Env {
  /** Wins over the configuration file. */
  readonly port: number | undefined;
  readonly host: string;
  readonly configFile: string;
  /** The file was named, so it has to be there. */
  readonly configFileRequired: boolean;
  readonly accountsFile: string;
  readonly dataDir: string;
  readonly factoryApiKey: Secret | undefined;
  readonly droidRefreshKey: Secret | undefined;
  readonly factoryAuthFile: string;
  readonly proxyApiKeys: readonly AccessKey[];
  /** May hold a password, so it is a secret. */
  readonly redisUrl: Secret | undefined;
  readonly logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';
  /** Undefined: whoever writes the log looks whether a person reads it. */
  readonly logFormat: 'pretty' | 'json' | undefined;
  /** Undefined unless all five variables are set. */
  readonly aliyun: AliyunEnv | undefined;
}

/** Where the Aliyun log goes, and with which key. */
interface AliyunEnv {
  readonly endpoint: string;
  readonly project: string;
  readonly logstore: string;
  readonly accessKeyId: Secret;
  readonly accessKeySecret: Secret;
}

export type EnvResult =
  | { readonly ok: true; readonly env: Env; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly mistakes: readonly string[] };

const PORT = 'a whole number from 0 to 65535';
const KEYS = 'one or more keys, separated by commas';
const REDIS_URL = 'a redis:// or rediss:// URL';

const plain = z.string();
const path = plain.transform((value) =>
  /^~(?=[/\\]|$)/.test(value) ? join(homedir(), value.slice(1)) : value,
);
const secret = plain.transform(createSecret);
const word = <Word extends string>(words: readonly [Word, ...Word[]]) =>
  plain.toLowerCase().pipe(oneOf(words));
const keys = plain.transform((list) =>
  list
    .split(',')
    .map((key) => key.trim())
    .filter((key) => key !== ''),
);

/** `name:key`, or a key alone, which is known by its place. */
function accessKey(text: string, index: number): AccessKey {
  const [, name, key] = /^([\w.-]{1,40}):(.+)$/.exec(text) ?? [];
  return name === undefined || key === undefined
    ? { name: `key ${index + 1}`, key: createSecret(text) }
    : { name, key: createSecret(key) };
}

const envSchema = z.object({
  PORT: plain
    .refine((value) => /^\d{1,5}$/.test(value) && Number(value) <= 65535, PORT)
    .transform(Number)
    .optional(),
  HOST: plain.default('127.0.0.1'),
  CONFIG_FILE: path.optional(),
  ACCOUNTS_FILE: path.default('./accounts.json'),
  DATA_DIR: path.default('./data'),
  FACTORY_API_KEY: secret.optional(),
  DROID_REFRESH_KEY: secret.optional(),
  FACTORY_AUTH_FILE: path.prefault('~/.factory/auth.json'),
  PROXY_API_KEYS: keys
    .refine((list) => list.length > 0, KEYS)
    .transform((list) => list.map(accessKey))
    .default([]),
  REDIS_URL: plain
    .refine((value) => /^rediss?:\/\//i.test(value) && URL.canParse(value), REDIS_URL)
    .transform(createSecret)
    .optional(),
  LOG_LEVEL: word(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  LOG_FORMAT: word(['pretty', 'json']).optional(),
  ALIYUN_LOG_ENDPOINT: plain.optional(),
  ALIYUN_LOG_PROJECT: plain.optional(),
  ALIYUN_LOG_LOGSTORE: plain.optional(),
  ALIYUN_ACCESS_KEY_ID: secret.optional(),
  ALIYUN_ACCESS_KEY_SECRET: secret.optional(),
  // The rest is for the compose file and the sync script; a slip is better found here than there.
  TUNNEL_TOKEN: secret.optional(),
  SYNC_SERVER: plain.optional(),
  SYNC_REMOTE_PATH: plain.optional(),
  DEPLOY_TYPE: word(['docker-compose', 'docker', 'pm2', 'systemd', 'none']).optional(),
});

type Variables = z.output<typeof envSchema>;

/** Every variable that has a meaning. */
export const ENV_NAMES: readonly string[] = Object.keys(envSchema.shape);

/** Checks variables; one that is empty counts as not set. A mistake names its variable and never tells a secret. */
export function checkEnv(source: EnvSource): EnvResult {
  const values = Object.entries(source).map(([name, value]) => [name, value?.trim() ?? ''] as const);
  const set = Object.fromEntries(values.filter(([, value]) => value !== ''));
  const parsed = envSchema.safeParse(set, { reportInput: true });
  return parsed.success
    ? { ok: true, env: buildEnv(parsed.data), warnings: aliyunWarnings(set) }
    : { ok: false, mistakes: parsed.error.issues.map((issue) => describeIssue(issue, isSecret(issue.path))) };
}

const isSecret = ([name]: readonly PropertyKey[]): boolean =>
  name === 'PROXY_API_KEYS' || name === 'REDIS_URL';

const buildEnv = (variables: Variables): Env => ({
  port: variables.PORT,
  host: variables.HOST,
  configFile: variables.CONFIG_FILE ?? './config.json',
  configFileRequired: variables.CONFIG_FILE !== undefined,
  accountsFile: variables.ACCOUNTS_FILE,
  dataDir: variables.DATA_DIR,
  factoryApiKey: variables.FACTORY_API_KEY,
  droidRefreshKey: variables.DROID_REFRESH_KEY,
  factoryAuthFile: variables.FACTORY_AUTH_FILE,
  proxyApiKeys: variables.PROXY_API_KEYS,
  redisUrl: variables.REDIS_URL,
  logLevel: variables.LOG_LEVEL,
  logFormat: variables.LOG_FORMAT,
  aliyun: findAliyun(variables),
});

function findAliyun(variables: Variables): AliyunEnv | undefined {
  const { ALIYUN_LOG_ENDPOINT: endpoint, ALIYUN_LOG_PROJECT: project } = variables;
  const { ALIYUN_LOG_LOGSTORE: logstore, ALIYUN_ACCESS_KEY_ID: accessKeyId } = variables;
  const { ALIYUN_ACCESS_KEY_SECRET: accessKeySecret } = variables;
  if (endpoint === undefined || project === undefined || logstore === undefined) return undefined;
  if (accessKeyId === undefined || accessKeySecret === undefined) return undefined;
  return { endpoint, project, logstore, accessKeyId, accessKeySecret };
}

function aliyunWarnings(set: EnvSource): string[] {
  const names = ENV_NAMES.filter((name) => name.startsWith('ALIYUN_'));
  const missing = names.filter((name) => set[name] === undefined);
  if (missing.length === names.length) return [];
  return missing.map((name) => `${name}: missing, so nothing is sent to the Aliyun log`);
}
