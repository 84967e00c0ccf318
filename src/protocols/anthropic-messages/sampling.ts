import type { EncodeContext } from '../../kernel/codec.ts';
import type { Sampling } from '../../kernel/conversation.ts';
import type { JsonObject } from '../../kernel/json.ts';

const UNKNOWN: readonly (readonly [field: string, isSet: (sampling: Sampling) => boolean])[] = [
  ['frequency_penalty', ({ frequencyPenalty = 0 }) => frequencyPenalty !== 0],
  ['presence_penalty', ({ presencePenalty = 0 }) => presencePenalty !== 0],
  ['seed', ({ seed }) => seed !== undefined],
  ['logit_bias', ({ logitBias }) => logitBias !== undefined],
];

/** The sampling members that the model takes; the others are dropped and noted. */
export function encodeSampling(sampling: Sampling, context: EncodeContext): JsonObject {
  for (const [field, isSet] of UNKNOWN) if (isSet(sampling)) context.losses.note(field, 'dropped');
  const { temperature, topP, topK } = sampling;
  const allowed = context.capabilities.sampling;
  // Newer models refuse the two together, and a whole nucleus says nothing.
  const nucleus = topP === 1 && temperature !== undefined ? undefined : topP;
  return {
    ...encodeTemperature(temperature, context),
    ...encodeNumber('top_p', nucleus, allowed?.topP, context),
    ...encodeNumber('top_k', topK, allowed?.topK, context),
  };
}

function encodeTemperature(temperature: number | undefined, context: EncodeContext): JsonObject {
  const allowed = context.capabilities.sampling?.temperature;
  if (temperature === undefined || temperature <= 1 || allowed === false) {
    return encodeNumber('temperature', temperature, allowed, context);
  }
  context.losses.note('temperature', 'clamped');
  return { temperature: 1 };
}

function encodeNumber(
  field: string,
  value: number | undefined,
  allowed: boolean | undefined,
  { losses }: EncodeContext,
): JsonObject {
  if (value === undefined) return {};
  if (allowed !== false) return { [field]: value };
  losses.note(field, 'dropped');
  return {};
}

/** The member `stop_sequences`; a sequence of blanks alone is refused by the API, some models refuse them all. */
export function encodeStopSequences(
  stop: readonly string[] = [],
  { capabilities, losses }: EncodeContext,
): JsonObject {
  if (capabilities.stop === false) {
    if (stop.length > 0) losses.note('stop', 'emulated');
    return {};
  }
  const taken = stop.filter((sequence) => sequence.trim() !== '');
  if (taken.length < stop.length) losses.note('stop', 'dropped');
  return taken.length === 0 ? {} : { stop_sequences: taken };
}
