import type { IncomingMessage } from 'node:http';
import type { Readable, Transform } from 'node:stream';
import zlib from 'node:zlib';
import { GatewayError } from '../kernel/gateway-error.ts';
import type { Clock } from '../kernel/ports.ts';

const DECODERS: Readonly<Record<string, () => Transform>> = {
  gzip: zlib.createGunzip,
  'x-gzip': zlib.createGunzip,
  deflate: zlib.createInflate,
  br: zlib.createBrotliDecompress,
};

/** How much of a refused body is read away, and for how long, so that the client gets to see the refusal. */
const READ_AWAY_BYTES = 512 * 1024 * 1024;
const READ_AWAY_MS = 30_000;

/**
 * The whole body of a request, decompressed. What the client still writes is read away before a refusal: who writes
 * everything first would never see it otherwise.
 *
 * The promise rejects with GatewayError `too-large` above `limitBytes`, `invalid-request` for an encoding that is
 * unknown or broken, `cancelled` when the upload breaks off.
 */
export async function readBody(
  request: IncomingMessage,
  limitBytes: number,
  clock: Clock,
): Promise<Uint8Array> {
  try {
    return await collect(request, plainBody(request), limitBytes);
  } catch (error) {
    await readAway(request, clock);
    throw asBodyError(error);
  }
}

async function collect(request: IncomingMessage, plain: Readable, limitBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  // The request itself has to outlive a refusal, its decoder need not.
  const pieces = plain.iterator({ destroyOnReturn: plain !== request }) as AsyncIterable<Uint8Array>;
  for await (const chunk of pieces) {
    size += chunk.byteLength;
    if (size > limitBytes) throw tooLarge(limitBytes);
    chunks.push(chunk);
  }
  return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks, size);
}

function plainBody(request: IncomingMessage): Readable {
  const encoding = request.headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  if (encoding === 'identity' || encoding === '') return request;
  const decoder = DECODERS[encoding];
  if (decoder === undefined) {
    throw new GatewayError('invalid-request', `content-encoding ${encoding.slice(0, 40)} is not supported`, {
      status: 415,
      code: 'unsupported_content_encoding',
    });
  }
  const plain = decoder();
  request.once('error', (error) => plain.destroy(error));
  return request.pipe(plain);
}

function asBodyError(error: unknown): GatewayError {
  if (error instanceof GatewayError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return code.startsWith('Z_') || code.startsWith('ERR_')
    ? new GatewayError('invalid-request', 'the compressed request body cannot be read', { cause: error })
    : new GatewayError('cancelled', 'the upload broke off', { cause: error });
}

const tooLarge = (limitBytes: number): GatewayError =>
  new GatewayError(
    'too-large',
    `droid2api refused this request: its body is larger than ${limitBytes / 1024 / 1024} MB (body_limit_mb in config.json)`,
    { code: 'request_too_large' },
  );

/** Reads what the client is still writing, within bounds; ends early when it stops or leaves. */
function readAway(request: IncomingMessage, clock: Clock): Promise<void> {
  if (request.readableEnded || request.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    let size = 0;
    const done = (): void => {
      stop();
      request.off('data', count);
      resolve();
    };
    const count = (chunk: Uint8Array): void => {
      size += chunk.byteLength;
      if (size > READ_AWAY_BYTES) done();
    };
    const stop = clock.after(READ_AWAY_MS, done);
    request.unpipe();
    request.on('data', count);
    request.once('end', done);
    request.once('close', done);
    request.resume();
  });
}
