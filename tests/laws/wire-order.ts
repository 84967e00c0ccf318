import type { ProtocolId } from '../../src/kernel/conversation.ts';
import { findJson, findNumber, findObject, findString, listOf } from '../../src/kernel/json.ts';
import type { JsonObject } from '../../src/kernel/json.ts';

/**
 * What in a stream's wire text comes out of order for readers that hold one thing open at a time; `undefined` when
 * nothing does. Chat tells calls apart by their number, the others tell one block or item after the other.
 */
export function findOrderFault(protocol: ProtocolId, text: string): string | undefined {
  const events = text
    .split('\n')
    .flatMap((line) => (line.startsWith('data: ') ? [findObject(findJson(line.slice(6)))] : []))
    .filter((event) => event !== undefined);
  if (protocol === 'openai-chat') return findCallFault(events);
  return protocol === 'anthropic-messages'
    ? findBlockFault(events, 'index', ['content_block_start', 'content_block_stop'])
    : (findNumberFault(events) ??
        findBlockFault(events, 'output_index', ['response.output_item.added', 'response.output_item.done']));
}

/** Every event of a block or item lies between its start and its end, and none of another between them. */
function findBlockFault(
  events: readonly JsonObject[],
  field: string,
  [starts, ends]: readonly [string, string],
): string | undefined {
  let next = 0;
  let open: number | undefined;
  for (const event of events) {
    const index = findNumber(event[field]);
    const type = findString(event['type']) ?? '';
    if (index === undefined) continue;
    if (type === starts) {
      if (open !== undefined || index !== next) return `${type} ${index} while ${open ?? 'nothing'} is open`;
      open = next++;
    } else if (index !== open) return `${type} ${index} while ${open ?? 'nothing'} is open`;
    if (type === ends) open = undefined;
  }
  return open === undefined ? undefined : `${open} is never closed`;
}

const findNumberFault = (events: readonly JsonObject[]): string | undefined =>
  events.every((event, index) => event['sequence_number'] === index) ? undefined : 'events are misnumbered';

/** A call is named once, by the first entry of its number; numbers rise. */
function findCallFault(events: readonly JsonObject[]): string | undefined {
  let next = 0;
  for (const event of events) {
    const delta = findObject(findObject(listOf(event['choices'])[0])?.['delta']);
    for (const entry of listOf(delta?.['tool_calls']).map(findObject)) {
      const index = findNumber(entry?.['index']) ?? -1;
      const isNamed = typeof entry?.['id'] === 'string';
      if (isNamed ? index !== next++ : index >= next) return `an entry of call ${index} out of turn`;
    }
  }
  return undefined;
}
