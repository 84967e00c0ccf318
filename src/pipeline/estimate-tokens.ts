import type { ChatRequest } from '../kernel/conversation.ts';
import type { Usage } from '../kernel/reply.ts';
import { measureRequest } from '../kernel/request-size.ts';
import type { UpstreamType } from '../kernel/settings.ts';
import type { StreamEvent } from '../kernel/stream-event.ts';
import type { CountTokens } from '../tokens/count-tokens.ts';

/** How many more tokens than the vocabulary we count with a model's own may need; too many does less harm than too few. */
const MARGIN: Readonly<Record<UpstreamType, number>> = {
  anthropic: 1.5,
  openai: 1.1,
  common: 1.25,
  google: 1.25,
};

/** The tokens of a request, counted on this machine and rounded up. */
export async function estimateTokens(
  request: ChatRequest,
  type: UpstreamType,
  count: CountTokens,
): Promise<number> {
  const { texts, fixedTokens } = measureRequest(request);
  return Math.ceil((await count(texts)) * MARGIN[type]) + fixedTokens;
}

/** English and code have three to five bytes a token; other scripts up to three. */
const BYTES_PER_TOKEN = 3;

/** What a request comes to, by its size alone: costs nothing, and is replaced as soon as the upstream says better. */
export function roughInputTokens(request: ChatRequest, bodyBytes: number): number {
  const { fixedTokens, mediaCharacters } = measureRequest(request);
  return Math.ceil(Math.max(0, bodyBytes - mediaCharacters) / BYTES_PER_TOKEN) + fixedTokens;
}

/** Gathers what an answer would have used, for upstreams that do not say. */
export interface UsageEstimate {
  readonly observe: (event: StreamEvent) => void;
  readonly usage: () => Usage;
}

export function createUsageEstimate(inputTokens: number): UsageEstimate {
  let text = 0;
  let reasoning = 0;
  const tokens = (characters: number): number => Math.ceil(characters / BYTES_PER_TOKEN);
  return {
    observe: (event) => {
      if (event.type === 'block-delta') text += event.text.length;
      else if (event.type === 'reasoning-delta') reasoning += event.text.length;
    },
    usage: () => ({
      inputTokens,
      cacheReadTokens: 0,
      cacheWriteTokens: 0,
      outputTokens: tokens(text) + tokens(reasoning),
      reasoningTokens: tokens(reasoning),
    }),
  };
}
