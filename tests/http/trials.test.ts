import { describe, expect, it } from 'vitest';
import { startAccountGateway } from '../support/account-gateway.ts';
import type { AccountGateway } from '../support/account-gateway.ts';
import { postJson } from '../support/gateway.ts';
import { openPost } from '../support/open-client.ts';
import { askPair, questionOf, RELAYED } from '../support/pairs.ts';

const [MESSAGES] = RELAYED;
const PAIR = { ...MESSAGES, stream: false };
const JSON_BODY = { 'content-type': 'application/json' };
const SPENT = 'You have reached your 5-hour limit. It resets in 10min.';
const PAST_RESET_MS = 12 * 60_000;

/** A gateway whose first account was out of quota and may be tried. */
async function startWithDue(count: number): Promise<AccountGateway> {
  const gateway = await startAccountGateway({ count });
  gateway.sandbox.script({ status: 402, headers: JSON_BODY, body: JSON.stringify({ detail: SPENT }) });
  await askPair(gateway, PAIR);
  gateway.clock.advance(PAST_RESET_MS);
  return gateway;
}

const saysBack = ({ logger }: AccountGateway): boolean =>
  logger.lines.some(({ message }) => message === 'Account a@example.com is back');

describe('an account that may be back', () => {
  it('is not back because it counts tokens, which costs nothing; what costs something tells', async () => {
    const gateway = await startWithDue(1);
    gateway.sandbox.script({ status: 200, headers: JSON_BODY, body: '{"input_tokens":5}' });
    const counted = await postJson(`${gateway.url}/v1/messages/count_tokens`, questionOf(PAIR, false));
    expect([counted.status, counted.text]).toEqual([200, '{"input_tokens":5}']);
    expect(saysBack(gateway)).toBe(false);
    expect((await askPair(gateway, PAIR)).status).toBe(200);
    expect(saysBack(gateway)).toBe(true);
  });

  it('serves other requests too while its trial is answered for minutes', async () => {
    const gateway = await startWithDue(1);
    const { sandbox, url, clock } = gateway;
    sandbox.script({ headers: { 'content-type': 'text/event-stream' }, chunks: [], ending: 'hang' });
    const trial = openPost(url + PAIR.path, questionOf(PAIR, true));
    await sandbox.waitFor(() => sandbox.requests.length === 2);
    const early = await askPair(gateway, PAIR);
    expect([early.status, early.headers['retry-after'], early.headers['x-should-retry']]).toEqual([
      503,
      '5',
      'true',
    ]);
    clock.advance(5000);
    expect((await askPair(gateway, PAIR)).status).toBe(200);
    expect(saysBack(gateway)).toBe(true);
    trial.leave();
    await trial.over;
  });

  it('does not draw all requests to itself when it refuses what they ask', async () => {
    const gateway = await startWithDue(2);
    gateway.sandbox.script({
      status: 403,
      headers: JSON_BODY,
      body: '{"detail":"not for your organisation"}',
    });
    expect((await askPair(gateway, PAIR)).status).toBe(403);
    await askPair(gateway, PAIR);
    await askPair(gateway, PAIR);
    expect(gateway.payers()).toEqual(['a', 'b', 'a', 'b', 'b']);
  });
});
