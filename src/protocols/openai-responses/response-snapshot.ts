import type { AnswerContext } from '../../kernel/codec.ts';
import { writeJson } from '../../kernel/json.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { echoRequest } from './echo-request.ts';

/** What changes about a response object while it is made. */
export interface Progress extends JsonObject {
  readonly status: 'in_progress' | 'completed' | 'incomplete' | 'failed';
  readonly output: readonly JsonObject[];
  readonly error: JsonObject | null;
  readonly incomplete_details: JsonObject | null;
  readonly usage: JsonObject | null;
  readonly completed_at: number | null;
}

/** The response object of one answer at any moment: its fixed head, its progress, the request that it echoes. */
export interface Snapshot {
  readonly at: (progress: Progress) => JsonObject;
  /** The same as JSON text; what never changes is written once. */
  readonly textAt: (progress: Progress) => string;
}

/** The snapshots of one response; `createdAt` is Unix seconds. */
export function createSnapshot(head: { id: string; createdAt: number }, context: AnswerContext): Snapshot {
  const first = { id: head.id, object: 'response', created_at: head.createdAt, model: context.model };
  const echo = echoRequest(context.request);
  const echoText = writeJson(echo).slice(1);
  return {
    at: (progress) => ({ ...first, ...progress, ...echo }),
    textAt: (progress) => `${writeJson({ ...first, ...progress }).slice(0, -1)},${echoText}`,
  };
}
