import type { ClientCodec, HeaderReader } from '../kernel/codec.ts';
import type { Logger } from '../kernel/ports.ts';

/** One request of a client. */
export interface ClientCall {
  readonly codec: ClientCodec;
  /** The route as it was asked for, `/v1/messages/count_tokens`. */
  readonly path: string;
  /** The query string without `?`. */
  readonly query: string;
  readonly header: HeaderReader;
  /** Name of the gateway key that the client showed; absent where none is asked for. */
  readonly clientKey?: string | undefined;
  /**
   * The whole body; to be called once.
   *
   * The promise rejects with GatewayError `too-large`, `invalid-request`, or `cancelled` when the upload breaks off.
   */
  readonly readBody: () => Promise<Uint8Array>;
  readonly requestId: string;
  readonly log: Logger;
  readonly response: ClientResponse;
}

export type HeaderMap = Readonly<Record<string, string>>;

/** Where the answer goes. Calls after the client left do nothing. */
export interface ClientResponse {
  readonly head: (status: number, headers: HeaderMap) => void;
  /** False when the client reads more slowly than this: wait for `onDrain`. */
  readonly write: (data: string | Uint8Array) => boolean;
  readonly end: (data?: string | Uint8Array) => void;
  /** Lets out what was written, then closes the connection so that the body stays visibly incomplete. */
  readonly cut: () => void;
  /** Calls `run` once, when there is room again. */
  readonly onDrain: (run: () => void) => void;
  /** Calls `run` when the client goes away before the end of the answer; at once when it has gone. */
  readonly onGone: (run: () => void) => void;
}
