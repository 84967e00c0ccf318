import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import type { HeaderReader } from '../kernel/codec.ts';

/** An answer whose head has come; the body flows when someone listens. */
export interface UpstreamResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly header: HeaderReader;
  readonly body: Readable;
  /** False when the connection closed before the end of the body. */
  readonly isComplete: () => boolean;
  /** Closes the connection at once. */
  readonly cancel: () => void;
}
