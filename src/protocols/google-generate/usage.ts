import { findNumber, findObject } from '../../kernel/json.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { Usage } from '../../kernel/reply.ts';

/** Google's counters in tokens, as far as they were told. */
export interface Counters {
  readonly prompt?: number | undefined;
  /** What hosted tools read, beside the prompt. */
  readonly toolPrompt?: number | undefined;
  /** The part of the prompt that came from a cache. */
  readonly cached?: number | undefined;
  readonly answer?: number | undefined;
  /** Counted beside the answer. */
  readonly thoughts?: number | undefined;
}

/** Reads `usageMetadata` over the counters of earlier chunks: the first ones carry a part of the fields only. */
export const readCounters = (metadata: JsonObject, earlier: Counters): Counters => ({
  prompt: findNumber(metadata['promptTokenCount']) ?? earlier.prompt,
  toolPrompt: findNumber(metadata['toolUsePromptTokenCount']) ?? earlier.toolPrompt,
  cached: findNumber(metadata['cachedContentTokenCount']) ?? earlier.cached,
  answer: findNumber(metadata['candidatesTokenCount']) ?? earlier.answer,
  thoughts: findNumber(metadata['thoughtsTokenCount']) ?? earlier.thoughts,
});

/** Usage in everybody's words. */
export const usageOf = ({
  prompt = 0,
  toolPrompt = 0,
  cached = 0,
  answer = 0,
  thoughts = 0,
}: Counters): Usage => ({
  inputTokens: prompt + toolPrompt,
  cacheReadTokens: cached,
  cacheWriteTokens: 0,
  outputTokens: answer + thoughts,
  reasoningTokens: thoughts,
});

/** Usage that one chunk or whole answer tells of, on top of `known`. */
export function findUsage(data: JsonObject, known: Usage | undefined): Usage | undefined {
  const metadata = findObject(data['usageMetadata']);
  return metadata === undefined ? known : usageOf(readCounters(metadata, countersOf(known)));
}

const countersOf = (known: Usage | undefined): Counters =>
  known === undefined
    ? {}
    : {
        prompt: known.inputTokens,
        cached: known.cacheReadTokens,
        answer: known.outputTokens - known.reasoningTokens,
        thoughts: known.reasoningTokens,
      };
