import http from 'node:http';
import type { IncomingMessage } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import { until } from '../support/until.ts';

/** A client in the middle of its request: it can be watched, and it can go away. */
export interface OpenClient {
  /** Status and headers; rejects when the connection ends before them. */
  readonly head: Promise<IncomingMessage>;
  /** What has arrived so far. */
  readonly text: () => string;
  /** Resolves as soon as what has arrived satisfies `isThere`. */
  readonly seen: (isThere: (text: string) => boolean) => Promise<void>;
  /** Closes the connection at once. */
  readonly leave: () => void;
  /** Resolves when the connection has closed or the answer has ended: whether it was complete. */
  readonly over: Promise<boolean>;
}

/** Posts JSON and reads the answer while it comes. */
export function openPost(url: string, body: unknown): OpenClient {
  const chunks: Buffer[] = [];
  const request = http.request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    agent: false,
  });
  const head = new Promise<IncomingMessage>((resolve, reject) => {
    request.on('response', resolve);
    request.on('error', reject);
  });
  head.catch(() => undefined); // a client that leaves has no answer
  const over = new Promise<boolean>((resolve) => {
    request.on('response', (response) => {
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', () => undefined);
      response.on('close', () => resolve(response.complete));
    });
    request.on('error', () => resolve(false));
  });
  request.end(JSON.stringify(body));
  const text = (): string => Buffer.concat(chunks).toString('utf8');
  return {
    head,
    text,
    seen: (isThere) => until(() => isThere(text())),
    leave: () => request.destroy(),
    over,
  };
}

const MANY_TURNS = 50;

/** Lets whatever is on its way between sockets of this process arrive. */
export async function settle(turns = MANY_TURNS): Promise<void> {
  if (turns === 0) return;
  await setImmediate();
  await settle(turns - 1);
}
