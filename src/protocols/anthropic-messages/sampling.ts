import type { EncodeContext } from '../../kernel/codec.ts';
import type { Sampling } from '../../kernel/conversation.ts';
import type { NamedField } from '../../kernel/field-names.ts';
import type { JsonObject } from '../../kernel/json.ts';

const UNKNOWN: readonly (readonly [field: NamedField, isSet: (sampling: Sampling) => boolean])[] = [
  ['frequencyPenalty', ({ frequencyPenalty = 0 }) => frequencyPenalty !== 0],
  ['presencePenalty', ({ presencePenalty = 0 }) => presencePenalty !== 0],
  ['seed', ({ seed }) => seed !== undefined],
  ['logitBias', ({ logitBias = {} }) => Object.keys(logitBias).length > 0],
];

/** The members on the wire, and the value that says nothing. */
const KNOWN = {
  temperature: { key: 'temperature', neutral: 1 },
  topP: { key: 'top_p', neutral: 1 },
  topK: { key: 'top_k', neutral: undefined },
} as const;

/** The sampling members that the model takes; the others are dropped and noted. */
export function encodeSampling(sampling: Sampling, context: EncodeContext): JsonObject {
  const { losses, names } = context;
  for (const [field, isSet] of UNKNOWN) if (isSet(sampling)) losses.note(names[field], 'dropped');
  const temperature = encodeTemperature(sampling.temperature, context);
  return {
    ...temperature,
    ...('temperature' in temperature
      ? dropNucleus(sampling, context)
      : encodeNumber('topP', sampling.topP, context)),
    ...encodeNumber('topK', sampling.topK, context),
  };
}

/** Models since 4.1 refuse `top_p` beside a temperature; a whole nucleus says nothing anyway. */
function dropNucleus({ topP = KNOWN.topP.neutral }: Sampling, { losses, names }: EncodeContext): JsonObject {
  if (topP !== KNOWN.topP.neutral) losses.note(names.topP, 'dropped');
  return {};
}

function encodeTemperature(temperature: number | undefined, context: EncodeContext): JsonObject {
  const { capabilities, losses, names } = context;
  if (temperature === undefined || temperature <= 1 || capabilities.sampling?.temperature === false) {
    return encodeNumber('temperature', temperature, context);
  }
  losses.note(names.temperature, 'clamped');
  return { temperature: 1 };
}

function encodeNumber(
  field: keyof typeof KNOWN,
  value: number | undefined,
  { capabilities, losses, names }: EncodeContext,
): JsonObject {
  if (value === undefined) return {};
  const { key, neutral } = KNOWN[field];
  if (capabilities.sampling?.[field] !== false) return { [key]: value };
  if (value !== neutral) losses.note(names[field], 'dropped');
  return {};
}
