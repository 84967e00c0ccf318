import type { FieldNames } from '../../src/kernel/field-names.ts';

/** Words that stand in no dialect, so that a test sees whose word a note takes. */
export const CLIENT_WORDS: FieldNames = {
  cacheKey: 'its.cacheKey',
  cacheMark: 'its.cacheMark',
  endUser: 'its.endUser',
  format: 'its.format',
  frequencyPenalty: 'its.frequencyPenalty',
  logitBias: 'its.logitBias',
  logprobs: 'its.logprobs',
  maxTokens: 'its.maxTokens',
  messages: 'its.messages',
  metadata: 'its.metadata',
  parallelToolCalls: 'its.parallelToolCalls',
  presencePenalty: 'its.presencePenalty',
  reasoning: 'its.reasoning',
  seed: 'its.seed',
  serviceTier: 'its.serviceTier',
  stop: 'its.stop',
  store: 'its.store',
  strict: 'its.strict',
  temperature: 'its.temperature',
  toolChoice: 'its.toolChoice',
  tools: 'its.tools',
  topK: 'its.topK',
  topP: 'its.topP',
  verbosity: 'its.verbosity',
};
