import { invalidField } from '../../kernel/gateway-error.ts';
import { isJsonArray } from '../../kernel/json.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { mapObjects, pathOf } from '../../kernel/read-fields.ts';

/** Reads one content block, of which nothing, one thing or several may come; `at` is the client's path of the block. */
export type ReadBlock<T> = (block: JsonObject, at: string) => readonly T[];

/**
 * Reads a member that holds content: a string, which stands for one text block, or a list of blocks.
 *
 * @throws GatewayError `invalid-request` when it is neither, and whatever `read` throws.
 */
export function mapContent<T>(holder: JsonObject, key: string, at: string, read: ReadBlock<T>): readonly T[] {
  const content = holder[key];
  const path = pathOf(at, key);
  if (typeof content === 'string') return read({ type: 'text', text: content }, path);
  if (isJsonArray(content)) return mapObjects(content, path, read).flat();
  throw invalidField(path, 'is required and must be a string or a list of content blocks', 'invalid_type');
}
