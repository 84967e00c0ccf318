import type { ClientCodec, Protocol, UpstreamCodec } from '../../kernel/codec.ts';
import { decodeReply } from './decode-reply.ts';
import { decodeRequest } from './decode-request.ts';
import { createStreamDecoder } from './decode-stream.ts';
import { encodeReply } from './encode-reply.ts';
import { encodeRequest } from './encode-request.ts';
import { createStreamEncoder } from './encode-stream.ts';
import { decodeError, encodeError, encodeStreamError, findStreamError, isErrorBody } from './errors.ts';
import { ISSUER } from './issuer.ts';
import { overrides } from './overrides.ts';
import { toolRules } from './tool-rules.ts';
import { findUsage } from './usage.ts';

const client: ClientCodec = {
  protocol: 'openai-responses',
  path: '/v1/responses',
  decodeRequest,
  encodeReply,
  createStreamEncoder,
  carriesState: true,
  encodeError,
  isErrorBody,
  encodeStreamError,
  heartbeat: ': ping\n\n', // an event of any other kind makes the official reader throw
};

const upstream: UpstreamCodec = {
  protocol: 'openai-responses',
  issuer: ISSUER,
  toolRules,
  stopRule: { max: 0, blank: true },
  encodeRequest,
  overrides,
  decodeReply,
  createStreamDecoder,
  decodeError,
  terminals: [
    ...['completed', 'done', 'incomplete', 'failed'].map((end) => `"type":"response.${end}"`),
    '\ndata: {"type":"error"', // the schemas of tools, which are echoed, may hold the mere word
  ],
  findStreamError,
  findUsage,
};

/** The OpenAI Responses format: the side that calls us and the side that we call. */
export const openaiResponses: Protocol = { id: 'openai-responses', client, upstream };
