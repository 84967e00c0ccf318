import type { Capabilities } from '../../kernel/capabilities.ts';
import type { WireView } from '../../kernel/edit.ts';
import { findObject, findString, listOf } from '../../kernel/json.ts';
import type { Json, JsonObject } from '../../kernel/json.ts';
import { restoreThinking } from './restore-thinking.ts';
import type { ThinkingForm } from './thinking-form.ts';

/** What in this body the API refuses to combine with thinking, if anything. */
export function findObstacle(
  view: WireView,
  form: ThinkingForm,
  capabilities: Capabilities,
): string | undefined {
  const forcible = form === 'adaptive' && capabilities.forcedToolWithThinking === true;
  if (!forcible && isForced(findObject(view.read('tool_choice')))) return 'forced-tool';
  if (view.read('max_tokens') === 0) return 'cache-warming';
  const { last, before } = lastMessages(view);
  if (last?.['role'] === 'assistant') return 'prefill';
  const isUnsigned =
    form === 'budget' && holds(last, 'tool_result') && !startsSigned(restored(before, capabilities));
  return isUnsigned ? UNSIGNED : undefined;
}

/** The calls that are being answered do not start with thinking that the API can verify. */
export const UNSIGNED = 'unsigned-history';

/** True when the calls that are being answered lose their thinking because another service made it. */
export function losesOpenThinking(view: WireView, capabilities: Capabilities): boolean {
  const { last, before } = lastMessages(view);
  if (!holds(last, 'tool_result')) return false;
  const kept = restored(before, capabilities);
  return kept !== before && !startsSigned(kept);
}

const isForced = (choice: JsonObject | undefined): boolean =>
  choice?.['type'] === 'any' || choice?.['type'] === 'tool';

interface LastMessages {
  readonly last: JsonObject | undefined;
  readonly before: JsonObject | undefined;
}

/** System text at the very end is passed over; what stands before three messages cannot be seen. */
function lastMessages(view: WireView): LastMessages {
  const [first, second] = view.readLastTwo('messages');
  const last = findObject(second ?? first);
  const before = second === undefined ? undefined : findObject(first);
  return last?.['role'] === 'system' ? { last: before, before: undefined } : { last, before };
}

/** The message as it will be sent. */
const restored = (message: JsonObject | undefined, capabilities: Capabilities): JsonObject | undefined =>
  message && findObject(restoreThinking(message, capabilities));

const blocksOf = (message: JsonObject | undefined): readonly Json[] => listOf(message?.['content']);

const holds = (message: JsonObject | undefined, type: string): boolean =>
  blocksOf(message).some((block) => findObject(block)?.['type'] === type);

/** True when the message starts with thinking that the API can verify. */
function startsSigned(message: JsonObject | undefined): boolean {
  const first = findObject(blocksOf(message)[0]);
  return (
    first?.['type'] === 'redacted_thinking' ||
    (first?.['type'] === 'thinking' && (findString(first['signature']) ?? '') !== '')
  );
}
