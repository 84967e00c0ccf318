import type { Frame, UpstreamCodec } from '../kernel/codec.ts';
import { createSseDecoder } from '../sse/decode.ts';
import type { Transform } from './transform.ts';
import type { UsageTap } from './usage-tap.ts';

/** A head this large without a single event is passed on unread. */
const MAX_PEEK_BYTES = 1024 * 1024;

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
  let tail: Uint8Array = new Uint8Array();
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

  return {
    push: (chunk) => {
      tap.push(chunk);
      tail = chunk.byteLength >= 4 ? chunk : Buffer.concat([tail.subarray(-4), chunk]);
      ended ||= holdsAny(chunk, terminals);
      return held === undefined ? chunk : peek(chunk);
    },
    end: () => {
      tap.end();
      if (held === undefined) return undefined;
      sse.end();
      return release();
    },
    done: () => false,
    betweenEvents: () => !ended && (held !== undefined || endsEvent(tail)),
  };
}

function holdsAny(chunk: Uint8Array, needles: readonly Buffer[]): boolean {
  const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  return needles.some((needle) => bytes.includes(needle));
}

/** Two line ends in a row, in any of their spellings. */
const endsEvent = (tail: Uint8Array): boolean =>
  /\n\r?\n$|\r\r$/.test(Buffer.from(tail.subarray(-4)).toString('latin1'));
