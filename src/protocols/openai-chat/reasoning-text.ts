import { findObject, findString, listOf } from '../../kernel/json.ts';
import type { JsonObject } from '../../kernel/json.ts';

/** What stands between two passages of reasoning, for the member that tells of it is one string. */
export const PASSAGE_GAP = '\n\n';

/**
 * The readable reasoning of a message or delta; empty when there is none. Vendors disagree on the member's name and
 * some fill two with the same text, so the first that holds any is taken.
 */
export function reasoningText(message: JsonObject): string {
  return (
    filled(message['reasoning_content']) ??
    filled(message['reasoning']) ??
    filled(message['reasoning_text']) ??
    detailText(message)
  );
}

const filled = (value: unknown): string | undefined => (value === '' ? undefined : findString(value));

function detailText(message: JsonObject): string {
  let text = '';
  for (const entry of listOf(message['reasoning_details'])) {
    const detail = findObject(entry);
    text += findString(detail?.['text']) ?? findString(detail?.['summary']) ?? '';
  }
  return text;
}
