import { findNumber, findObject, listOf } from '../../kernel/json.ts';
import type { Json, JsonObject } from '../../kernel/json.ts';
import { NO_USAGE } from '../../kernel/reply.ts';
import type { Usage } from '../../kernel/reply.ts';

/**
 * Usage that a chunk or a whole answer tells of, over what was known. `prompt_tokens` includes what came from and
 * went into the cache, `completion_tokens` includes reasoning.
 */
export function findUsage(data: JsonObject, known: Usage | undefined): Usage | undefined {
  const wire = usageOf(data);
  if (wire === undefined) return known;
  const input = findObject(wire['prompt_tokens_details']);
  const output = findObject(wire['completion_tokens_details']);
  const reasoning = firstCount([output?.['reasoning_tokens']]);
  // DeepSeek and Kimi tell of the cache beside the totals.
  const cached = [input?.['cached_tokens'], wire['prompt_cache_hit_tokens'], wire['cached_tokens']];
  const told: { [K in keyof Usage]: number | undefined } = {
    inputTokens: firstCount([wire['prompt_tokens']]),
    cacheReadTokens: firstCount(cached),
    cacheWriteTokens: firstCount([input?.['cache_write_tokens']]),
    outputTokens: outputCount(wire, reasoning),
    reasoningTokens: reasoning,
  };
  const counts = Object.entries(told).filter(([, count]) => count !== undefined);
  return counts.length === 0 ? known : { ...(known ?? NO_USAGE), ...Object.fromEntries(counts) };
}

/** Kimi puts the usage of a stream into the choice. */
const usageOf = (data: JsonObject): JsonObject | undefined =>
  findObject(data['usage']) ?? findObject(findObject(listOf(data['choices'])[0])?.['usage']);

/** xAI counts reasoning beside `completion_tokens`, which the total gives away. */
function outputCount(wire: JsonObject, reasoning = 0): number | undefined {
  const completion = firstCount([wire['completion_tokens']]);
  if (completion === undefined) return undefined;
  const beside = (firstCount([wire['prompt_tokens']]) ?? 0) + completion + reasoning;
  return wire['total_tokens'] === beside ? completion + reasoning : completion;
}

const firstCount = (candidates: readonly (Json | undefined)[]): number | undefined =>
  candidates.map(findNumber).find((count) => count !== undefined && count >= 0);

/** Usage as a client reads it; every detail is there, with zeros. */
export const encodeUsage = (usage: Usage): JsonObject => ({
  prompt_tokens: usage.inputTokens,
  completion_tokens: usage.outputTokens,
  total_tokens: usage.inputTokens + usage.outputTokens,
  prompt_tokens_details: {
    cached_tokens: usage.cacheReadTokens,
    cache_write_tokens: usage.cacheWriteTokens,
  },
  completion_tokens_details: { reasoning_tokens: usage.reasoningTokens },
});
