import { describe, expect, it } from 'vitest';
import { createRequestLog } from '../../src/sandbox/serving/request-log.ts';
import type { RequestLog } from '../../src/sandbox/serving/request-log.ts';

const record = (log: RequestLog, path: string): ReturnType<RequestLog['record']> =>
  log.record({ method: 'GET', path, headers: {}, body: '' });

describe('the request log', () => {
  it('keeps the last thousand requests', () => {
    const log = createRequestLog();
    Array.from({ length: 1001 }, (_, index) => record(log, `/${index}`));
    expect(log.requests).toHaveLength(1000);
    expect(log.requests[0]?.path).toBe('/1');
  });

  it('counts requests from their beginning to their end', () => {
    const log = createRequestLog();
    const end = log.begin();
    log.begin();
    end();
    expect(log.open()).toBe(1);
  });

  it('tells who waits as soon as a request begins, arrives, is left or ends', async () => {
    const log = createRequestLog();
    const begun = log.waitFor(() => log.open() === 1);
    const end = log.begin();
    await begun;
    const arrived = log.waitFor(() => log.requests.length === 1);
    const entry = record(log, '/');
    await arrived;
    const left = log.waitFor(() => entry.request.closed);
    entry.markClosed();
    await left;
    const ended = log.waitFor(() => log.open() === 0);
    end();
    await expect(ended).resolves.toBeUndefined();
  });

  it('does not keep those waiting for whom it is true already', async () => {
    await expect(createRequestLog().waitFor(() => true)).resolves.toBeUndefined();
  });
});
