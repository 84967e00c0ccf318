import type { IncomingHttpHeaders } from 'node:http';

const KEPT_REQUESTS = 1000;

/** One request as it arrived. */
export interface RecordedRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** The caller went away before the answer was complete. */
  readonly closed: boolean;
}

/** Requests, the last thousand of them, and who waits for what they become. */
export interface RequestLog {
  readonly requests: readonly RecordedRequest[];
  readonly open: () => number;
  /** One more request is under way; the returned function says that it no longer is. */
  readonly begin: () => () => void;
  readonly record: (request: Omit<RecordedRequest, 'closed'>) => Entry;
  /** Resolves as soon as `predicate` holds, now or after any change; rejects when the log is closed. */
  readonly waitFor: (predicate: () => boolean) => Promise<void>;
  readonly close: () => void;
}

/** A recorded request that may still turn out to be abandoned. */
export interface Entry {
  readonly request: RecordedRequest;
  readonly markClosed: () => void;
}

interface Waiter {
  readonly predicate: () => boolean;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

export function createRequestLog(): RequestLog {
  const requests: RecordedRequest[] = [];
  const waiters = new Set<Waiter>();
  let open = 0;
  const changed = (): void => {
    for (const waiter of waiters) {
      if (!waiter.predicate()) continue;
      waiters.delete(waiter);
      waiter.resolve();
    }
  };
  return {
    requests,
    open: () => open,
    begin: () => {
      open += 1;
      changed();
      return () => {
        open -= 1;
        changed();
      };
    },
    record: (given) => {
      const request = { ...given, closed: false };
      requests.push(request);
      if (requests.length > KEPT_REQUESTS) requests.shift();
      changed();
      return {
        request,
        markClosed: () => {
          request.closed = true;
          changed();
        },
      };
    },
    waitFor: (predicate) =>
      new Promise((resolve, reject) => {
        if (predicate()) resolve();
        else waiters.add({ predicate, resolve, reject });
      }),
    close: () => {
      for (const waiter of waiters) waiter.reject(new Error('the sandbox was closed'));
      waiters.clear();
    },
  };
}
