import { createParser } from 'eventsource-parser';
import type { Frame } from '../kernel/codec.ts';
import { GatewayError } from '../kernel/gateway-error.ts';

const MAX_EVENT_CHARS = 16 * 1024 * 1024;

/** Bytes in, frames out; any chunk edge may fall anywhere, inside a character or a line end. */
export interface SseDecoder {
  /** @throws GatewayError `bad-upstream` when one event grows beyond 16 Mi characters. */
  readonly push: (chunk: Uint8Array) => void;
  /** The stream is over: an event that lacks only its blank line still counts, half of one does not. */
  readonly end: () => void;
}

export function createSseDecoder(onFrame: (frame: Frame) => void): SseDecoder {
  const text = new TextDecoder();
  let afterReturn = false;
  let ended = false;
  let overflow = false;
  const parser = createParser({
    maxBufferSize: MAX_EVENT_CHARS,
    onEvent: ({ event, data }) => {
      if (!ended || isWhole(data)) onFrame({ event, data });
    },
    onError: (error) => {
      if (error.type === 'max-buffer-size-exceeded') overflow = true;
    },
  });
  const feed = (piece: string): void => {
    if (piece !== '' && !overflow) parser.feed(piece);
    if (overflow) throw new GatewayError('bad-upstream', 'the upstream sent an event larger than 16 MiB');
  };
  // The parser holds a carriage return at a chunk's end back until more comes, which may be never.
  const completeLine = (piece: string): string => {
    const rest = afterReturn && piece.startsWith('\n') ? piece.slice(1) : piece;
    if (piece !== '') afterReturn = rest.endsWith('\r');
    return afterReturn && rest !== '' ? `${rest}\n` : rest;
  };
  return {
    push: (chunk) => feed(completeLine(text.decode(chunk, { stream: true }))),
    end: () => {
      const rest = text.decode();
      ended = true;
      feed(`${rest}\n\n`);
    },
  };
}

/** True when the data of an unterminated event is all there. */
function isWhole(data: string): boolean {
  if (data === '[DONE]') return true;
  try {
    JSON.parse(data);
    return true;
  } catch {
    return false;
  }
}
