import type { Capabilities } from '../../kernel/capabilities.ts';
import type { WireView } from '../../kernel/edit.ts';
import { findObject, findString, listOf } from '../../kernel/json.ts';
import type { Json, JsonObject } from '../../kernel/json.ts';
import type { ThinkingForm } from './thinking-form.ts';

/** What in this body the API refuses to combine with thinking, if anything. */
export function findObstacle(
  view: WireView,
  form: ThinkingForm,
  { forcedToolWithThinking }: Capabilities,
): string | undefined {
  const forcible = form === 'adaptive' && forcedToolWithThinking === true;
  if (!forcible && isForced(findObject(view.read('tool_choice')))) return 'forced-tool';
  if (view.read('max_tokens') === 0) return 'cache-warming';
  const [first, second] = view.readLastTwo('messages');
  const last = findObject(second ?? first);
  if (last?.['role'] === 'assistant') return 'prefill';
  const before = second === undefined ? undefined : findObject(first);
  const unsigned = form === 'budget' && holds(last, 'tool_result') && !isSigned(before);
  return unsigned ? 'unsigned-history' : undefined;
}

const isForced = (choice: JsonObject | undefined): boolean =>
  choice?.['type'] === 'any' || choice?.['type'] === 'tool';

const blocksOf = (message: JsonObject | undefined): JsonObject[] =>
  listOf(message?.['content'])
    .map((block: Json) => findObject(block))
    .filter((block) => block !== undefined);

const holds = (message: JsonObject | undefined, type: string): boolean =>
  blocksOf(message).some((block) => block['type'] === type);

/** True when the message holds thinking that the API can verify. */
const isSigned = (message: JsonObject | undefined): boolean =>
  holds(message, 'redacted_thinking') ||
  blocksOf(message).some(
    (block) => block['type'] === 'thinking' && (findString(block['signature']) ?? '') !== '',
  );
