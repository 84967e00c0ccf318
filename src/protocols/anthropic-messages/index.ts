import type { Protocol } from '../../kernel/codec.ts';
import { decodeReply } from './decode-reply.ts';
import { createStreamDecoder } from './decode-stream.ts';
import { encodeReply } from './encode-reply.ts';
import { encodeRequest } from './encode-request.ts';
import { createStreamEncoder, PING } from './encode-stream.ts';
import { decodeError, encodeError, encodeStreamError, findStreamError, isErrorBody } from './errors.ts';
import { overrides } from './overrides.ts';
import { findUsage } from './usage.ts';

/** Anthropic's Messages, towards clients that are relayed and towards upstreams. */
export const anthropicMessages: Protocol = {
  id: 'anthropic-messages',
  client: {
    protocol: 'anthropic-messages',
    path: '/v1/messages',
    encodeReply,
    createStreamEncoder,
    encodeError,
    isErrorBody,
    encodeStreamError,
    heartbeat: PING,
  },
  upstream: {
    protocol: 'anthropic-messages',
    encodeRequest,
    overrides,
    decodeReply,
    createStreamDecoder,
    decodeError,
    terminals: ['"type":"message_stop"', '\ndata: {"type":"error"'],
    findStreamError,
    findUsage,
  },
};
