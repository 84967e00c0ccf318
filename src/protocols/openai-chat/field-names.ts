import type { FieldNames, NamedField } from '../../kernel/field-names.ts';
import type { JsonObject } from '../../kernel/json.ts';

/** This dialect's own words, for a request that has none of the others for the same thing. */
const FIELD_NAMES: FieldNames = {
  cacheKey: 'prompt_cache_key',
  cacheMark: 'prompt_cache_breakpoint',
  endUser: 'user',
  format: 'response_format',
  frequencyPenalty: 'frequency_penalty',
  logitBias: 'logit_bias',
  logprobs: 'logprobs',
  maxTokens: 'max_tokens',
  messages: 'messages',
  metadata: 'metadata',
  parallelToolCalls: 'parallel_tool_calls',
  presencePenalty: 'presence_penalty',
  reasoning: 'reasoning_effort',
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
  verbosity: 'verbosity',
};

/** Where several words ask for one thing, all of them, the one that wins first. */
const SYNONYMS: readonly (readonly [field: NamedField, words: readonly string[]])[] = [
  ['endUser', ['safety_identifier', 'user']],
  ['maxTokens', ['max_completion_tokens', 'max_tokens']],
  ['reasoning', ['reasoning_effort', 'reasoning', 'thinking', 'enable_thinking']],
  ['toolChoice', ['tool_choice', 'function_call']],
  ['tools', ['tools', 'functions']],
];

/** The words that this very request uses. */
export function fieldNamesOf(body: JsonObject): FieldNames {
  const isThere = (word: string): boolean => body[word] !== undefined && body[word] !== null;
  const used = SYNONYMS.map(([field, words]) => [field, words.find(isThere) ?? FIELD_NAMES[field]] as const);
  return { ...FIELD_NAMES, ...Object.fromEntries(used) };
}
