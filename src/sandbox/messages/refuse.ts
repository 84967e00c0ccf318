import type { JsonObject } from '../../kernel/json.ts';
import { encodeEvent } from '../../sse/encode.ts';
import type { Voice } from '../dialect.ts';
import { Refusal } from '../refusal.ts';

const TYPES: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  529: 'overloaded_error',
};

const errorBody = (status: number, message: string): JsonObject => ({
  type: 'error',
  error: { type: TYPES[status] ?? 'api_error', message },
  request_id: 'req_sandbox',
});

/** Failures in the words of the Messages API. */
export const messagesVoice: Voice = {
  errorBody,
  errorEvent: (status, message) => encodeEvent('error', JSON.stringify(errorBody(status, message))),
  newsEvent: encodeEvent('sandbox_news', '{"type":"sandbox_news","headline":"an event of next year"}'),
};

/** @throws Refusal 400, always. */
export function refuse(message: string): never {
  throw new Refusal(400, errorBody(400, message));
}
