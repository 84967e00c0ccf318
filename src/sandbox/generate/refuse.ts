import type { JsonObject } from '../../kernel/json.ts';
import { encodeData } from '../../sse/encode.ts';
import type { Voice } from '../dialect.ts';
import { Refusal } from '../refusal.ts';

const STATUSES: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
  529: 'UNAVAILABLE',
};

const errorBody = (status: number, message: string): JsonObject => ({
  error: { code: status, message, status: STATUSES[status] ?? 'UNKNOWN' },
});

/** Failures in the words of the Gemini API. */
export const generateVoice: Voice = {
  errorBody,
  errorEvent: (status, message) => encodeData(JSON.stringify(errorBody(status, message))),
  newsEvent: encodeData('{"sandboxNews":"a chunk of next year"}'),
};

/** @throws Refusal 400, always. */
export function refuse(message: string): never {
  throw new Refusal(400, errorBody(400, message));
}

/** @throws Refusal for the first member of `object` that is not in `known`; `where` is its path, empty at the top. */
export function refuseUnknown(object: JsonObject, where: string, known: readonly string[]): void {
  const extra = Object.keys(object).find((key) => !known.includes(key));
  if (extra === undefined) return;
  const place = where === '' ? '' : ` at '${where}'`;
  refuse(`Invalid JSON payload received. Unknown name "${extra}"${place}: Cannot find field.`);
}
