import http from 'node:http';
import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../src/kernel/gateway-error.ts';
import type { LogFields } from '../../src/kernel/ports.ts';
import { createSecret } from '../../src/kernel/secret.ts';
import type { Secret } from '../../src/kernel/secret.ts';
import { until } from '../support/until.ts';
import { createGate } from '../support/gate.ts';
import { startGateway } from '../support/gateway.ts';
import type { TestGateway } from '../support/gateway.ts';
import { openPost, settle } from '../support/open-client.ts';
import { inBothForms, questionOf, RELAYED, TRANSLATED } from '../support/pairs.ts';
import { alarms, requestLines } from '../support/request-lines.ts';
import { stubChain } from '../support/stub-chain.ts';

const PAIRS = [...RELAYED, ...TRANSLATED];
const STREAMED = PAIRS.map((pair) => ({ ...pair, stream: true }));
const WHOLE = PAIRS.map((pair) => ({ ...pair, stream: false }));
const JSON_HEAD = { 'content-type': 'application/json' };

/** The upstream has seen its caller leave, and the log has one calm line. */
async function expectCancelled(gateway: TestGateway, status: number): Promise<void> {
  const { sandbox, clock } = gateway;
  await sandbox.waitFor(() => sandbox.open() === 0);
  expect(sandbox.requests.map(({ closed }) => closed)).toEqual([true]);
  await expectCalmLine(gateway, { status, attempts: 1 });
  await until(() => clock.pending() === 0);
}

async function expectCalmLine({ logger }: TestGateway, fields: LogFields): Promise<void> {
  await until(() => requestLines(logger).length > 0);
  expect(requestLines(logger)).toEqual([expect.objectContaining({ errorKind: 'cancelled', ...fields })]);
  expect(alarms(logger)).toEqual([]);
}

describe('C013 a client that leaves', () => {
  it.each(inBothForms(PAIRS))(
    'before the upstream has answered ends its request: $path $model, streaming: $stream',
    async (pair) => {
      const gateway = await startGateway();
      gateway.sandbox.script({ failure: 'silent' });
      const client = openPost(gateway.url + pair.path, questionOf(pair, pair.stream));
      await gateway.sandbox.waitFor(() => gateway.sandbox.requests.length === 1);
      client.leave();
      await expectCancelled(gateway, 499);
    },
  );

  it.each(STREAMED)('after a heartbeat ends the upstream request: $path $model', async (pair) => {
    const gateway = await startGateway();
    gateway.sandbox.script({ failure: 'silent' });
    const client = openPost(gateway.url + pair.path, questionOf(pair, true));
    await gateway.sandbox.waitFor(() => gateway.sandbox.requests.length === 1);
    gateway.clock.advance(15_000);
    await client.seen((text) => text.includes('ping'));
    client.leave();
    await expectCancelled(gateway, 200);
  });

  it.each(STREAMED)('in the middle of a stream ends the upstream request: $path $model', async (pair) => {
    const gateway = await startGateway();
    gateway.sandbox.script({ failure: 'stall' });
    const client = openPost(gateway.url + pair.path, questionOf(pair, true));
    await client.seen((text) => text.includes('data: '));
    client.leave();
    await expectCancelled(gateway, 200);
  });

  it.each([RELAYED[0], TRANSLATED[0]])('keeps the usage that was told so far: $path $model', async (pair) => {
    const { url, sandbox, logger } = await startGateway();
    sandbox.script({ failure: 'stall' });
    const client = openPost(url + pair.path, questionOf(pair, true));
    await client.seen((text) => text.includes('data: '));
    client.leave();
    await until(() => requestLines(logger).length > 0);
    expect(requestLines(logger)[0]?.['inputTokens']).toBeGreaterThan(0);
  });

  it.each(RELAYED)('in the middle of a JSON body ends the upstream request: $path $model', async (pair) => {
    const gateway = await startGateway();
    gateway.sandbox.script({ failure: 'stall' });
    const client = openPost(gateway.url + pair.path, questionOf(pair, false));
    await client.seen((text) => text.startsWith('{'));
    client.leave();
    await expectCancelled(gateway, 200);
  });

  it.each(TRANSLATED)('while its JSON answer is gathered ends the upstream request: $model', async (pair) => {
    const gateway = await startGateway();
    gateway.sandbox.script({ failure: 'stall' });
    const client = openPost(gateway.url + pair.path, questionOf(pair, false));
    await gateway.sandbox.waitFor(() => gateway.sandbox.requests.length === 1);
    await settle();
    client.leave();
    await expectCancelled(gateway, 499);
  });

  it.each(WHOLE)(
    'while the body of a refusal is read ends the upstream request: $path $model',
    async (pair) => {
      const gateway = await startGateway();
      gateway.sandbox.script({ status: 500, headers: JSON_HEAD, chunks: ['{"error":{'], ending: 'hang' });
      const client = openPost(gateway.url + pair.path, questionOf(pair, false));
      await gateway.sandbox.waitFor(() => gateway.sandbox.requests.length === 1);
      await settle();
      client.leave();
      await expectCancelled(gateway, 499);
    },
  );
});

describe('a client that leaves before anything was sent', () => {
  it.each(RELAYED)('during its upload costs no upstream request: $path', async ({ path }) => {
    const gateway = await startGateway();
    const headers = { 'content-type': 'application/json', 'content-length': 1000, expect: '100-continue' };
    const request = http.request(gateway.url + path, { method: 'POST', headers, agent: false });
    request.on('error', () => undefined);
    request.flushHeaders();
    await new Promise((resolve) => request.once('continue', resolve));
    await new Promise((resolve) => request.write('{"model":"claude","str', resolve));
    await settle();
    request.destroy();
    await expectCalmLine(gateway, { status: 499, attempts: 0 });
    expect(gateway.sandbox.requests).toEqual([]);
  });

  it.each(inBothForms(PAIRS))(
    'is let go while its token is fetched: $path $model, streaming: $stream',
    async (pair) => {
      const fetching = createGate<Secret>();
      const gateway = await startGateway({ credentials: stubChain({ token: fetching.pass }) });
      const client = openPost(gateway.url + pair.path, questionOf(pair, pair.stream));
      await fetching.reached;
      client.leave();
      await expectCalmLine(gateway, { status: 499, attempts: 0 });
      fetching.open(createSecret('too-late'));
      await settle();
      expect(gateway.sandbox.requests).toEqual([]);
      expect(gateway.clock.pending()).toBe(0);
    },
  );

  it('is no failure of the login that goes wrong afterwards', async () => {
    const fetching = createGate<Secret>();
    const gateway = await startGateway({ credentials: stubChain({ token: fetching.pass }) });
    const client = openPost(gateway.url + RELAYED[0].path, questionOf(RELAYED[0], true));
    await fetching.reached;
    client.leave();
    await settle();
    fetching.refuse(new GatewayError('unavailable', 'the login service is down'));
    await settle();
    await expectCalmLine(gateway, { status: 499, attempts: 0 });
  });

  it('while a refused token is renewed is let go, and nothing is asked again', async () => {
    const renewing = createGate<Secret | undefined>();
    const gateway = await startGateway({ credentials: stubChain({ renew: renewing.pass }) });
    gateway.sandbox.script({ failure: 'refused-401' });
    const client = openPost(gateway.url + RELAYED[0].path, questionOf(RELAYED[0], true));
    await renewing.reached;
    client.leave();
    await expectCalmLine(gateway, { status: 499, attempts: 1 });
    renewing.open(createSecret('second-token'));
    await settle();
    expect(gateway.sandbox.requests.length).toBe(1);
  });
});
