import { rm } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { ScriptedAnswer } from '../../src/sandbox/serving/script.ts';
import { ANSWERED, startAccountGateway } from '../support/account-gateway.ts';
import type { AccountGateway } from '../support/account-gateway.ts';
import { createGate } from '../support/gate.ts';
import { openPost } from '../support/open-client.ts';
import { askPair, questionOf, RELAYED } from '../support/pairs.ts';
import { requestLines } from '../support/request-lines.ts';
import { until } from '../support/until.ts';

const ASKED = { ...RELAYED[0], stream: false };
const GRANT = '/user_management/authenticate';
const JSON_HEAD = { 'content-type': 'application/json' };

/** Sends `count` requests; the ten that the first account gets are all refused at the same moment. */
async function askTogether(
  gateway: AccountGateway,
  count: number,
  status: number,
): Promise<readonly number[]> {
  const gate = createGate();
  const handler = async (_request: unknown, response: ServerResponse): Promise<void> => {
    await gate.pass();
    response.writeHead(status, JSON_HEAD).end('{"detail":"No. It resets in 1h 51min."}');
  };
  const refusal: ScriptedAnswer = { account: 'a@example.com', path: '/api/llm/', handler };
  gateway.sandbox.script(...Array.from({ length: 10 }, () => refusal));
  const asked = Array.from({ length: count }, () => askPair(gateway, ASKED));
  await gateway.sandbox.waitFor(() => gateway.payers().length === count);
  gate.open();
  const answers = await Promise.all(asked);
  return [...new Set(answers.map((answer) => answer.status))];
}

const disabling = ({ logger }: AccountGateway): readonly string[] =>
  logger.lines.map(({ message }) => message).filter((message) => message.includes(' disabled: '));

describe('many requests at once', () => {
  it('that are told 401 share one refresh, and all are answered', async () => {
    const gateway = await startAccountGateway({ count: 1 });
    expect(await askTogether(gateway, 10, 401)).toEqual([200]);
    expect(gateway.grants()).toBe(1);
    expect(await gateway.fates()).toEqual([{ ...ANSWERED, requests: 10 }]);
  });

  it('that are told 401 where the login is over share one refusal, and all move on', async () => {
    const gateway = await startAccountGateway({ count: 2 });
    const body = '{"error":"invalid_grant"}';
    gateway.sandbox.script({ path: GRANT, status: 400, headers: JSON_HEAD, body });
    expect(await askTogether(gateway, 20, 401)).toEqual([200]);
    expect(gateway.grants()).toBe(1);
    expect(disabling(gateway)).toHaveLength(1);
    const [a, b] = await gateway.fates();
    expect(a).toMatchObject({ requests: 10, parked: ['login of account'] });
    expect(b).toEqual({ ...ANSWERED, requests: 20 });
  });

  it('that are told 402 park their account once, and all move on', async () => {
    const gateway = await startAccountGateway({ count: 2 });
    expect(await askTogether(gateway, 20, 402)).toEqual([200]);
    expect(disabling(gateway)).toHaveLength(1);
    const { a } = await gateway.states();
    expect(a?.parkings).toMatchObject([{ kind: 'quota', count: 1 }]);
  });
});

describe('the only account, while one request finds out whether its quota is back', () => {
  it('makes the others wait a little, and serves them once the trial is over', async () => {
    const gateway = await startAccountGateway({ count: 1 });
    const { sandbox, clock, url } = gateway;
    sandbox.script({ failure: 'quota-402' }, { failure: 'silent' });
    await askPair(gateway, ASKED);
    clock.advance(6750_000);
    const trial = openPost(url + ASKED.path, questionOf(ASKED, true));
    await sandbox.waitFor(() => gateway.payers().length === 2);
    const { status, headers } = await askPair(gateway, ASKED);
    expect(status).toBe(503);
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    expect(headers['x-should-retry']).toBe('true');
    trial.leave();
    await until(() => requestLines(gateway.logger).length === 3);
    expect((await askPair(gateway, ASKED)).status).toBe(200);
  });
});

describe('what outlives the process', () => {
  it('is a cool-down, to the second', async () => {
    const gateway = await startAccountGateway({ count: 1 });
    gateway.sandbox.script({ failure: 'throttled-429' });
    await askPair(gateway, ASKED);
    gateway.clock.advance(3000);
    await gateway.restart();
    const { status, headers } = await askPair(gateway, ASKED);
    expect([status, headers['retry-after']]).toEqual([429, '4']);
    expect(gateway.payers()).toEqual(['a']);
    gateway.clock.advance(4000);
    expect((await askPair(gateway, ASKED)).status).toBe(200);
  });
});

describe('a WorkOS that is out of order', () => {
  it('lets a refused account wait, which is tried again once it has its new token', async () => {
    const gateway = await startAccountGateway({ count: 2 });
    gateway.sandbox.script({ failure: 'refused-401' }, { path: GRANT, status: 500, body: '' });
    expect((await askPair(gateway, ASKED)).status).toBe(200);
    expect(gateway.payers()).toEqual(['a', 'b']);
    gateway.clock.advance(5000); // the next try, in the background
    await gateway.sandbox.waitFor(() => gateway.grants() === 2);
    await gateway.credentials().stop(); // which waits for it
    await askPair(gateway, ASKED);
    expect(gateway.payers()).toEqual(['a', 'b', 'a']);
    expect((await gateway.fates())[0]).toMatchObject({ parked: [], failures: { authentication: 1 } });
  });
});

describe('accounts whose file', () => {
  it('is emptied stay; once it is gone they go, and the key takes over', async () => {
    const gateway = await startAccountGateway({ count: 1, factoryApiKey: 'fk-key' });
    await gateway.writeText('');
    await gateway.credentials().reload();
    await askPair(gateway, ASKED);
    await rm(gateway.file);
    await gateway.credentials().reload();
    await askPair(gateway, ASKED);
    expect(gateway.payers()).toEqual(['a', 'fk-key']);
  });
});
