import type { Frame, UpstreamCodec } from '../kernel/codec.ts';
import type { GatewayError } from '../kernel/gateway-error.ts';
import { findJson, findObject } from '../kernel/json.ts';
import type { Usage } from '../kernel/reply.ts';
import { createSseDecoder } from '../sse/decode.ts';

/** Reads usage, and a failure that is told in the middle, out of bytes that pass by, without holding or changing them. */
export interface UsageTap {
  readonly push: (chunk: Uint8Array) => void;
  readonly end: () => void;
  readonly usage: () => Usage | undefined;
  readonly failure: () => GatewayError | undefined;
}

const NEEDLE = '"usage';
const ERROR_NEEDLE = '"error"'; // in a text that quotes it, a backslash stands before the second mark
const MAX_CARRY_BYTES = 1024 * 1024;

/**
 * Watches a relayed stream. Chunks are searched as bytes; only events that hold one of the words are decoded, so that the
 * deltas, which are nearly all of a stream, cost a search each and no parsing.
 */
export function createStreamTap(upstream: UpstreamCodec): UsageTap {
  let usage: Usage | undefined;
  let carry: Buffer = Buffer.alloc(0); // what came after the last blank line
  let failure: GatewayError | undefined;
  const onFrame = (frame: Frame): void => {
    const { data } = frame;
    if (data.includes(ERROR_NEEDLE)) failure = upstream.findStreamError(frame) ?? failure;
    if (!data.includes(NEEDLE)) return;
    const json = findObject(findJson(data));
    if (json !== undefined) usage = upstream.findUsage(json, usage) ?? usage;
  };
  const inspect = (bytes: Buffer): void => {
    if (!bytes.includes(NEEDLE) && !bytes.includes(ERROR_NEEDLE)) return;
    const sse = createSseDecoder(onFrame);
    sse.push(bytes);
    sse.end();
  };
  return {
    push: (chunk) => {
      const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      const joined = carry.byteLength === 0 ? bytes : Buffer.concat([carry, bytes]);
      const edge = lastBlankLine(joined);
      if (edge > 0) inspect(joined.subarray(0, edge));
      const rest = joined.subarray(edge);
      carry = rest.byteLength > MAX_CARRY_BYTES ? Buffer.alloc(0) : rest;
    },
    end: () => inspect(carry),
    usage: () => usage,
    failure: () => failure,
  };
}

/** The index behind the last blank line, 0 when there is none. */
function lastBlankLine(bytes: Buffer): number {
  const plain = bytes.lastIndexOf('\n\n');
  if (plain >= 0) return plain + 2;
  const crlf = bytes.lastIndexOf('\r\n\r\n');
  return crlf >= 0 ? crlf + 4 : 0;
}

/** Reads the usage of one whole JSON body, as long as it is of ordinary size. */
export function createBodyTap(upstream: UpstreamCodec): UsageTap {
  let chunks: Uint8Array[] = [];
  let size = 0;
  let usage: Usage | undefined;
  return {
    push: (chunk) => {
      size += chunk.byteLength;
      if (size <= MAX_CARRY_BYTES) chunks.push(chunk);
      else chunks = [];
    },
    end: () => {
      if (size > MAX_CARRY_BYTES) return;
      const json = findObject(findJson(Buffer.concat(chunks).toString('utf8')));
      if (json !== undefined) usage = upstream.findUsage(json, undefined);
    },
    usage: () => usage,
    failure: () => undefined,
  };
}
