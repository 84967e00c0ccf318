import type { JsonObject } from '../../kernel/json.ts';
import type { Losses } from '../../kernel/losses.ts';
import { pathOf } from '../../kernel/read-fields.ts';

/** Notes the members beyond those that are known; null says nothing. `at` is the client's path of the object. */
export function noteUnread(object: JsonObject, at: string, known: readonly string[], losses: Losses): void {
  for (const [key, value] of Object.entries(object)) {
    if (value !== null && !known.includes(key)) losses.note(pathOf(at, key), 'ignored');
  }
}
