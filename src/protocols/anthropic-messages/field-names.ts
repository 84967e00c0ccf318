import type { FieldNames } from '../../kernel/field-names.ts';

/** The words of Messages clients; what the dialect has no word for keeps the one that most clients know. */
export const FIELD_NAMES: FieldNames = {
  cacheKey: 'prompt_cache_key',
  cacheMark: 'cache_control',
  endUser: 'metadata.user_id',
  format: 'output_config.format',
  frequencyPenalty: 'frequency_penalty',
  logitBias: 'logit_bias',
  logprobs: 'logprobs',
  maxTokens: 'max_tokens',
  messages: 'messages',
  metadata: 'metadata',
  parallelToolCalls: 'tool_choice.disable_parallel_tool_use',
  presencePenalty: 'presence_penalty',
  reasoning: 'thinking',
  seed: 'seed',
  serviceTier: 'service_tier',
  stop: 'stop_sequences',
  store: 'store',
  strict: 'strict',
  temperature: 'temperature',
  toolChoice: 'tool_choice',
  tools: 'tools',
  topK: 'top_k',
  topP: 'top_p',
  verbosity: 'verbosity',
};
