import { describe, expect, it } from 'vitest';
import type { PlannedAnswer } from '../../src/sandbox/serving/script.ts';
import { ANSWERED, idOf, startAccountGateway } from '../support/account-gateway.ts';
import type { AccountGateway } from '../support/account-gateway.ts';
import { createGate } from '../support/gate.ts';
import { post, postJson } from '../support/gateway.ts';
import { openPost } from '../support/open-client.ts';
import { askPair, inBothForms, questionOf, RELAYED, TRANSLATED } from '../support/pairs.ts';
import { until } from '../support/until.ts';

const [MESSAGES, CHAT_GLM] = RELAYED;
/** A model of the allowance for the vendors' large ones, and one of the open ones'. */
const STANDARD = { ...MESSAGES, stream: false };
const CORE = { ...CHAT_GLM, stream: false };

const spent = (pool: string): PlannedAnswer => ({
  status: 402,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({
    detail: `You have reached your 5-hour limit for the ${pool} pool. It resets in 1h 51min.`,
  }),
});
const OF_ALL: PlannedAnswer = { ...spent('x'), body: '{"detail":"No active subscription found."}' };

const askTimes = async (gateway: AccountGateway, times: number): Promise<void> => {
  if (times === 0) return;
  await askPair(gateway, STANDARD);
  await askTimes(gateway, times - 1);
};

describe('accounts', () => {
  it.each(inBothForms([...RELAYED, ...TRANSLATED]))(
    'take turns: $path for $model, streaming: $stream',
    async (pair) => {
      const gateway = await startAccountGateway({ count: 2 });
      await askPair(gateway, pair);
      await askPair(gateway, pair);
      await askPair(gateway, pair);
      expect(gateway.payers()).toEqual(['a', 'b', 'a']);
    },
  );

  it('that their owner has switched off are never chosen', async () => {
    const gateway = await startAccountGateway({ entry: (name) => ({ enabled: name === 'b' }) });
    await askTimes(gateway, 3);
    expect(gateway.payers()).toEqual(['b', 'b', 'b']);
  });

  it('with a token only, which nobody can renew, pay like others', async () => {
    const gateway = await startAccountGateway({ count: 1, entry: () => ({ refresh_token: undefined }) });
    await askTimes(gateway, 1);
    expect(gateway.payers()).toEqual(['a']);
  });
});

describe('the chain', () => {
  const KEY = { factoryApiKey: 'fk-of-the-gateway' };
  const droidRefreshKey = ({ issueTokens }: AccountGateway['sandbox']): string =>
    issueTokens('r@example.com').refreshToken;

  it('goes from the accounts to the key within one request', async () => {
    const gateway = await startAccountGateway({ ...KEY, count: 2 });
    gateway.sandbox.script(OF_ALL, OF_ALL);
    expect((await askPair(gateway, STANDARD)).status).toBe(200);
    await askPair(gateway, STANDARD);
    expect(gateway.payers()).toEqual(['a', 'b', KEY.factoryApiKey, KEY.factoryApiKey]);
  });

  it('leaves the key alone while an account can pay', async () => {
    const gateway = await startAccountGateway({ ...KEY, count: 2 });
    gateway.sandbox.script(OF_ALL);
    await askTimes(gateway, 2);
    expect(gateway.payers()).toEqual(['a', 'b', 'b']);
  });

  it('goes on to the refresh token where there is no key', async () => {
    const gateway = await startAccountGateway({ count: 1, droidRefreshKey });
    gateway.sandbox.script(OF_ALL);
    expect((await askPair(gateway, STANDARD)).status).toBe(200);
    expect(gateway.payers()).toEqual(['a', 'r']);
  });

  it('takes the key before the refresh token', async () => {
    const gateway = await startAccountGateway({ ...KEY, count: 0, droidRefreshKey });
    await askPair(gateway, STANDARD);
    expect(gateway.payers()).toEqual([KEY.factoryApiKey]);
    expect(gateway.grants()).toBe(0);
  });

  it('never falls back on the client’s own header while accounts are configured', async () => {
    const gateway = await startAccountGateway({ count: 1 });
    gateway.sandbox.script(OF_ALL);
    const ask = () =>
      postJson(gateway.url + STANDARD.path, questionOf(STANDARD, false), { authorization: 'Bearer mine' });
    expect((await ask()).status).toBe(402);
    expect((await ask()).status).toBe(402);
    expect(gateway.payers()).toEqual(['a']);
  });

  it('uses the client’s own header where nothing is configured', async () => {
    const gateway = await startAccountGateway({ count: 0 });
    await postJson(gateway.url + STANDARD.path, questionOf(STANDARD, false), {
      authorization: 'Bearer mine',
    });
    expect(gateway.payers()).toEqual(['mine']);
    expect((await askPair(gateway, STANDARD)).status).toBe(401);
  });
});

describe('an account whose allowance for one kind of models is spent', () => {
  it.each([
    ['standard', STANDARD, CORE],
    ['Droid Core', CORE, STANDARD],
  ] as const)('%s, still serves the other kind', async (pool, served, other) => {
    const gateway = await startAccountGateway({ count: 2 });
    gateway.sandbox.script(spent(pool));
    await askPair(gateway, served); // a, then b
    await askPair(gateway, served);
    expect(gateway.payers()).toEqual(['a', 'b', 'b']);
    await askPair(gateway, other);
    await askPair(gateway, other);
    expect(gateway.payers().slice(3).sort()).toEqual(['a', 'b']);
  });
});

describe('account_affinity', () => {
  const headers = { 'x-session-id': 'one' };
  const ask = (gateway: AccountGateway) =>
    postJson(gateway.url + STANDARD.path, questionOf(STANDARD, false), headers);

  it('keeps a conversation with its account, until that is parked', async () => {
    const gateway = await startAccountGateway({ config: { account_affinity: 'conversation' } });
    await ask(gateway);
    await ask(gateway);
    await askPair(gateway, STANDARD);
    await ask(gateway);
    const [own] = gateway.payers();
    expect(gateway.payers().filter((name) => name === own)).toHaveLength(3);
    gateway.sandbox.script({ ...spent('standard'), account: `${own ?? ''}@example.com` });
    await ask(gateway);
    await ask(gateway);
    await ask(gateway);
    const later = gateway.payers().slice(5);
    expect(later).toHaveLength(3);
    expect(new Set(later).size).toBe(1);
    expect(later).not.toContain(own);
  });

  it('is off unless it is wanted', async () => {
    const gateway = await startAccountGateway();
    await ask(gateway);
    await ask(gateway);
    expect(gateway.payers()).toEqual(['a', 'b']);
  });
});

describe('readiness', () => {
  const ready = async ({ url }: AccountGateway) => {
    const { status, text } = await post(`${url}/readyz`, '', {}, 'GET');
    return { status, text, sources: (JSON.parse(text) as { sources: readonly unknown[] }).sources };
  };

  it('is 503 with a word on each account while none can pay, and 200 again once one may', async () => {
    const gateway = await startAccountGateway({ entry: (name) => ({ enabled: name !== 'c' }) });
    expect((await ready(gateway)).status).toBe(200);
    gateway.sandbox.script(spent('standard'), OF_ALL);
    await askPair(gateway, STANDARD);
    expect((await ready(gateway)).status).toBe(200); // the first one still serves core models
    gateway.sandbox.script({ ...OF_ALL, path: CORE.upstream });
    await askPair(gateway, CORE);
    const { status, text, sources } = await ready(gateway);
    expect(status).toBe(503);
    expect(sources[0]).toEqual({
      name: 'accounts',
      state: 'unusable',
      reason: expect.stringMatching(
        /^a@example\.com: quota .*; b@example\.com: quota is spent .*; c@example\.com: disabled by its owner$/,
      ) as unknown,
    });
    expect(text).not.toContain(String((await gateway.entries())[0]?.['access_token']));
    await gateway.write([...(await gateway.entries()), gateway.login('d')]);
    await gateway.credentials().reload();
    expect((await ready(gateway)).status).toBe(200);
  });

  it('is 200 with nothing configured', async () => {
    expect((await ready(await startAccountGateway({ count: 0 }))).status).toBe(200);
  });
});

describe('an account whose time has come', () => {
  it('is tried with one of many requests, and serves all of them once that went well', async () => {
    const gateway = await startAccountGateway({ count: 2 });
    const { sandbox, clock, url } = gateway;
    sandbox.script({ ...spent('standard'), account: 'a@example.com' });
    await askTimes(gateway, 2);
    clock.advance(6750_000);
    const gate = createGate();
    sandbox.script({
      account: 'a@example.com',
      handler: async (_request, response) => {
        await gate.pass();
        response
          .writeHead(200, { 'content-type': 'application/json' })
          .end('{"type":"message","content":[]}');
      },
    });
    const before = gateway.payers().length;
    const clients = Array.from({ length: 10 }, () =>
      openPost(url + STANDARD.path, questionOf(STANDARD, false)),
    );
    await sandbox.waitFor(() => gateway.payers().length === before + 10);
    expect(
      gateway
        .payers()
        .slice(before)
        .filter((name) => name === 'a'),
    ).toEqual(['a']);
    gate.open();
    await Promise.all(clients.map(({ over }) => over));
    await askTimes(gateway, 2);
    expect(gateway.payers().slice(-2).sort()).toEqual(['a', 'b']);
    expect((await gateway.fates())[0]).toMatchObject({ parked: [], failures: { billing: 1 } });
    expect(gateway.logger.lines.map(({ message }) => message)).toContain('Account a@example.com is back');
  });

  it('waits on when the trial finds it spent, and the request goes on with another', async () => {
    const gateway = await startAccountGateway({ count: 2 });
    const { sandbox, clock } = gateway;
    sandbox.script(
      { ...spent('standard'), account: 'a@example.com' },
      { ...spent('standard'), account: 'a@example.com' },
    );
    await askTimes(gateway, 1);
    clock.advance(6750_000);
    expect((await askPair(gateway, STANDARD)).status).toBe(200);
    await askTimes(gateway, 1);
    expect(gateway.payers()).toEqual(['a', 'b', 'a', 'b', 'b']);
    expect((await gateway.fates())[0]).toMatchObject({ parked: ['quota of standard for 6750 s'] });
  });
});

describe('statistics', () => {
  it('count what each account has done, and go on counting after a restart', async () => {
    const gateway = await startAccountGateway({ count: 2 });
    gateway.sandbox.script(OF_ALL, { failure: 'server-500', account: 'b@example.com' });
    await askPair(gateway, STANDARD); // a is spent, and b fails
    await askPair(gateway, { ...TRANSLATED[0], stream: true });
    await gateway.restart();
    await askPair(gateway, CORE);
    await askPair(gateway, { ...TRANSLATED[1], stream: false });
    const { a, b } = await gateway.states();
    expect(a).toMatchObject({
      requests: 1,
      failures: { billing: 1 },
      tokens: { input: 0, output: 0, cached: 0 },
      lastError: { kind: 'billing', message: 'No active subscription found.' },
      parkings: [{ kind: 'quota', scope: 'account' }],
    });
    expect(b).toMatchObject({ requests: 4, failures: { server: 1 }, lastError: { kind: 'server' } });
    expect(b?.tokens.input).toBeGreaterThan(0);
    expect(b?.tokens.output).toBeGreaterThan(0);
    expect(b?.tokens.cached).toBeGreaterThan(0);
    expect(gateway.payers()).toEqual(['a', 'b', 'b', 'b', 'b']);
  });

  // A relayed chat stream tells its usage only to clients that ask for it.
  const counted = inBothForms([...RELAYED, ...TRANSLATED]).filter(
    ({ path, model, stream }) => !(stream && path === CORE.path && model === CORE.model),
  );
  it.each(counted)(
    'hold the tokens that the log tells of: $path for $model, streaming: $stream',
    async (pair) => {
      const gateway = await startAccountGateway({ count: 1 });
      await askPair(gateway, pair);
      await until(() => gateway.logger.lines.some(({ fields }) => 'outputTokens' in fields));
      const line = gateway.logger.lines.find(({ fields }) => 'outputTokens' in fields);
      const { a } = await gateway.states();
      expect(a?.tokens.input).toBeGreaterThan(0);
      expect(a?.tokens).toMatchObject({
        output: line?.fields['outputTokens'],
        cached: line?.fields['cachedTokens'],
      });
    },
  );

  it('are kept by id: an account that comes back has its past', async () => {
    const gateway = await startAccountGateway({ count: 2 });
    const [, second] = await gateway.entries();
    const first = (await gateway.entries())[0] ?? {};
    await askTimes(gateway, 1);
    await gateway.write([second ?? {}]);
    await gateway.credentials().reload();
    await gateway.restart();
    await gateway.write([second ?? {}, { ...gateway.login('a'), id: idOf('a'), label: first['email'] }]);
    await gateway.credentials().reload();
    await askTimes(gateway, 2);
    expect(await gateway.fates()).toEqual([{ ...ANSWERED, requests: 2 }, ANSWERED]);
  });
});
