import type { Edit } from '../kernel/edit.ts';

/** What becomes of an upstream's bytes on their way to the client. */
export interface Transform {
  /**
   * Bytes in, what to send on now, if anything.
   *
   * @throws GatewayError when the answer has failed and nothing of it has been handed out yet.
   */
  readonly push: (chunk: Uint8Array) => string | Uint8Array | undefined;
  /** The upstream's body is complete; the last piece, with the same promise as `push`. */
  readonly end: () => string | Uint8Array | undefined;
  /** True when the answer is complete though the upstream may go on. */
  readonly done: () => boolean;
  /** True when the last event has been handed out, though more bytes may follow it. */
  readonly hasEnded?: () => boolean;
  /** True when the upstream should not even finish what it is saying. */
  readonly cutShort?: () => boolean;
  /** After `end`: the edits under which the upstream goes on with an answer that it broke off. */
  readonly paused?: () => readonly Edit[] | undefined;
  /** From now on takes the response in which the answer goes on. */
  readonly next?: () => void;
}
