import type { ErrorKind } from './gateway-error.ts';
import type { Usage } from './reply.ts';
import type { UpstreamType } from './settings.ts';

/** What is known of one request when it is over; never a prompt, an answer or a secret. */
export interface RequestRecord {
  readonly requestId: string;
  /** Unix milliseconds. */
  readonly time: number;
  readonly route: string;
  readonly model: string | undefined;
  readonly upstream: UpstreamType | undefined;
  readonly lane: 'relay' | 'translate' | undefined;
  /** The status the client got; 499 when it left before the head. */
  readonly status: number;
  readonly durationMs: number;
  /** Until the first byte towards the client. */
  readonly firstByteMs: number | undefined;
  readonly usage: Usage | undefined;
  readonly account: string | undefined;
  /** Name of the gateway key that the client showed. */
  readonly clientKey: string | undefined;
  readonly attempts: number;
  readonly notes: string;
  readonly errorKind: ErrorKind | undefined;
  readonly errorMessage: string | undefined;
}
