import type { Protocol } from '../../kernel/codec.ts';
import { decodeReply } from './decode-reply.ts';
import { decodeRequest } from './decode-request.ts';
import { createStreamDecoder } from './decode-stream.ts';
import { encodeReply } from './encode-reply.ts';
import { encodeRequest } from './encode-request.ts';
import { createStreamEncoder, PING } from './encode-stream.ts';
import { decodeError, encodeError, encodeStreamError, findStreamError, isErrorBody } from './errors.ts';
import { ISSUER } from './issuer.ts';
import { overrides } from './overrides.ts';
import { TOOL_RULES } from './tool-rules.ts';
import { findUsage } from './usage.ts';

/** Anthropic's Messages, towards clients and towards upstreams. */
export const anthropicMessages: Protocol = {
  id: 'anthropic-messages',
  client: {
    protocol: 'anthropic-messages',
    path: '/v1/messages',
    decodeRequest,
    encodeReply,
    createStreamEncoder,
    carriesState: true,
    encodeError,
    isErrorBody,
    encodeStreamError,
    heartbeat: PING,
  },
  upstream: {
    protocol: 'anthropic-messages',
    issuer: ISSUER,
    toolRules: TOOL_RULES,
    stopRule: { max: Infinity, blank: false },
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
