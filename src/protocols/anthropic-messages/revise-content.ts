import { isJsonArray, isJsonObject } from '../../kernel/json.ts';
import type { Json } from '../../kernel/json.ts';

/** The message with each block of its content made into these blocks; the very same one when all of them stay. */
export function reviseContent(message: Json, revise: (block: Json) => readonly Json[]): Json {
  const content = isJsonObject(message) ? message['content'] : undefined;
  if (!isJsonObject(message) || !isJsonArray(content)) return message;
  const revised = content.flatMap(revise);
  const isSame = revised.length === content.length && revised.every((block, at) => block === content[at]);
  return isSame ? message : { ...message, content: revised };
}
