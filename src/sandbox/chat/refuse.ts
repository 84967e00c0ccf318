import type { JsonObject } from '../../kernel/json.ts';
import { encodeData } from '../../sse/encode.ts';
import type { Voice } from '../dialect.ts';
import { Refusal } from '../refusal.ts';

/** Type and code by status, as OpenAI words them. */
const WORDS: Readonly<Record<number, readonly [string, string | null]>> = {
  400: ['invalid_request_error', null],
  401: ['invalid_request_error', 'invalid_api_key'],
  403: ['permission_error', 'permission_denied'],
  404: ['invalid_request_error', 'model_not_found'],
  429: ['rate_limit_error', 'rate_limit_exceeded'],
  529: ['server_error', 'overloaded'],
};

const errorBody = (status: number, message: string): JsonObject => {
  const [type, code] = WORDS[status] ?? ['server_error', null];
  return { error: { message, type, param: null, code } };
};

/** Failures in the words of Chat Completions. */
export const chatVoice: Voice = {
  errorBody,
  errorEvent: (status, message) => encodeData(JSON.stringify(errorBody(status, message))),
  newsEvent: encodeData('{"object":"sandbox.news","choices":[],"headline":"a chunk of next year"}'),
};

/** @throws Refusal 400 with OpenAI's `param` and `code`, always. */
export function refuse(message: string, param: string | null = null, code: string | null = null): never {
  throw new Refusal(400, { error: { message, type: 'invalid_request_error', param, code } });
}

/** @throws Refusal for a word that is not one of `allowed`. */
export const refuseValue = (param: string, value: string, allowed: readonly string[]): never =>
  refuse(
    `Invalid value: '${value}'. Supported values are: ${allowed.map((word) => `'${word}'`).join(', ')}.`,
    param,
    'invalid_value',
  );
