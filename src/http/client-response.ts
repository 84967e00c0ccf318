import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ClientResponse } from '../pipeline/client-call.ts';

/** The client's end of an answer, over Node's response. */
export function createClientResponse(request: IncomingMessage, response: ServerResponse): ClientResponse {
  const usable = (): boolean => !response.destroyed && !response.writableEnded;
  const whenGone: (() => void)[] = []; // one listener for all: an answer of many parts has many who wait
  response.once('close', () => {
    if (!response.writableFinished) for (const run of whenGone) run();
  });
  return {
    head: (status, headers) => {
      if (!usable() || response.headersSent) return;
      // What is left of an upload that was given up would be taken for the next request.
      response.writeHead(status, request.complete ? headers : { ...headers, connection: 'close' });
    },
    write: (data) => (usable() ? response.write(data) : true),
    end: (data) => {
      if (usable()) response.end(data);
    },
    cut: () => response.socket?.destroySoon(),
    onDrain: (run) => response.once('drain', run),
    onGone: (run) => {
      if (response.destroyed && !response.writableFinished) run();
      else whenGone.push(run);
    },
  };
}
