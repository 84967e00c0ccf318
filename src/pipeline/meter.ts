import type { GatewayError } from '../kernel/gateway-error.ts';
import type { Clock } from '../kernel/ports.ts';
import type { Usage } from '../kernel/reply.ts';
import type { StreamEvent } from '../kernel/stream-event.ts';
import type { RequestRecord } from '../kernel/request-record.ts';
import type { ClientCall } from './client-call.ts';

type Facts = Pick<RequestRecord, 'model' | 'upstream' | 'lane' | 'notes'>;

type End = (error: GatewayError | undefined, usage: Usage | undefined) => void;

/** Gathers the facts of one request and records them exactly once. */
export interface Meter {
  readonly know: (facts: Partial<Facts>) => void;
  /** The request is sent, on the account of this name. */
  readonly attempt: (account: string) => void;
  readonly firstByte: (status: number) => void;
  readonly usage: (usage: Usage | undefined) => void;
  /** Watches the events of a translated answer. */
  readonly observe: (event: StreamEvent) => void;
  /** Has `run` told how the request ended, before it is recorded. */
  readonly onFinish: (run: End) => void;
  /** The request is over; the first call counts. */
  readonly finish: (error?: GatewayError) => void;
}

export interface MeterDeps {
  readonly clock: Clock;
  readonly record: (record: RequestRecord) => void;
}

export function createMeter(
  { requestId, path: route, clientKey }: Pick<ClientCall, 'requestId' | 'path' | 'clientKey'>,
  { clock, record }: MeterDeps,
): Meter {
  const startedAt = clock.now();
  let facts: Facts = { model: undefined, upstream: undefined, lane: undefined, notes: '' };
  let account: string | undefined;
  let attempts = 0;
  let status: number | undefined;
  let firstByteMs: number | undefined;
  let usage: Usage | undefined;
  let failure: GatewayError | undefined;
  let onFinish: End | undefined;
  let over = false;

  return {
    know: (more) => {
      facts = { ...facts, ...more };
    },
    attempt: (label) => {
      account = label;
      attempts += 1;
    },
    firstByte: (sent) => {
      status = sent;
      firstByteMs = clock.now() - startedAt;
    },
    usage: (seen) => {
      usage = seen ?? usage;
    },
    observe: (event) => {
      if (event.type === 'usage') usage = event.usage;
      else if (event.type === 'reply-start') usage = event.usage ?? usage;
      else if (event.type === 'error') failure = event.error;
      else if (event.type === 'reply-end') failure = undefined; // of an earlier asking
    },
    onFinish: (run) => {
      onFinish = run;
    },
    finish: (error) => {
      if (over) return;
      over = true;
      const cause = error ?? failure;
      onFinish?.(cause, usage);
      record({
        requestId,
        time: startedAt,
        route,
        ...facts,
        status: status ?? cause?.status ?? 499,
        durationMs: clock.now() - startedAt,
        ...{ firstByteMs, usage, account, clientKey, attempts },
        errorKind: cause?.kind,
        errorMessage: cause?.message,
      });
    },
  };
}
