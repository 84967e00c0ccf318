import { isJsonObject } from '../../kernel/json.ts';
import type { Json } from '../../kernel/json.ts';
import { reviseContent } from './revise-content.ts';

/** What the ids of Kimi's calls start with (`functions.Bash:0`), as text of a body. */
export const FOREIGN_ID_MARK = '"functions.';

/**
 * The message with the ids of its calls and results in the characters that this dialect takes; the very same one when
 * they are. A call and its result are mended alike, so that they still meet.
 */
export const mendCallIds = (message: Json): Json => reviseContent(message, (block) => [mendBlock(block)]);

/** Where a block names its call. */
const ID_FIELDS = new Map<Json | undefined, string>([
  ['tool_use', 'id'],
  ['tool_result', 'tool_use_id'],
]);

function mendBlock(block: Json): Json {
  const field = isJsonObject(block) ? ID_FIELDS.get(block['type']) : undefined;
  if (!isJsonObject(block) || field === undefined) return block;
  const id = block[field];
  const mended = typeof id === 'string' ? id.replace(/[^A-Za-z0-9_-]/g, '_') : id;
  return mended === id ? block : { ...block, [field]: mended };
}
