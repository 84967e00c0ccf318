import type { Frame, UpstreamCodec } from '../kernel/codec.ts';
import { createSseDecoder } from '../sse/decode.ts';
import type { Transform } from './transform.ts';
import type { UsageTap } from './usage-tap.ts';

/** A head this large without a single event is passed on unread. */
const MAX_PEEK_BYTES = 1024 * 1024;

/** As much as is remembered across a chunk's edge; longer than any dialect's word for the end. */
const SEAM_BYTES = 64;

export interface RelayTransform extends Transform {
  /**
   * True while what has been handed out ends between two events: there a heartbeat or an error may be put in. Behind
   * the last event nothing may follow.
   */
  readonly betweenEvents: () => boolean;
}

/**
 * The relay lane: every chunk goes on as it came. Only the beginning of a stream is held until its first event has been
 * looked at, because a stream that opens with an error is better told as a status.
 */
export function createRelayTransform(
  upstream: UpstreamCodec,
  isStream: boolean,
  tap: UsageTap,
): RelayTransform {
  let held: Uint8Array[] | undefined = isStream ? [] : undefined;
  let heldBytes = 0;
  let tail: Buffer = Buffer.alloc(0);
  let first: Frame | undefined;
  let ended = false;
  const terminals = isStream ? upstream.terminals.map((text) => Buffer.from(text)) : [];
  const sse = createSseDecoder((frame) => {
    first ??= frame;
  });

  const peek = (chunk: Uint8Array): Uint8Array | undefined => {
    held?.push(chunk);
    heldBytes += chunk.byteLength;
    if (heldBytes <= MAX_PEEK_BYTES) sse.push(chunk);
    return first === undefined && heldBytes <= MAX_PEEK_BYTES ? undefined : release();
  };
  const release = (): Uint8Array | undefined => {
    const failure = first === undefined ? undefined : upstream.findStreamError(first);
    if (failure !== undefined) throw failure;
    const chunks = held ?? [];
    held = undefined;
    return chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
  };

  const watchEnd = (chunk: Uint8Array): void => {
    const seam = Buffer.concat([tail.subarray(-SEAM_BYTES), chunk.subarray(0, SEAM_BYTES)]);
    tail = chunk.byteLength > SEAM_BYTES ? viewOf(chunk) : seam;
    ended ||= holdsAny(seam, terminals) || holdsAny(tail, terminals);
  };

  return {
    push: (chunk) => {
      tap.push(chunk);
      if (isStream) watchEnd(chunk);
      return held === undefined ? chunk : peek(chunk);
    },
    end: () => {
      tap.end();
      if (held === undefined) return undefined;
      sse.end();
      return release();
    },
    done: () => false,
    hasEnded: () => ended && endsEvent(tail),
    betweenEvents: () => held !== undefined || (!ended && endsEvent(tail)),
  };
}

const viewOf = (chunk: Uint8Array): Buffer => Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);

const holdsAny = (bytes: Buffer, needles: readonly Buffer[]): boolean =>
  needles.some((needle) => bytes.includes(needle));

/** Two line ends in a row, in any of their spellings. */
const endsEvent = (tail: Buffer): boolean => /\n\r?\n$|\r\r$/.test(tail.subarray(-4).toString('latin1'));
