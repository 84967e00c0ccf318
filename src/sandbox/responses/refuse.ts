import type { JsonObject } from '../../kernel/json.ts';
import { encodeEvent } from '../../sse/encode.ts';
import type { Voice } from '../dialect.ts';
import { Refusal } from '../refusal.ts';

/** Type and code by status, as OpenAI words them. */
const WORDS: Readonly<Record<number, readonly [string, string | null]>> = {
  400: ['invalid_request_error', null],
  401: ['invalid_request_error', 'invalid_api_key'],
  403: ['permission_error', 'permission_denied'],
  404: ['invalid_request_error', 'model_not_found'],
  429: ['rate_limit_error', 'rate_limit_exceeded'],
  529: ['server_error', 'server_is_overloaded'],
};

const wordsOf = (status: number): readonly [string, string | null] => WORDS[status] ?? ['server_error', null];

const errorBody = (status: number, message: string): JsonObject => {
  const [type, code] = wordsOf(status);
  return { error: { message, type, param: null, code } };
};

/** Failures in the words of the Responses API. */
export const responsesVoice: Voice = {
  errorBody,
  errorEvent: (status, message) => {
    const [type, code] = wordsOf(status);
    const event = { type: 'error', sequence_number: 0, code: code ?? type, message, param: null };
    return encodeEvent('error', JSON.stringify(event));
  },
  newsEvent: encodeEvent(
    'response.sandbox_news',
    '{"type":"response.sandbox_news","headline":"an event of next year"}',
  ),
};

/** @throws Refusal 400 with OpenAI's `param` and `code`, always. */
export function refuse(message: string, param: string | null, code: string | null = null): never {
  throw new Refusal(400, { error: { message, type: 'invalid_request_error', param, code } });
}

/** @throws Refusal for a field that has to be there. */
export const refuseMissing = (param: string): never =>
  refuse(`Missing required parameter: '${param}'.`, param, 'missing_required_parameter');

/** @throws Refusal for a word that is not one of `allowed`. */
export const refuseValue = (param: string, value: string, allowed: readonly string[]): never =>
  refuse(
    `Invalid value: '${value}'. Supported values are: ${allowed.map((word) => `'${word}'`).join(', ')}.`,
    param,
    'invalid_value',
  );

/** @throws Refusal for the first member of `object` that is not in `allowed`. */
export function refuseUnknown(object: JsonObject, path: string, allowed: readonly string[]): void {
  const extra = Object.keys(object).find((key) => !allowed.includes(key));
  if (extra === undefined) return;
  const param = path === '' ? extra : `${path}.${extra}`;
  refuse(`Unknown parameter: '${param}'.`, param, 'unknown_parameter');
}

/** @throws Refusal for a string longer than `longest`. */
export function refuseLonger(value: unknown, param: string, longest: number): void {
  if (typeof value !== 'string' || value.length <= longest) return;
  refuse(
    `Invalid '${param}': string too long. Expected a string with maximum length ${longest}, but got a string with length ${value.length} instead.`,
    param,
    'string_above_max_length',
  );
}
