import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ClientCodec } from '../kernel/codec.ts';

/** Which dialect a failure is told in, on routes and in moments that belong to no codec. */
export interface Dialects {
  /** This connection now carries a request of this dialect. */
  readonly remember: (request: IncomingMessage, response: ServerResponse, codec: ClientCodec) => void;
  readonly ofSocket: (socket: object) => ClientCodec;
  /** The answer that this connection still owes to a request that came whole. */
  readonly owedAnswer: (socket: object) => ServerResponse | undefined;
  /** True while an answer that has begun is on its way: nothing else may be written then. */
  readonly isAnswering: (socket: object) => boolean;
  /** Anthropic's for a request that carries `anthropic-version` or asks for a Messages route, else OpenAI's. */
  readonly ofRequest: (request: IncomingMessage) => ClientCodec;
}

export function createDialects(codecs: readonly ClientCodec[]): Dialects {
  const bySocket = new WeakMap<object, { readonly codec: ClientCodec; readonly response: ServerResponse }>();
  const find = (protocol: ClientCodec['protocol']): ClientCodec => {
    const codec = codecs.find((candidate) => candidate.protocol === protocol);
    if (codec === undefined) throw new Error(`no client codec for ${protocol}`);
    return codec;
  };
  const openai = find('openai-chat');
  const anthropic = find('anthropic-messages');
  return {
    remember: ({ socket }, response, codec) => void bySocket.set(socket, { codec, response }),
    ofSocket: (socket) => bySocket.get(socket)?.codec ?? openai,
    owedAnswer: (socket) => {
      const response = bySocket.get(socket)?.response;
      return response?.req.complete === true && !response.writableFinished ? response : undefined;
    },
    isAnswering: (socket) => {
      const response = bySocket.get(socket)?.response;
      return response !== undefined && response.headersSent && !response.writableFinished;
    },
    ofRequest: ({ headers, url }) =>
      codecs.find(({ path }) => url?.startsWith(path)) ??
      (headers['anthropic-version'] === undefined ? openai : anthropic),
  };
}
