import type { Duplex } from 'node:stream';
import { GatewayError } from '../kernel/gateway-error.ts';
import type { Ids } from '../kernel/ids.ts';
import { writeJson } from '../kernel/json.ts';
import type { Dialects } from './dialects.ts';

const STATUS_TEXT: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  408: 'Request Timeout',
  431: 'Request Header Fields Too Large',
};

/**
 * Answers what never became a request: an upload that ends before its announced length, headers that are no HTTP, a
 * client that takes minutes to send its headers. Express never sees these; Node would answer without a body.
 */
export function createClientErrorHandler(
  dialects: Dialects,
  ids: Ids,
): (cause: Error & { code?: string }, socket: Duplex) => void {
  const closing = new WeakSet<Duplex>();
  return (cause, socket) => {
    const owed = cause.code === 'ECONNRESET' ? undefined : dialects.owedAnswer(socket);
    if (owed !== undefined) {
      if (!closing.has(socket)) owed.once('finish', () => socket.end()); // that request is not to blame
      closing.add(socket);
      return;
    }
    if (cause.code === 'ECONNRESET' || !socket.writable || dialects.isAnswering(socket)) {
      socket.destroy();
      return;
    }
    const requestId = ids.request();
    const { status, body, headers } = dialects.ofSocket(socket).encodeError(errorOf(cause), requestId);
    const text = writeJson(body);
    const lines = Object.entries({
      ...headers,
      'x-request-id': requestId,
      'content-type': 'application/json; charset=utf-8',
      'content-length': String(Buffer.byteLength(text)),
      connection: 'close',
    }).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.end(`HTTP/1.1 ${status} ${STATUS_TEXT[status] ?? 'Error'}\r\n${lines.join('')}\r\n${text}`);
  };
}

function errorOf({ code }: { code?: string }): GatewayError {
  switch (code) {
    case 'HPE_INVALID_EOF_STATE':
      return new GatewayError('invalid-request', 'the request body ended before its announced length');
    case 'HPE_HEADER_OVERFLOW':
      return new GatewayError('invalid-request', 'the request headers are too large', { status: 431 });
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new GatewayError('timeout', 'the request took too long to arrive', { status: 408 });
    default:
      return new GatewayError('invalid-request', 'the request is not valid HTTP');
  }
}
