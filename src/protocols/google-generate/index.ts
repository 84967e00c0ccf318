import type { Protocol } from '../../kernel/codec.ts';
import { decodeReply } from './decode-reply.ts';
import { createStreamDecoder } from './decode-stream.ts';
import { ISSUER, PROTOCOL } from './dialect.ts';
import { encodeRequest } from './encode-request.ts';
import { decodeError, findStreamError } from './errors.ts';
import { overrides } from './overrides.ts';
import { toolRules } from './tool-rules.ts';
import { findUsage } from './usage.ts';

/** Google's `generateContent`, as an upstream; no client speaks it to the gateway. */
export const googleGenerate: Protocol = {
  id: PROTOCOL,
  upstream: {
    protocol: PROTOCOL,
    issuer: ISSUER,
    toolRules,
    stopRule: { max: 5, blank: true },
    resumes: true,
    encodeRequest,
    overrides,
    decodeReply,
    createStreamDecoder,
    decodeError,
    terminals: [],
    findStreamError,
    findUsage,
  },
};
