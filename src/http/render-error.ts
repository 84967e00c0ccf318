import type { ErrorRequestHandler, RequestHandler } from 'express';
import { GatewayError } from '../kernel/gateway-error.ts';
import { writeJson } from '../kernel/json.ts';
import type { Logger } from '../kernel/ports.ts';
import type { Dialects } from './dialects.ts';
import { requestIdOf } from './request-id.ts';

/** What no route answered. */
export const notFound: RequestHandler = (request) => {
  throw new GatewayError('not-found', `there is no route ${request.method} ${request.path}`);
};

export interface RenderErrorDeps {
  readonly dialects: Dialects;
  readonly logger: Logger;
}

/** Tells a failure in the caller's dialect. What is not ours is logged in full and shown as a bare 500. */
export function renderError({ dialects, logger }: RenderErrorDeps): ErrorRequestHandler {
  return (cause: unknown, request, response, _next) => {
    const requestId = requestIdOf(response);
    const error = asGatewayError(cause);
    if (error.kind === 'server') logger.error({ err: cause, requestId }, 'unexpected failure');
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const { status, body, headers } = dialects.ofRequest(request).encodeError(error, requestId);
    response.writeHead(status, { ...headers, 'content-type': 'application/json; charset=utf-8' });
    response.end(writeJson(body));
  };
}

/** Express marks what the client did wrong (a bad escape in the path) with a 4xx status. */
function asGatewayError(cause: unknown): GatewayError {
  if (cause instanceof GatewayError) return cause;
  const status = cause instanceof Error && 'status' in cause ? cause.status : undefined;
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return new GatewayError('invalid-request', 'the request cannot be understood', { status, cause });
  }
  return new GatewayError('server', 'the gateway failed to handle this request; its log says why', { cause });
}
