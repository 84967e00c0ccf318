import type { Protocol } from '../../kernel/codec.ts';
import { decodeReply } from './decode-reply.ts';
import { decodeRequest } from './decode-request.ts';
import { createStreamDecoder } from './decode-stream.ts';
import { encodeReply } from './encode-reply.ts';
import { encodeRequest } from './encode-request.ts';
import { createStreamEncoder } from './encode-stream.ts';
import { decodeError, encodeError, encodeStreamError, findStreamError, isErrorBody } from './errors.ts';
import { overrides } from './overrides.ts';
import { TOOL_RULES } from './tool-rules.ts';
import { findUsage } from './usage.ts';
import { ISSUER } from './vendor.ts';

/** OpenAI Chat Completions, and what the vendors that copied it made of it. */
export const openaiChat: Protocol = {
  id: 'openai-chat',
  client: {
    protocol: 'openai-chat',
    path: '/v1/chat/completions',
    decodeRequest,
    encodeReply,
    createStreamEncoder,
    carriesState: false, // few clients send the members back in which it would stand
    encodeError,
    isErrorBody,
    encodeStreamError,
    heartbeat: ': ping\n\n',
  },
  upstream: {
    protocol: 'openai-chat',
    issuer: ISSUER,
    toolRules: TOOL_RULES,
    stopRule: { max: 4, blank: true },
    encodeRequest,
    overrides,
    decodeReply,
    createStreamDecoder,
    decodeError,
    terminals: [
      '\ndata: [DONE]',
      ...['\ndata: {"error":{"', '\ndata: {"error":"'],
      ...['\ndata: {"error": {"', '\ndata: {"error": "'], // as Python writes it
    ],
    findStreamError,
    findUsage,
  },
};
