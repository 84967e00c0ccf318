import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream';
import type { Readable, Transform } from 'node:stream';
import zlib from 'node:zlib';
import { GatewayError } from '../kernel/gateway-error.ts';

const DECODERS: Readonly<Record<string, () => Transform>> = {
  gzip: () => zlib.createGunzip({ flush: zlib.constants.Z_SYNC_FLUSH }),
  'x-gzip': () => zlib.createGunzip({ flush: zlib.constants.Z_SYNC_FLUSH }),
  deflate: () => zlib.createInflate({ flush: zlib.constants.Z_SYNC_FLUSH }),
  br: () => zlib.createBrotliDecompress({ flush: zlib.constants.BROTLI_OPERATION_FLUSH }),
};

/**
 * The plain body of an answer. We ask for no compression, but some servers in between compress all the same.
 *
 * @throws GatewayError `bad-upstream` for an encoding that we do not know: nobody could read such a body.
 */
export function decodeContent(incoming: IncomingMessage): { headers: IncomingHttpHeaders; body: Readable } {
  const { headers } = incoming;
  const encoding = headers['content-encoding']?.trim().toLowerCase() ?? '';
  if (encoding === '' || encoding === 'identity') return { headers, body: incoming };
  const decoder = DECODERS[encoding];
  if (decoder === undefined) {
    throw new GatewayError(
      'bad-upstream',
      'the upstream answered in a content encoding that was not asked for',
    );
  }
  const kept = { ...headers };
  delete kept['content-encoding'];
  delete kept['content-length'];
  // An error or a cut destroys the decoder too, and whoever reads it sees that.
  return { headers: kept, body: pipeline(incoming, decoder(), () => undefined) };
}
