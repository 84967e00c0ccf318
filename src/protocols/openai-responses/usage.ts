import { findNumber, findObject } from '../../kernel/json.ts';
import type { Json, JsonObject } from '../../kernel/json.ts';
import { NO_USAGE } from '../../kernel/reply.ts';
import type { Usage } from '../../kernel/reply.ts';

/** Usage of a wire `usage` object over what was known; both sides count the cache as part of the input. */
export function readUsage(value: Json | undefined, known?: Usage): Usage | undefined {
  const usage = findObject(value);
  const input = findNumber(usage?.['input_tokens']);
  const output = findNumber(usage?.['output_tokens']);
  if (usage === undefined || (input ?? output) === undefined) return known;
  const base = known ?? NO_USAGE;
  const inputDetail = detailOf(usage, 'input_tokens_details');
  const outputDetail = detailOf(usage, 'output_tokens_details');
  return {
    inputTokens: input ?? base.inputTokens,
    cacheReadTokens: inputDetail('cached_tokens') ?? base.cacheReadTokens,
    cacheWriteTokens: inputDetail('cache_write_tokens') ?? base.cacheWriteTokens,
    outputTokens: output ?? base.outputTokens,
    reasoningTokens: outputDetail('reasoning_tokens') ?? base.reasoningTokens,
  };
}

function detailOf(usage: JsonObject, key: string): (name: string) => number | undefined {
  const details = findObject(usage[key]);
  return (name) => findNumber(details?.[name]);
}

/** Usage that a stream event (inside `response`) or a whole response object tells of, over what was known. */
export const findUsage = (data: JsonObject, known: Usage | undefined): Usage | undefined =>
  readUsage(findObject(data['response'])?.['usage'] ?? data['usage'], known);

const CHARACTERS_PER_TOKEN = 4;

/** What an answer whose upstream told no usage may have used: clients read the numbers without looking. */
export const estimateUsage = (inputTokens: number, outputCharacters: number): Usage => ({
  ...NO_USAGE,
  inputTokens,
  outputTokens: Math.ceil(outputCharacters / CHARACTERS_PER_TOKEN),
});

/** The wire form. */
export const encodeUsage = (usage: Usage): JsonObject => ({
  input_tokens: usage.inputTokens,
  input_tokens_details: { cached_tokens: usage.cacheReadTokens, cache_write_tokens: usage.cacheWriteTokens },
  output_tokens: usage.outputTokens,
  output_tokens_details: { reasoning_tokens: usage.reasoningTokens },
  total_tokens: usage.inputTokens + usage.outputTokens,
});
