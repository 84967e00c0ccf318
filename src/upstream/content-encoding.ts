import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream';
import type { Readable, Transform } from 'node:stream';
import zlib from 'node:zlib';

const DECODERS: Readonly<Record<string, () => Transform>> = {
  gzip: () => zlib.createGunzip({ flush: zlib.constants.Z_SYNC_FLUSH }),
  'x-gzip': () => zlib.createGunzip({ flush: zlib.constants.Z_SYNC_FLUSH }),
  deflate: () => zlib.createInflate({ flush: zlib.constants.Z_SYNC_FLUSH }),
  br: () => zlib.createBrotliDecompress({ flush: zlib.constants.BROTLI_OPERATION_FLUSH }),
};

/** The plain body of an answer. We ask for no compression, but some servers in between compress all the same. */
export function decodeContent(incoming: IncomingMessage): { headers: IncomingHttpHeaders; body: Readable } {
  const { headers } = incoming;
  const decoder = DECODERS[headers['content-encoding']?.toLowerCase() ?? ''];
  if (decoder === undefined) return { headers, body: incoming };
  const kept = { ...headers };
  delete kept['content-encoding'];
  delete kept['content-length'];
  // An error or a cut destroys the decoder too, and whoever reads it sees that.
  return { headers: kept, body: pipeline(incoming, decoder(), () => undefined) };
}
