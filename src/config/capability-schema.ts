import { z } from 'zod';
import { REASONING_STYLES } from '../kernel/capabilities.ts';
import type { Capabilities } from '../kernel/capabilities.ts';
import { EFFORTS } from '../kernel/reasoning.ts';
import { flag, oneOf, record, text, wholeNumber } from './schema-words.ts';

const yesNo = flag.exactOptional();
const tokens = wholeNumber(1, Number.MAX_SAFE_INTEGER, 'a whole number above 0').exactOptional();
const characters = wholeNumber(16, 4096, 'a whole number from 16 to 4096').exactOptional();
const budget = wholeNumber(0, Number.MAX_SAFE_INTEGER, 'a whole number of tokens');
const listOf = <Word extends string>(words: readonly [Word, ...Word[]]) =>
  z.array(oneOf(words), { error: 'a list' }).exactOptional();

/** What `models[].capabilities` may say of a model: the words of {@link Capabilities}, all optional. */
export const capabilitySchema = record({
  issuer: text.exactOptional(),
  family: text.exactOptional(),
  reasoning: yesNo,
  thinkingTypes: record({
    enabled: yesNo,
    adaptive: yesNo,
    disabled: yesNo,
    betweenTools: yesNo,
  }).exactOptional(),
  efforts: listOf(EFFORTS),
  canDisableReasoning: yesNo,
  reasoningStyle: oneOf(REASONING_STYLES).exactOptional(),
  needsReasoningEcho: yesNo,
  thinkingLevels: listOf(['MINIMAL', 'LOW', 'MEDIUM', 'HIGH']),
  thinkingBudget: record({ min: budget, max: budget, off: budget.exactOptional() }).exactOptional(),
  thoughtSignatureRequired: yesNo,
  maxInput: tokens,
  maxOutput: tokens,
  sampling: record({
    temperature: yesNo,
    topP: yesNo,
    topK: yesNo,
    penalties: yesNo,
    seed: yesNo,
  }).exactOptional(),
  stop: yesNo,
  images: yesNo,
  imageUrl: yesNo,
  pdf: yesNo,
  audio: yesNo,
  toolResultImages: yesNo,
  midSystem: yesNo,
  developerRole: yesNo,
  prefill: yesNo,
  strictTools: yesNo,
  jsonSchemaOut: yesNo,
  jsonObjectOut: yesNo,
  forcedToolWithThinking: yesNo,
  cacheBreakpoints: yesNo,
  maxTokensField: oneOf(['max_tokens', 'max_completion_tokens']).exactOptional(),
  toolNameMax: characters,
  toolIdMax: characters,
  jsonSchemaParams: yesNo,
} satisfies Record<keyof Required<Capabilities>, z.ZodType>);
