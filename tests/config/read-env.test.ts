import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkEnv } from '../../src/config/check-env.ts';
import type { Env, EnvSource } from '../../src/config/check-env.ts';
import { readEnv } from '../../src/config/read-env.ts';

function envOf(source: EnvSource): Env {
  const result = checkEnv(source);
  if (!result.ok) throw new Error(result.mistakes.join('\n'));
  return result.env;
}

describe('checkEnv', () => {
  it('fills in the defaults', () => {
    expect(envOf({})).toEqual({
      port: undefined,
      host: '127.0.0.1',
      configFile: './config.json',
      configFileRequired: false,
      accountsFile: './accounts.json',
      dataDir: './data',
      factoryApiKey: undefined,
      droidRefreshKey: undefined,
      factoryAuthFile: join(homedir(), '.factory', 'auth.json'),
      proxyApiKeys: [],
      redisUrl: undefined,
      logLevel: 'info',
      logFormat: undefined,
      aliyun: undefined,
    });
  });

  it('takes an empty or blank variable for one that is not set', () => {
    expect(envOf({ PORT: '', HOST: '  ', CONFIG_FILE: '', LOG_LEVEL: '', PROXY_API_KEYS: '' })).toEqual(
      envOf({}),
    );
  });

  it('reads what is set', () => {
    const env = envOf({
      PORT: ' 8080 ',
      HOST: '0.0.0.0',
      CONFIG_FILE: '/etc/droid.json',
      ACCOUNTS_FILE: 'a.json',
      DATA_DIR: '/var/lib/droid',
      LOG_LEVEL: 'WARN',
      LOG_FORMAT: 'json',
      DEPLOY_TYPE: 'pm2',
    });
    expect(env).toMatchObject({
      port: 8080,
      host: '0.0.0.0',
      configFile: '/etc/droid.json',
      configFileRequired: true,
      accountsFile: 'a.json',
      dataDir: '/var/lib/droid',
      logLevel: 'warn',
      logFormat: 'json',
    });
  });

  it.each([
    ['~/x/auth.json', join(homedir(), 'x', 'auth.json')],
    ['~', homedir()],
    ['~other/auth.json', '~other/auth.json'],
    ['/a/~/b', '/a/~/b'],
  ])('expands the home directory in %s', (written, read) => {
    expect(envOf({ FACTORY_AUTH_FILE: written }).factoryAuthFile).toBe(read);
  });

  it('splits the gateway keys at commas', () => {
    const keys = envOf({ PROXY_API_KEYS: 'one, two,,three,' }).proxyApiKeys;
    expect(keys.map(({ name, key }) => [name, key.reveal()])).toEqual([
      ['key 1', 'one'],
      ['key 2', 'two'],
      ['key 3', 'three'],
    ]);
  });

  it('takes the name in front of a gateway key', () => {
    const keys = envOf({ PROXY_API_KEYS: 'laptop:one, :two,ci.bot:a:b' }).proxyApiKeys;
    expect(keys.map(({ name, key }) => [name, key.reveal()])).toEqual([
      ['laptop', 'one'],
      ['key 2', ':two'],
      ['ci.bot', 'a:b'],
    ]);
  });

  it('keeps secrets secret', () => {
    const env = envOf({
      FACTORY_API_KEY: 'hunter2',
      DROID_REFRESH_KEY: 'hunter2',
      PROXY_API_KEYS: 'hunter2',
      REDIS_URL: 'redis://:hunter2@host:6379',
      ALIYUN_LOG_ENDPOINT: 'https://cn-hangzhou.log.aliyuncs.com',
      ALIYUN_LOG_PROJECT: 'p',
      ALIYUN_LOG_LOGSTORE: 'l',
      ALIYUN_ACCESS_KEY_ID: 'hunter2',
      ALIYUN_ACCESS_KEY_SECRET: 'hunter2',
    });
    expect(inspect(env, { depth: 9 }) + JSON.stringify(env)).not.toContain('hunter2');
    expect(env.factoryApiKey?.reveal()).toBe('hunter2');
    expect(env.droidRefreshKey?.reveal()).toBe('hunter2');
    expect(env.redisUrl?.reveal()).toBe('redis://:hunter2@host:6379');
    expect(env.aliyun).toMatchObject({
      endpoint: 'https://cn-hangzhou.log.aliyuncs.com',
      project: 'p',
      logstore: 'l',
    });
    expect(env.aliyun?.accessKeySecret.reveal()).toBe('hunter2');
  });

  it.each([
    ['PORT', 'abc', 'PORT: "abc" is not a whole number from 0 to 65535'],
    ['PORT', '65536', 'PORT: "65536" is not a whole number from 0 to 65535'],
    ['PORT', '-1', 'PORT: "-1" is not a whole number from 0 to 65535'],
    ['LOG_LEVEL', 'loud', 'LOG_LEVEL: "loud" is not one of trace, debug, info, warn, error, fatal, silent'],
    ['LOG_FORMAT', 'xml', 'LOG_FORMAT: "xml" is not one of pretty, json'],
    ['DEPLOY_TYPE', 'k8s', 'DEPLOY_TYPE: "k8s" is not one of docker-compose, docker, pm2, systemd, none'],
    ['PROXY_API_KEYS', ' , ', 'PROXY_API_KEYS: the value is not one or more keys, separated by commas'],
    ['REDIS_URL', 'http://:hunter2@host', 'REDIS_URL: the value is not a redis:// or rediss:// URL'],
  ])('tells a bad %s: %s', (name, value, mistake) => {
    expect(checkEnv({ [name]: value })).toEqual({ ok: false, mistakes: [mistake] });
  });

  it('tells all mistakes at once', () => {
    const result = checkEnv({ PORT: 'x', LOG_FORMAT: 'y' });
    expect(result.ok ? [] : result.mistakes).toHaveLength(2);
  });

  it('warns when the Aliyun log is half configured', () => {
    const result = checkEnv({ ALIYUN_LOG_ENDPOINT: 'e', ALIYUN_LOG_PROJECT: 'p', ALIYUN_LOG_LOGSTORE: 'l' });
    expect(result).toMatchObject({
      ok: true,
      env: { aliyun: undefined },
      warnings: [
        'ALIYUN_ACCESS_KEY_ID: missing, so nothing is sent to the Aliyun log',
        'ALIYUN_ACCESS_KEY_SECRET: missing, so nothing is sent to the Aliyun log',
      ],
    });
  });
});

describe('readEnv', () => {
  let directory = '';
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'droid2api-env-'));
  });
  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  const read = (dotenv: string, source: EnvSource) => {
    const file = join(directory, '.env');
    writeFileSync(file, dotenv);
    return readEnv(source, file);
  };

  it('reads the .env file', () => {
    expect(read('# mine\nPORT=8080\nHOST="0.0.0.0"\n', {})).toMatchObject({
      ok: true,
      env: { port: 8080, host: '0.0.0.0' },
    });
  });

  it('lets a variable that is set win over the file, also one that is set to nothing', () => {
    const source = { PORT: '1', CONFIG_FILE: '' };
    expect(read('PORT=2\nCONFIG_FILE=other.json\n', source)).toMatchObject({
      ok: true,
      env: { port: 1, configFileRequired: false },
    });
    expect(source).toEqual({ PORT: '1', CONFIG_FILE: '' });
  });

  it('does without the file', () => {
    expect(readEnv({ PORT: '1' }, join(directory, 'absent'))).toMatchObject({ ok: true, env: { port: 1 } });
  });

  it('reports a file that cannot be read', () => {
    expect(readEnv({}, directory)).toEqual({
      ok: false,
      mistakes: [`${directory}: cannot be read (EISDIR)`],
    });
  });

  it('reads the environment of the process by default', () => {
    const result = readEnv(undefined, join(directory, 'absent'));
    expect(result.ok).toBe(true);
  });
});
