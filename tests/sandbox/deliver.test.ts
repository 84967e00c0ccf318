import { describe, expect, it } from 'vitest';
import { deliver } from '../../src/sandbox/serving/deliver.ts';
import { ssePlan } from '../../src/sandbox/serving/plan.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { ask, begin, openSandbox } from './raw-client.ts';

const MEGABYTE = 1024 * 1024;
const plan = ssePlan(
  Array.from({ length: 64 }, () => 'x'.repeat(MEGABYTE)),
  {},
);
const pace = { clock: createFakeClock(), delayMs: 0, slowMs: 0 };
const request = { path: '/', method: 'GET' };

describe('the delivery of a large answer', () => {
  it('waits for a caller who reads more slowly than it writes', async () => {
    const sandbox = await openSandbox();
    let waiting = 0;
    sandbox.script({
      handler: (_request, response) => {
        const delivered = deliver(response, plan, pace);
        waiting = response.writableLength;
        return delivered;
      },
    });
    const answer = await ask(sandbox, request);
    expect(answer.bytes).toHaveLength(64 * MEGABYTE);
    expect(waiting).toBeLessThan(2 * MEGABYTE);
  });

  it('ends when the caller leaves in the middle of it', async () => {
    const sandbox = await openSandbox();
    const delivered = new Promise<void>((resolve) => {
      sandbox.script({ handler: (_request, response) => deliver(response, plan, pace).then(resolve) });
    });
    const exchange = begin(sandbox, request);
    await exchange.seen('x');
    exchange.leave();
    await delivered;
    await sandbox.waitFor(() => sandbox.requests[0]?.closed === true);
  });
});
