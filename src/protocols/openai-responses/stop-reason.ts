import { GatewayError } from '../../kernel/gateway-error.ts';
import { findObject, findString } from '../../kernel/json.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { Stop, StopReason } from '../../kernel/reply.ts';

/** What an answer contained, as far as its stop reason depends on it. */
export interface AnswerFacts {
  readonly blocks: boolean;
  readonly calls: boolean;
  readonly refusal: boolean;
}

const DECODED: Readonly<Record<string, StopReason>> = {
  max_output_tokens: 'length',
  max_messages: 'length',
  content_filter: 'content-filter',
  steered: 'pause',
};

/**
 * Why a finished response ended; an error when it is `incomplete` for an unknown reason and brought nothing. An
 * unknown reason with content counts as cut short: `incomplete` never becomes a whole answer.
 */
export function decodeStop(
  response: JsonObject,
  incomplete: boolean,
  facts: AnswerFacts,
): Stop | GatewayError {
  if (!incomplete) return { reason: completedReason(facts), raw: 'completed' };
  const raw = findString(findObject(response['incomplete_details'])?.['reason']);
  const known = raw !== undefined && Object.hasOwn(DECODED, raw) ? DECODED[raw] : undefined;
  if (known === undefined && !facts.blocks) {
    return new GatewayError('bad-upstream', `the upstream ended without an answer: ${raw ?? 'incomplete'}`);
  }
  return { reason: known ?? 'length', raw: raw ?? 'incomplete' };
}

function completedReason({ calls, refusal }: AnswerFacts): StopReason {
  if (calls) return 'tool-calls';
  return refusal ? 'refusal' : 'stop';
}

type IncompleteReason = 'max_output_tokens' | 'content_filter';

const INCOMPLETE: Readonly<Record<StopReason, IncompleteReason | undefined>> = {
  stop: undefined,
  'stop-sequence': undefined,
  'tool-calls': undefined,
  length: 'max_output_tokens',
  context: 'max_output_tokens',
  'content-filter': 'content_filter',
  refusal: 'content_filter',
  pause: 'max_output_tokens',
};

/**
 * The `incomplete_details.reason` for a stop; `undefined` when the response is completed. A model that refused in its
 * own words (a refusal part) has completed its answer, one that was stopped from outside has not.
 */
export const encodeStop = (stop: Stop, refusalTold: boolean): IncompleteReason | undefined =>
  stop.reason === 'refusal' && refusalTold ? undefined : INCOMPLETE[stop.reason];
