import { describe, expect, it } from 'vitest';
import type { PlannedAnswer } from '../../src/sandbox/serving/script.ts';
import { ANSWERED, idOf, UNTOUCHED, startAccountGateway } from '../support/account-gateway.ts';
import type { AccountGateway, AccountGatewayOptions, Fate } from '../support/account-gateway.ts';
import { createGate } from '../support/gate.ts';
import { postJson } from '../support/gateway.ts';
import type { RawAnswer } from '../support/gateway.ts';
import { freePort, listenProxy } from '../support/loopback.ts';
import { openPost, settle } from '../support/open-client.ts';
import { askPair, inBothForms, questionOf, RELAYED, TRANSLATED } from '../support/pairs.ts';
import { requestLines } from '../support/request-lines.ts';
import { failedAnswer, failedWith } from '../support/told-error.ts';
import { until } from '../support/until.ts';

const [MESSAGES, CHAT] = RELAYED;
const PAIRS = inBothForms([MESSAGES, CHAT, TRANSLATED[1], TRANSLATED[8]]);
const ASKED = { ...MESSAGES, stream: true };
const GRANT = '/user_management/authenticate';

const spent: PlannedAnswer = { failure: 'quota-402', path: '/api/llm/' };
const throttled: PlannedAnswer = { failure: 'throttled-429', path: '/api/llm/' };
const refused: PlannedAnswer = { failure: 'refused-401', path: '/api/llm/' };
const invalidGrant: PlannedAnswer = {
  path: GRANT,
  status: 400,
  headers: { 'content-type': 'application/json' },
  body: '{"error":"invalid_grant","error_description":"The session has ended."}',
};

async function askAfter(
  script: readonly PlannedAnswer[],
  options?: AccountGatewayOptions,
): Promise<{ readonly gateway: AccountGateway; readonly answer: RawAnswer }> {
  const gateway = await startAccountGateway(options);
  gateway.sandbox.script(...script);
  return { gateway, answer: await askPair(gateway, ASKED) };
}

const retryHeaders = ({ headers }: RawAnswer): readonly unknown[] => [
  headers['retry-after'],
  headers['x-should-retry'],
];

const SPENT = { requests: 1, health: 100, failures: { billing: 1 } };
const THROTTLED: Fate = {
  ...ANSWERED,
  failures: { 'rate-limit': 1 },
  parked: ['throttle of account for 7 s'],
};
const LOGGED_OUT: Fate = { ...ANSWERED, failures: { authentication: 1 }, parked: ['login of account'] };
const SPENT_STANDARD: Fate = { ...SPENT, parked: ['quota of standard for 6750 s'] };

describe.each(PAIRS)('a request, $path for $model, stream: $stream,', (pair) => {
  it('is sent three times in all: 503 while a fourth account is ready', async () => {
    const gateway = await startAccountGateway({ count: 4 });
    gateway.sandbox.script(spent, spent, spent);
    const answer = await askPair(gateway, pair);
    expect(failedAnswer(answer)).toEqual(
      failedWith(pair.path, 503, {
        openai: 'server_error',
        anthropic: 'api_error',
        code: answer.text.includes('"code":null') ? null : (expect.any(String) as unknown as string),
        message: expect.stringContaining('another account is ready, ask again') as unknown,
      }),
    );
    expect(retryHeaders(answer)).toEqual(['1', 'true']);
    expect(gateway.payers()).toEqual(['a', 'b', 'c']);
    expect((await gateway.fates())[3]).toEqual(UNTOUCHED);
  });

  it('is a 402 that is not worth another try when the quota of all is spent', async () => {
    const gateway = await startAccountGateway();
    gateway.sandbox.script(spent, spent, spent);
    const answer = await askPair(gateway, pair);
    const code = 'insufficient_quota';
    const told = { openai: code, anthropic: 'billing_error', code };
    expect(failedAnswer(answer)).toEqual(failedWith(pair.path, 402, told));
    expect(retryHeaders(answer)).toEqual([undefined, 'false']);
    const next = await askPair(gateway, pair);
    expect(failedAnswer(next)).toEqual(failedWith(pair.path, 402, told));
    expect(next.headers['x-should-retry']).toBe('false');
    expect(gateway.payers()).toEqual(['a', 'b', 'c']);
  });

  it('is a 429 with the time to wait when all are throttled, and goes nowhere', async () => {
    const gateway = await startAccountGateway({ count: 2 });
    gateway.sandbox.script(throttled, throttled);
    await askPair(gateway, pair);
    gateway.clock.advance(2000);
    const answer = await askPair(gateway, pair);
    const code = 'rate_limit_exceeded';
    const type = 'rate_limit_error';
    expect(failedAnswer(answer)).toEqual(failedWith(pair.path, 429, { openai: type, anthropic: type, code }));
    expect(retryHeaders(answer)).toEqual(['5', undefined]);
    expect(gateway.payers()).toEqual(['a', 'b']);
  });
});

describe('a refusal that is the account’s', () => {
  it('hops once for 429: the second one is passed on, and no third account is asked', async () => {
    const { gateway, answer } = await askAfter([throttled, throttled]);
    expect(answer.status).toBe(429);
    expect(retryHeaders(answer)).toEqual(['7', undefined]);
    expect(gateway.payers()).toEqual(['a', 'b']);
    expect(await gateway.fates()).toEqual([THROTTLED, THROTTLED, UNTOUCHED]);
  });

  it('may be another one the second time: 402, then 429', async () => {
    const { gateway, answer } = await askAfter([spent, throttled]);
    expect(answer.status).toBe(200);
    expect(gateway.payers()).toEqual(['a', 'b', 'c']);
    expect(await gateway.fates()).toEqual([SPENT_STANDARD, THROTTLED, ANSWERED]);
  });

  it('is a 429 when some accounts are only throttled, and the rest is spent', async () => {
    const { gateway, answer } = await askAfter([spent, throttled], { count: 2 });
    expect(answer.status).toBe(429);
    expect(answer.headers['retry-after']).toBe('7');
    expect((await askPair(gateway, ASKED)).status).toBe(429);
    expect(gateway.payers()).toEqual(['a', 'b']);
  });

  it('tells a bare 429 with the time that the account cools down', async () => {
    const bare = { status: 429, headers: { 'content-type': 'application/json' }, body: '{"detail":"slow"}' };
    const { answer } = await askAfter([bare], { count: 1 });
    expect(answer.status).toBe(429);
    expect(answer.headers['retry-after']).toBe('60');
  });

  it('401 twice: the account is disabled though its token was renewed, and the next one answers', async () => {
    const { gateway, answer } = await askAfter([refused, refused]);
    expect(answer.status).toBe(200);
    expect(gateway.payers()).toEqual(['a', 'a', 'b']);
    expect(gateway.grants()).toBe(1);
    expect(await gateway.fates()).toEqual([LOGGED_OUT, ANSWERED, UNTOUCHED]);
    expect(gateway.logger.lines.map(({ message }) => message)).toContainEqual(
      expect.stringMatching(/^Account a@example\.com disabled: its login was refused/),
    );
  });

  it('401 without a new token: the account is disabled, and the next one answers', async () => {
    const { gateway, answer } = await askAfter([refused, invalidGrant]);
    expect(answer.status).toBe(200);
    expect(gateway.payers()).toEqual(['a', 'b']);
    expect(gateway.grants()).toBe(1);
    expect(await gateway.fates()).toEqual([LOGGED_OUT, ANSWERED, UNTOUCHED]);
  });

  it('401 of everyone: 502, three requests in all, each account asked with two tokens at most', async () => {
    const { gateway, answer } = await askAfter([refused, refused, refused]);
    expect(answer.status).toBe(502);
    expect(answer.text).toContain('expired or revoked');
    expect(gateway.payers()).toEqual(['a', 'a', 'b']);
    expect(await gateway.fates()).toEqual([LOGGED_OUT, LOGGED_OUT, UNTOUCHED]);
  });

  it('is nobody else’s: an account is asked once, however few there are', async () => {
    const { gateway, answer } = await askAfter([throttled], { count: 1 });
    expect(answer.status).toBe(429);
    expect(gateway.payers()).toEqual(['a']);
  });
});

describe('a client that leaves', () => {
  it('while its request waits for another token ends it: nothing more is sent', async () => {
    const gateway = await startAccountGateway();
    const { sandbox, url, logger } = gateway;
    const gate = createGate();
    sandbox.script(refused, {
      path: GRANT,
      handler: async (_request, response) => {
        await gate.pass();
        response.writeHead(503).end();
      },
    });
    const client = openPost(url + ASKED.path, questionOf(ASKED, true));
    await gate.reached;
    client.leave();
    await until(() => requestLines(logger).length === 1);
    gate.open();
    await sandbox.waitFor(() => sandbox.open() === 0);
    await settle();
    expect(gateway.payers()).toEqual(['a']);
    expect(await gateway.fates()).toEqual([ANSWERED, UNTOUCHED, UNTOUCHED]);
  });

  it('while the upstream still words its refusal ends it: no other account is asked', async () => {
    const gateway = await startAccountGateway();
    const { sandbox, url, logger } = gateway;
    sandbox.script({ status: 402, chunks: ['{"detail":"You have'], ending: 'hang' });
    const client = openPost(url + ASKED.path, questionOf(ASKED, true));
    await sandbox.waitFor(() => sandbox.requests.length === 1);
    await settle();
    client.leave();
    await until(() => requestLines(logger).length === 1);
    await sandbox.waitFor(() => sandbox.open() === 0);
    await settle();
    expect(gateway.payers()).toEqual(['a']);
  });

  it('while a trial waits for its token gives the trial back to the next request', async () => {
    const gateway = await startAccountGateway({ count: 1 });
    const { sandbox, url, clock, logger } = gateway;
    sandbox.script(spent);
    await askPair(gateway, ASKED);
    clock.advance(9 * 3600_000); // the quota is back; the token has ended meanwhile
    const gate = createGate();
    const wait = async (_request: unknown, response: { end: () => void }): Promise<void> => {
      await gate.pass();
      response.end();
    };
    sandbox.script({ path: GRANT, handler: wait });
    const client = openPost(url + ASKED.path, questionOf(ASKED, true));
    await gate.reached;
    client.leave();
    await until(() => requestLines(logger).length === 2);
    gate.open();
    await gateway.sandbox.waitFor(() => gateway.grants() === 2);
    await gateway.credentials().stop(); // which waits for it
    expect((await askPair(gateway, ASKED)).status).toBe(200);
  });
});

describe('a proxy that fails', () => {
  it.each([
    ['refuses the connection', async () => freePort()],
    ['wants a password', async () => (await listenProxy(() => 407)).port],
    ['reaches nobody', async () => (await listenProxy(() => 502)).port],
  ])('and %s costs no account its health', async (_how, start) => {
    const proxies = [{ name: 'p', url: `http://127.0.0.1:${await start()}` }];
    const gateway = await startAccountGateway({ config: { proxies } });
    const { status } = await askPair(gateway, ASKED);
    expect(status).toBe(502);
    expect(await gateway.fates()).toEqual([ANSWERED, UNTOUCHED, UNTOUCHED]);
    expect(gateway.payers()).toEqual([]);
  });
});

describe('an account’s id', () => {
  it('tells it from another login of the same person', async () => {
    const gateway = await startAccountGateway({ count: 0 });
    await gateway.write([{ ...gateway.login('a') }, { ...gateway.login('a'), id: idOf('b') }]);
    await gateway.credentials().reload();
    gateway.sandbox.script(spent);
    expect((await postJson(gateway.url + ASKED.path, questionOf(ASKED, true))).status).toBe(200);
    expect(gateway.payers()).toEqual(['a', 'a']);
  });
});
