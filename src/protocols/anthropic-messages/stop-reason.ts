import { findObject, findString } from '../../kernel/json.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { Stop, StopReason } from '../../kernel/reply.ts';

/** What had arrived when an answer ended; `broken-calls`: a call whose arguments are not JSON. */
export type Delivered = 'nothing' | 'text' | 'calls' | 'broken-calls';

const REASONS: ReadonlyMap<string | undefined, StopReason> = new Map([
  ['end_turn', 'stop'],
  ['stop_sequence', 'stop-sequence'],
  ['tool_use', 'tool-calls'],
  ['max_tokens', 'length'],
  ['model_context_window_exceeded', 'context'],
  ['refusal', 'refusal'],
  ['pause_turn', 'pause'],
  ['compaction', 'pause'],
]);

const WORDS: Readonly<Record<StopReason, string>> = {
  stop: 'end_turn',
  'stop-sequence': 'stop_sequence',
  'tool-calls': 'tool_use',
  length: 'max_tokens',
  context: 'model_context_window_exceeded',
  'content-filter': 'refusal',
  refusal: 'refusal',
  pause: 'max_tokens', // of another service; nobody could go on where it paused
};

/**
 * Why the answer ended, from the members `stop_reason`, `stop_sequence` and `stop_details`; `undefined` when the word is
 * unknown and what arrived is no whole answer.
 */
export function decodeStop(end: JsonObject, delivered: Delivered): Stop | undefined {
  const raw = findString(end['stop_reason']);
  const reason = reasonOf(raw, delivered);
  const sequence = findString(end['stop_sequence']);
  const explanation = findString(findObject(end['stop_details'])?.['explanation']);
  return (
    reason && {
      reason,
      ...(raw !== undefined && { raw }),
      ...(sequence !== undefined && { sequence }),
      ...(explanation !== undefined && { explanation }),
    }
  );
}

function reasonOf(word: string | undefined, delivered: Delivered): StopReason | undefined {
  const known = REASONS.get(word);
  // Some services say that the turn is over beside a call; an agent that believed them would not run it.
  if (known === 'stop' && delivered === 'calls') return 'tool-calls';
  if (known !== undefined) return known;
  if (delivered === 'calls') return 'tool-calls';
  return delivered === 'text' ? 'stop' : undefined;
}

/**
 * The members of a message, or of the last delta of a stream, that tell why the answer ended. A word of this dialect's
 * own that means the same (`compaction`) is kept.
 */
export function encodeStop({ reason, raw, sequence, explanation }: Stop): JsonObject {
  const refused = reason === 'refusal' || reason === 'content-filter';
  return {
    stop_reason: raw !== undefined && REASONS.get(raw) === reason ? raw : WORDS[reason],
    stop_sequence: (reason === 'stop-sequence' ? sequence : undefined) ?? null,
    ...(refused && {
      stop_details: { type: 'refusal', category: null, explanation: explanation ?? null },
    }),
  };
}
