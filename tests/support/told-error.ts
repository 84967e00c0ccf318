import { expect } from 'vitest';
import type { RawAnswer } from './gateway.ts';

/** A failure as a client of either vendor is to read it. */
export interface ToldError {
  /** The `type` that OpenAI's clients read. */
  readonly openai: string;
  /** The `type` that Anthropic's clients read. */
  readonly anthropic: string;
  /** The whole message, a matcher for it, or anything at all. */
  readonly message?: unknown;
  readonly param?: string | null;
  readonly code?: string | null;
}

/** The whole body of an error on this route: no member more, none less. */
function errorBody(path: string, told: ToldError): unknown {
  const message = told.message ?? (expect.any(String) as unknown);
  return path.startsWith('/v1/messages')
    ? {
        type: 'error',
        error: { type: told.anthropic, message },
        request_id: expect.stringMatching(/^req_/) as unknown,
      }
    : { error: { message, type: told.openai, param: told.param ?? null, code: told.code ?? null } };
}

/** Status, headers and whole body of an answer that has failed before its first byte. */
export const failedAnswer = ({ status, headers, text }: RawAnswer): Readonly<Record<string, unknown>> => ({
  status,
  type: headers['content-type'],
  id: headers['x-request-id'],
  body: JSON.parse(text) as unknown,
});

/** What {@link failedAnswer} gives for a failure told on this route. */
export const failedWith = (path: string, status: number, told: ToldError): unknown => ({
  status,
  type: expect.stringMatching(/^application\/json\b/) as unknown,
  id: expect.stringMatching(/^req_/) as unknown,
  body: errorBody(path, told),
});
