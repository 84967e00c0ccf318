import { invalidField } from '../../kernel/gateway-error.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { Losses } from '../../kernel/losses.ts';
import { pathOf, requireString } from '../../kernel/read-fields.ts';

/** Text that has to say something: the name of a tool, the id of a call; throws `invalid-request` on an empty one. */
export function requireWord(parent: JsonObject, key: string, at: string): string {
  const word = requireString(parent, key, at);
  if (word === '') throw invalidField(pathOf(at, key), 'must not be empty');
  return word;
}

/** Notes what an object holds beyond the members that are read. */
export function noteUnread(holder: JsonObject, read: readonly string[], at: string, losses: Losses): void {
  for (const [key, value] of Object.entries(holder)) {
    if (value !== null && !read.includes(key)) losses.note(pathOf(at, key), 'ignored');
  }
}
