import type { FieldNames } from '../../kernel/field-names.ts';

/** What a client of this dialect calls its fields; words of other dialects where this one has none. */
export const FIELD_NAMES: FieldNames = {
  cacheKey: 'prompt_cache_key',
  cacheMark: 'prompt_cache_breakpoint',
  endUser: 'safety_identifier',
  format: 'text.format',
  frequencyPenalty: 'frequency_penalty',
  logitBias: 'logit_bias',
  logprobs: 'top_logprobs',
  maxTokens: 'max_output_tokens',
  messages: 'input',
  metadata: 'metadata',
  parallelToolCalls: 'parallel_tool_calls',
  presencePenalty: 'presence_penalty',
  reasoning: 'reasoning',
  seed: 'seed',
  serviceTier: 'service_tier',
  stop: 'stop',
  store: 'store',
  strict: 'strict',
  temperature: 'temperature',
  toolChoice: 'tool_choice',
  tools: 'tools',
  topK: 'top_k',
  topP: 'top_p',
  verbosity: 'text.verbosity',
};
