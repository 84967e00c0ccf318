import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { ScriptedAnswer } from '../../src/sandbox/serving/script.ts';
import { idOf, startAccountGateway } from '../support/account-gateway.ts';
import type { AccountGateway } from '../support/account-gateway.ts';
import { createGate } from '../support/gate.ts';
import type { Gate } from '../support/gate.ts';
import { askPair, RELAYED } from '../support/pairs.ts';
import { until, withTime } from '../support/until.ts';

const ASKED = { ...RELAYED[0], stream: false };
const GRANT = '/user_management/authenticate';
const HOUR = 3600_000;
const JSON_HEAD = { 'content-type': 'application/json' };

const SPENT: ScriptedAnswer = {
  status: 402,
  headers: JSON_HEAD,
  body: '{"detail":"No subscription found."}',
};

/** WorkOS answers its next caller only once the gate is opened. */
function holdGrant({ sandbox }: Pick<AccountGateway, 'sandbox'>, email: string): Gate<void> {
  const gate = createGate();
  const handler = async (_request: unknown, response: ServerResponse): Promise<void> => {
    await gate.pass();
    const { accessToken, refreshToken } = sandbox.issueTokens(email);
    const body = { access_token: accessToken, refresh_token: refreshToken };
    response.writeHead(200, JSON_HEAD).end(JSON.stringify(body));
  };
  sandbox.script({ path: GRANT, handler });
  return gate;
}

const messages = ({ logger }: AccountGateway): readonly string[] =>
  logger.lines.map(({ message }) => message);

const refreshes = (gateway: AccountGateway): readonly string[] =>
  messages(gateway).filter((message) => message.startsWith('Token refreshed successfully'));

/** Lets the gateway see what has become of the file. */
async function noticed(gateway: AccountGateway, pattern: RegExp): Promise<void> {
  gateway.clock.advance(1500);
  await until(() => messages(gateway).some((message) => pattern.test(message)));
}

const tokensOf = async ({ entries }: AccountGateway): Promise<readonly unknown[]> =>
  (await entries()).map((entry) => entry['access_token']);

describe('a token that has ended', () => {
  it('is renewed once, however many requests wait for it', async () => {
    const gateway = await startAccountGateway({ count: 1 });
    gateway.clock.advance(9 * HOUR);
    const gate = holdGrant(gateway, 'a@example.com');
    const asked = Array.from({ length: 50 }, () => askPair(gateway, ASKED));
    await gate.reached;
    gate.open();
    const answers = await Promise.all(asked);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(gateway.grants()).toBe(1);
    expect(gateway.payers()).toHaveLength(50);
    expect(refreshes(gateway)).toEqual([
      `Token refreshed successfully, expires at: ${new Date(gateway.clock.now() + 8 * HOUR).toISOString()}`,
    ]);
  });

  it('keeps no request waiting that another account can pay for', async () => {
    const gateway = await startAccountGateway({ count: 2 });
    gateway.clock.advance(9 * HOUR);
    await gateway.write([(await gateway.entries())[0] ?? {}, { ...gateway.login('b'), id: idOf('c') }]);
    await gateway.credentials().reload();
    const gate = holdGrant(gateway, 'a@example.com');
    const started = gateway.credentials().start();
    await gate.reached; // the refresh of the first account hangs
    const answers = [await askPair(gateway, ASKED), await askPair(gateway, ASKED)];
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(gateway.payers()).toEqual(['b', 'b']);
    gate.open();
    await started;
    await askPair(gateway, ASKED);
    await askPair(gateway, ASKED);
    expect(gateway.payers().slice(2).sort()).toEqual(['a', 'b']);
  });

  it('that nobody renews any more makes room for the next account', async () => {
    const gateway = await startAccountGateway({ count: 2 });
    gateway.clock.advance(9 * HOUR);
    gateway.sandbox.script({
      path: GRANT,
      status: 400,
      headers: JSON_HEAD,
      body: '{"error":"invalid_grant"}',
    });
    const { status } = await askPair(gateway, ASKED);
    expect(status).toBe(200);
    expect(gateway.payers()).toEqual(['b']);
    expect(messages(gateway)).toContainEqual(
      expect.stringMatching(/^Token refresh of a@example\.com failed: .*invalid_grant.*npm run add-account/),
    );
    expect(await tokensOf(gateway)).toHaveLength(2); // and nothing is erased
  });

  it('is a 503 that says what to do when WorkOS is out of reach', async () => {
    const gateway = await startAccountGateway({ count: 1 });
    gateway.clock.advance(9 * HOUR);
    gateway.sandbox.script(
      { path: GRANT, failure: 'reset-on-connect' },
      { path: GRANT, failure: 'reset-on-connect' },
    );
    const { status, text } = await askPair(gateway, ASKED);
    expect(status).toBe(503);
    expect(text).toMatch(/a@example\.com.*the next try is at/);
    expect(gateway.payers()).toEqual([]);
    gateway.clock.advance(5000);
    await until(() => gateway.credentials().chain.readiness().ready);
    expect((await askPair(gateway, ASKED)).status).toBe(200);
  });
});

describe('a refresh ahead of time', () => {
  it('delays nobody: the old token is sent as long as it is good', async () => {
    const gateway = await startAccountGateway({ count: 1 });
    gateway.clock.advance(7 * HOUR); // older than the refresh interval, and good for another hour
    const gate = holdGrant(gateway, 'a@example.com');
    const [before] = await tokensOf(gateway);
    const answers = [await askPair(gateway, ASKED), await askPair(gateway, ASKED)];
    await gate.reached;
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect((await askPair(gateway, ASKED)).status).toBe(200);
    gate.open();
    await gateway.credentials().stop(); // which waits for it
    const [after] = await tokensOf(gateway);
    await askPair(gateway, ASKED);
    expect(gateway.grants()).toBe(1);
    const sent = gateway.sandbox.requests
      .filter(({ path }) => path !== GRANT)
      .map(({ headers }) => headers.authorization?.replace('Bearer ', ''));
    expect(sent).toEqual([before, before, before, after]);
  });

  it('comes for parked and disabled accounts as well', async () => {
    const gateway = await startAccountGateway({ entry: (name) => ({ enabled: name !== 'c' }) });
    await gateway.credentials().start();
    gateway.sandbox.script(SPENT);
    await askPair(gateway, ASKED); // a is parked
    const before = await tokensOf(gateway);
    gateway.clock.advance(6 * HOUR);
    await withTime(
      gateway.clock,
      until(() => refreshes(gateway).length === 3),
    );
    const after = await tokensOf(gateway);
    expect(after.filter((token) => before.includes(token))).toEqual([]);
    expect(gateway.grants()).toBe(3);
  });

  it('brings back, on trial, what was waiting for it', async () => {
    const gateway = await startAccountGateway({ count: 2 });
    await gateway.credentials().start();
    gateway.sandbox.script(SPENT);
    await askPair(gateway, ASKED);
    await askPair(gateway, ASKED);
    expect(gateway.payers()).toEqual(['a', 'b', 'b']);
    gateway.clock.advance(6 * HOUR);
    await withTime(
      gateway.clock,
      until(() => refreshes(gateway).length === 2),
    );
    await gateway.credentials().stop(); // which waits for the last of them
    await askPair(gateway, ASKED); // the trial
    await askPair(gateway, ASKED);
    await askPair(gateway, ASKED);
    expect(gateway.payers()[3]).toBe('a');
    expect(gateway.payers().slice(4).sort()).toEqual(['a', 'b']);
  });
});

describe('the file of accounts, while the gateway runs', () => {
  const started = async (count = 1): Promise<AccountGateway> => {
    const gateway = await startAccountGateway({ count });
    await gateway.credentials().start();
    return gateway;
  };

  it('brings an account that is added', async () => {
    const gateway = await started();
    await gateway.write([...(await gateway.entries()), gateway.login('b')]);
    await noticed(gateway, /^Account b@example\.com is taken up/);
    await askPair(gateway, ASKED);
    await askPair(gateway, ASKED);
    expect(gateway.payers().toSorted()).toEqual(['a', 'b']);
  });

  it('takes an account away that is removed', async () => {
    const gateway = await started(2);
    await gateway.write((await gateway.entries()).slice(1));
    await noticed(gateway, /^Account a@example\.com is no longer used/);
    await askPair(gateway, ASKED);
    await askPair(gateway, ASKED);
    expect(gateway.payers()).toEqual(['b', 'b']);
  });

  it('costs nothing when it is broken, which is reported once, without its content', async () => {
    const gateway = await started(2);
    const text = JSON.stringify({ version: 1, accounts: await gateway.entries() });
    const before = await tokensOf(gateway);
    await gateway.writeText(text.slice(0, -40));
    await noticed(gateway, /accounts\.json is not/);
    await askPair(gateway, ASKED);
    await askPair(gateway, ASKED);
    expect(gateway.payers()).toEqual(['a', 'b']);
    const complaints = gateway.logger.lines.filter(({ level }) => level === 'error');
    expect(complaints).toHaveLength(1);
    expect(JSON.stringify(complaints)).not.toContain(String(before[0]));
    await gateway.writeText(text);
    gateway.clock.advance(1500);
    await gateway.credentials().reload();
    expect((await askPair(gateway, ASKED)).status).toBe(200);
  });

  it('skips an entry that is malformed, reports it, and leaves it in the file as it is', async () => {
    const gateway = await started();
    const odd = { email: 'odd@example.com', refresh_token: 42, note: 'mine' };
    await gateway.write([odd, ...(await gateway.entries())]);
    await noticed(gateway, /accounts\[0\] holds no text in "refresh_token"/);
    gateway.clock.advance(9 * HOUR);
    await askPair(gateway, ASKED); // which writes the file
    expect(gateway.payers()).toEqual(['a']);
    expect((await gateway.entries())[0]).toEqual(odd);
  });

  it('brings an account back that its owner wants back', async () => {
    const gateway = await started(2);
    gateway.sandbox.script(SPENT);
    await askPair(gateway, ASKED);
    gateway.clock.advance(1000);
    const [first = {}, second = {}] = await gateway.entries();
    await gateway.write([{ ...first, enabled: true, enabled_at: gateway.clock.now() }, second]);
    await noticed(gateway, /^Account a@example\.com is back/);
    await askPair(gateway, ASKED);
    await askPair(gateway, ASKED);
    expect(gateway.payers().slice(2).sort()).toEqual(['a', 'b']);
  });

  it('switches an account off, and on again', async () => {
    const gateway = await started(2);
    const [first = {}, second = {}] = await gateway.entries();
    await gateway.write([{ ...first, enabled: false }, second]);
    await gateway.credentials().reload();
    await askPair(gateway, ASKED);
    await askPair(gateway, ASKED);
    expect(gateway.payers()).toEqual(['b', 'b']);
    await gateway.write([{ ...first, enabled: true }, second]);
    await gateway.credentials().reload();
    await askPair(gateway, ASKED);
    await askPair(gateway, ASKED);
    expect(gateway.payers().slice(2).sort()).toEqual(['a', 'b']);
  });

  it('may hold nothing at first', async () => {
    const gateway = await startAccountGateway({ count: 0 });
    await gateway.credentials().start();
    expect((await askPair(gateway, ASKED)).status).toBe(401);
    await gateway.write([gateway.login('a')]);
    await noticed(gateway, /^Account a@example\.com is taken up/);
    expect((await askPair(gateway, ASKED)).status).toBe(200);
  });

  it('with a new login of an account whose token was refused, brings it back', async () => {
    const gateway = await started(1);
    const { sandbox } = gateway;
    sandbox.script(
      { failure: 'refused-401' },
      { path: GRANT, status: 400, headers: JSON_HEAD, body: '{"error":"invalid_grant"}' },
    );
    expect((await askPair(gateway, ASKED)).status).toBe(502);
    expect((await askPair(gateway, ASKED)).status).toBe(503);
    const login = gateway.login('a');
    await gateway.write([{ ...login, enabled: true, enabled_at: gateway.clock.now() + 1 }]);
    gateway.clock.advance(1500);
    await until(() => messages(gateway).includes('Account a@example.com is back'));
    expect((await askPair(gateway, ASKED)).status).toBe(200);
  });
});
