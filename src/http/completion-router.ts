import { Router } from 'express';
import type { Request, Response } from 'express';
import type { ClientCodec } from '../kernel/codec.ts';
import { GatewayError } from '../kernel/gateway-error.ts';
import type { Ids } from '../kernel/ids.ts';
import type { Clock, Logger } from '../kernel/ports.ts';
import type { ClientCall } from '../pipeline/client-call.ts';
import { createClientResponse } from './client-response.ts';
import type { AccessKeys } from './access-keys.ts';
import type { Dialects } from './dialects.ts';
import { readBody } from './read-body.ts';
import { requestIdOf } from './request-id.ts';
import { headerReader, queryOf } from './request-parts.ts';

export interface CompletionDeps {
  readonly codecs: readonly ClientCodec[];
  readonly dialects: Dialects;
  /** Answers one call; never rejects. */
  readonly answer: (call: ClientCall) => Promise<void>;
  readonly accessKeys: AccessKeys;
  readonly bodyLimitBytes: () => number;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly logger: Logger;
}

/** Routes of a dialect below its main one. */
const SIDE_PATHS: Readonly<Partial<Record<ClientCodec['protocol'], readonly string[]>>> = {
  'anthropic-messages': ['/count_tokens'],
};

/** One POST route for every dialect that clients speak. */
export function createCompletionRouter(deps: CompletionDeps): Router {
  const router = Router({ caseSensitive: true });
  for (const codec of deps.codecs) {
    for (const suffix of ['', ...(SIDE_PATHS[codec.protocol] ?? [])]) {
      const path = codec.path + suffix;
      router.post(path, (request, response) => handle(request, response, { ...deps, codec, path }));
      router.all(path, ({ method }, response) => {
        response.setHeader('allow', 'POST');
        throw new GatewayError('invalid-request', `${path} takes POST, not ${method}`, {
          status: 405,
          code: 'method_not_allowed',
        });
      });
    }
  }
  return router;
}

interface RouteDeps extends CompletionDeps {
  readonly codec: ClientCodec;
  readonly path: string;
}

async function handle(request: Request, response: Response, deps: RouteDeps): Promise<void> {
  const { codec, path, clock, dialects } = deps;
  const requestId = requestIdOf(response);
  dialects.remember(request, response, codec);
  const { keyName, header } = deps.accessKeys.admit(headerReader(request));
  await deps.answer({
    codec,
    path,
    query: queryOf(request.url),
    header,
    clientKey: keyName,
    readBody: () => readBody(request, deps.bodyLimitBytes(), clock),
    requestId,
    log: deps.logger.child({ requestId }),
    response: createClientResponse(request, response),
  });
}
