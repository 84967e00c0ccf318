import type { AnswerContext } from '../../kernel/codec.ts';
import { findNumber, findObject } from '../../kernel/json.ts';
import type { Json, JsonObject } from '../../kernel/json.ts';
import { NO_USAGE } from '../../kernel/reply.ts';
import type { Usage } from '../../kernel/reply.ts';

/**
 * Reads a `usage` object on top of what earlier events told: a member that is absent or null keeps its earlier value.
 * Messages counts cached tokens beside `input_tokens`, the canonical total includes them.
 */
export function decodeUsage(wire: Json | undefined, known: Usage | undefined): Usage | undefined {
  const usage = findObject(wire);
  if (usage === undefined) return known;
  const before = known ?? NO_USAGE;
  const read = findNumber(usage['cache_read_input_tokens']) ?? before.cacheReadTokens;
  const written = writtenTokens(usage) ?? before.cacheWriteTokens;
  const fresh = findNumber(usage['input_tokens']) ?? freshTokens(before);
  const details = findObject(usage['output_tokens_details']);
  return {
    inputTokens: fresh + read + written,
    cacheReadTokens: read,
    cacheWriteTokens: written,
    outputTokens: findNumber(usage['output_tokens']) ?? before.outputTokens,
    reasoningTokens: findNumber(details?.['thinking_tokens']) ?? before.reasoningTokens,
  };
}

/** Usage that an event (`message_start`, `message_delta`) or a whole message tells of, over what was known. */
export const findUsage = (data: JsonObject, known: Usage | undefined): Usage | undefined =>
  decodeUsage(data['usage'] ?? findObject(data['message'])?.['usage'], known);

/** Usage as it is told to a client: an input that the upstream has not told of is estimated, since none at all is wrong. */
export const usageToTell = (known: Usage | undefined, { estimatedInput }: AnswerContext): Usage =>
  known !== undefined && known.inputTokens > 0
    ? known
    : { ...(known ?? NO_USAGE), inputTokens: estimatedInput };

/** The `usage` object of an answer; its members are always numbers. */
export const encodeUsage = (usage: Usage): JsonObject => ({
  input_tokens: freshTokens(usage),
  cache_creation_input_tokens: usage.cacheWriteTokens,
  cache_read_input_tokens: usage.cacheReadTokens,
  output_tokens: usage.outputTokens,
  ...(usage.reasoningTokens > 0 && { output_tokens_details: { thinking_tokens: usage.reasoningTokens } }),
});

const freshTokens = ({ inputTokens, cacheReadTokens, cacheWriteTokens }: Usage): number =>
  Math.max(0, inputTokens - cacheReadTokens - cacheWriteTokens);

/** Tokens written to the cache: the total, or the sum over the lifetimes where only those are told. */
function writtenTokens(usage: JsonObject): number | undefined {
  const total = findNumber(usage['cache_creation_input_tokens']);
  const byLifetime = findObject(usage['cache_creation']);
  if (total !== undefined || byLifetime === undefined) return total;
  const short = findNumber(byLifetime['ephemeral_5m_input_tokens']) ?? 0;
  return short + (findNumber(byLifetime['ephemeral_1h_input_tokens']) ?? 0);
}
