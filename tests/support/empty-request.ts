import type { ChatRequest } from '../../src/kernel/conversation.ts';
import type { FieldNames } from '../../src/kernel/field-names.ts';
import { NO_WISH } from '../../src/kernel/reasoning.ts';

/** The words of a client that calls everything what the kernel calls it. */
export const PLAIN_NAMES: FieldNames = {
  cacheKey: 'cacheKey',
  cacheMark: 'cacheMark',
  endUser: 'endUser',
  format: 'format',
  frequencyPenalty: 'frequencyPenalty',
  logitBias: 'logitBias',
  logprobs: 'logprobs',
  maxTokens: 'maxTokens',
  messages: 'messages',
  metadata: 'metadata',
  parallelToolCalls: 'parallelToolCalls',
  presencePenalty: 'presencePenalty',
  reasoning: 'reasoning',
  seed: 'seed',
  serviceTier: 'serviceTier',
  stop: 'stop',
  store: 'store',
  strict: 'strict',
  temperature: 'temperature',
  toolChoice: 'toolChoice',
  tools: 'tools',
  topK: 'topK',
  topP: 'topP',
  verbosity: 'verbosity',
};

/** A request that asks for nothing. */
export const emptyRequest: ChatRequest = {
  model: 'm',
  stream: false,
  wantUsageChunk: false,
  system: [],
  turns: [],
  tools: [],
  sampling: {},
  reasoning: NO_WISH,
  names: PLAIN_NAMES,
};
