import { Router } from 'express';
import type { Request, Response } from 'express';
import type { ClientCodec } from '../kernel/codec.ts';
import { GatewayError } from '../kernel/gateway-error.ts';
import type { Ids } from '../kernel/ids.ts';
import { writeJson } from '../kernel/json.ts';
import type { Clock, Logger } from '../kernel/ports.ts';
import type { ClientCall, ClientResponse } from '../pipeline/client-call.ts';
import { createClientResponse } from './client-response.ts';
import type { Dialects } from './dialects.ts';
import { readBody } from './read-body.ts';
import { headerReader, queryOf } from './request-parts.ts';

export interface CompletionDeps {
  readonly codecs: readonly ClientCodec[];
  readonly dialects: Dialects;
  /** Answers one call; never rejects. */
  readonly answer: (call: ClientCall) => Promise<void>;
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
      router.all(path, ({ method }) => {
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
  const { codec, path, ids, clock } = deps;
  const requestId = ids.request();
  const client = createClientResponse(response, requestId);
  deps.dialects.remember(request, codec);
  try {
    const body = await readBody(request, deps.bodyLimitBytes(), clock);
    await deps.answer({
      codec,
      path,
      query: queryOf(request.url),
      header: headerReader(request),
      body,
      requestId,
      log: deps.logger.child({ requestId }),
      response: client,
    });
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    refuse(client, codec, error, requestId);
  }
}

/** A body that could not be read never reached the pipeline. */
function refuse(client: ClientResponse, codec: ClientCodec, error: GatewayError, requestId: string): void {
  const { status, body, headers } = codec.encodeError(error, requestId);
  client.head(status, { ...headers, 'content-type': 'application/json; charset=utf-8', connection: 'close' });
  client.end(writeJson(body));
}
