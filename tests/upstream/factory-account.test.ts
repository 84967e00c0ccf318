import { describe, expect, it } from 'vitest';
import { checkConfig } from '../../src/config/check-config.ts';
import type { JsonObject } from '../../src/kernel/json.ts';
import { createSecret } from '../../src/kernel/secret.ts';
import { startSandbox } from '../../src/sandbox/start-sandbox.ts';
import { createFactoryAccount, findFactoryOrigin } from '../../src/upstream/factory-account.ts';
import type { FactoryAccount } from '../../src/upstream/factory-account.ts';
import { createFetchJson } from '../../src/upstream/fetch-json.ts';
import type { FetchJson } from '../../src/upstream/fetch-json.ts';
import { createRoads } from '../../src/upstream/roads.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { closeAfterTest, listenHttp } from '../support/loopback.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';

const TOKEN = createSecret('canary-token');
const NOW = 1_700_000_000_000;

function createFetcher(): FetchJson {
  const roads = createRoads([]);
  closeAfterTest(() => roads.close());
  return createFetchJson({
    roads,
    clock: createFakeClock(),
    logger: createRecordingLogger(),
    userAgent: 'factory-cli/1.2.3',
  });
}

function answering(body: JsonObject): FactoryAccount {
  const fetchJson = (): Promise<JsonObject> => Promise.resolve(body);
  return createFactoryAccount({
    fetchJson,
    origin: 'https://x',
    userAgent: 'me',
    clock: createFakeClock(NOW),
  });
}

const windowOf = (window: JsonObject): JsonObject => ({ limits: { standard: { weekly: window } } });

describe('fetchJson', () => {
  it('asks with the token, and as whom it was told', async () => {
    const seen: unknown[] = [];
    const service = await listenHttp(({ method, url, headers }, response) => {
      const { authorization, accept } = headers;
      seen.push([method, url, authorization, accept, headers['user-agent'], headers['x-more']]);
      response.end('{"a":1}');
    });
    expect(await createFetcher()(`${service.url}/path`, TOKEN, { 'x-more': 'yes' })).toEqual({ a: 1 });
    expect(seen).toEqual([
      ['GET', '/path', 'Bearer canary-token', 'application/json', 'factory-cli/1.2.3', 'yes'],
    ]);
  });

  it.each<[number, string, string, string]>([
    [401, '{}', 'upstream-auth', 'the token is refused (HTTP 401)'],
    [403, 'canary-token is bad', 'upstream-auth', 'the token is refused (HTTP 403)'],
    [500, '{}', 'bad-upstream', 'the account service answered with HTTP 500'],
    [200, '<html>', 'bad-upstream', 'the account service answered with an answer that is no JSON object'],
    [
      200,
      `{"a":"${'x'.repeat(2_000_000)}"}`,
      'bad-upstream',
      'the upstream closed the connection or could not be reached',
    ],
  ])('rejects on %i with a body it cannot use', async (status, body, kind, message) => {
    const service = await listenHttp((_, response) => response.writeHead(status).end(body));
    await expect(createFetcher()(service.url, TOKEN)).rejects.toMatchObject({ kind, message });
  });
});

describe('a Factory account', () => {
  it('is asked as the command line asks', async () => {
    const sandbox = await startSandbox();
    closeAfterTest(() => sandbox.close());
    const token = createSecret(sandbox.issueTokens().accessToken);
    const account = createFactoryAccount({
      fetchJson: createFetcher(),
      origin: sandbox.url,
      userAgent: 'factory-cli/1.2.3',
      clock: createFakeClock(Date.now()),
    });
    expect(await account.organizations(token)).toEqual(['org_sandbox']);
    expect(await account.limits(token)).toHaveLength(6);
    expect(
      sandbox.requests.map(({ path, headers }) => [
        path,
        headers['x-factory-client'],
        headers['x-client-version'],
      ]),
    ).toEqual([
      ['/api/cli/org', 'cli', '1.2.3'],
      ['/api/billing/limits', 'cli', '1.2.3'],
    ]);
  });

  it.each<[string, JsonObject, object[]]>([
    [
      'ISO text',
      { usedPercent: 101.5, windowEnd: '2023-11-14T23:13:20Z' },
      [{ usedPercent: 101.5, endsAt: NOW + 3_600_000 }],
    ],
    ['milliseconds', { usedPercent: 3, windowEnd: NOW + 1 }, [{ usedPercent: 3, endsAt: NOW + 1 }]],
    [
      'milliseconds as text',
      { usedPercent: 3, windowEnd: String(NOW + 1) },
      [{ usedPercent: 3, endsAt: NOW + 1 }],
    ],
    ['nothing', { usedPercent: 3, windowEnd: null }, [{ usedPercent: 3 }]],
    ['nonsense', { usedPercent: 3, windowEnd: 'soon' }, [{ usedPercent: 3 }]],
    ['a moment that is past', { usedPercent: 99, windowEnd: NOW - 1 }, [{ usedPercent: 0, endsAt: NOW - 1 }]],
    ['no percentage', { windowEnd: NOW }, []],
  ])('tells how much is spent of a window that ends at %s', async (_, window, expected) => {
    const limits = await answering(windowOf(window)).limits(TOKEN);
    expect(limits).toEqual(expected.map((some) => ({ pool: 'standard', window: 'weekly', ...some })));
  });

  it.each<[JsonObject, readonly string[]]>([
    [{ workosOrgIds: ['org_1', '', 7, 'org_2'] }, ['org_1', 'org_2']],
    [{}, []],
  ])('reads the organisations in %j', async (body, ids) => {
    expect(await answering(body).organizations(TOKEN)).toEqual(ids);
    expect(await answering(body).limits(TOKEN)).toEqual([]);
  });
});

describe('findFactoryOrigin', () => {
  it.each<[object[], string | undefined]>([
    [[], 'https://api.factory.ai'],
    [[{ name: 'anthropic', base_url: 'http://127.0.0.1:1/v1', flavor: 'vendor' }], 'https://api.factory.ai'],
    [
      [{ name: 'anthropic', base_url: 'https://api.eu.factory.ai/api/llm/a/v1/messages' }],
      'https://api.eu.factory.ai',
    ],
    [
      ['anthropic', 'openai', 'common', 'google'].map((name) => ({
        name,
        base_url: 'http://x/',
        flavor: 'vendor',
      })),
      undefined,
    ],
  ])('is that of the first endpoint of Factory in %j', (endpoint, origin) => {
    const config = checkConfig({ endpoint });
    expect(config.ok && findFactoryOrigin(config.settings)).toBe(origin);
  });
});
