import type { CacheMark } from '../../kernel/conversation.ts';
import { isJsonArray, isJsonObject, listOf } from '../../kernel/json.ts';
import type { Json, JsonObject } from '../../kernel/json.ts';

/** As many cache marks as a request may hold. */
export const MAX_CACHE_MARKS = 4;

/** A block or tool with its cache mark; services offer different lifetimes, and the nearest one is taken. */
export function withCacheMark(block: JsonObject, mark: CacheMark | undefined): JsonObject {
  if (mark === undefined) return block;
  const long = mark.ttl === '1h' || mark.ttl === '12h';
  return { ...block, cache_control: { type: 'ephemeral', ...(long && { ttl: '1h' }) } };
}

/** The block without its cache mark. */
export const withoutCacheMark = (block: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(block).filter(([key]) => key !== 'cache_control'));

/** The body with its last `most` cache marks; the order of the prompt is tools, system, messages. */
export function limitCacheMarks(body: JsonObject, most: number): JsonObject {
  const { tools, system, messages } = body;
  const contents = listOf(messages).map(contentOf);
  let surplus = [tools, system, ...contents].flatMap(listOf).filter(isMarked).length - most;
  if (surplus <= 0) return body;

  const unmark = (value: Json): Json => {
    if (surplus <= 0 || !isMarked(value)) return value;
    surplus--;
    return withoutCacheMark(value);
  };
  const unmarkAll = (list: Json | undefined): Json | undefined =>
    isJsonArray(list) ? list.map(unmark) : list;
  const unmarkMessage = (message: Json): Json =>
    isJsonObject(message) ? { ...message, content: unmarkAll(message['content']) } : message;
  return {
    ...body,
    ...(tools !== undefined && { tools: unmarkAll(tools) }),
    ...(system !== undefined && { system: unmarkAll(system) }),
    messages: listOf(messages).map(unmarkMessage),
  };
}

const contentOf = (message: Json): Json | undefined =>
  isJsonObject(message) ? message['content'] : undefined;

const isMarked = (value: Json): value is JsonObject =>
  isJsonObject(value) && value['cache_control'] !== undefined;
