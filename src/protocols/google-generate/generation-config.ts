import { assertNever } from '../../kernel/assert-never.ts';
import type { EncodeContext } from '../../kernel/codec.ts';
import type { ChatRequest, OutputFormat } from '../../kernel/conversation.ts';
import { unsupportedField } from '../../kernel/gateway-error.ts';
import { encodeSchema } from './encode-schema.ts';
import type { WireGenerationConfig } from './wire-types.ts';

const MAX_STOPS = 5;

/**
 * Everything that steers how the answer is made, but for thinking.
 *
 * @throws GatewayError `invalid-request` when the answer cannot have the form that the client asked for.
 */
export function encodeGenerationConfig(request: ChatRequest, context: EncodeContext): WireGenerationConfig {
  return {
    ...encodeMaxTokens(request.maxTokens, context),
    ...encodeSampling(request, context),
    ...encodeStop(request.stop ?? [], context),
    ...(request.format !== undefined && encodeFormat(request.format, context)),
  };
}

function encodeMaxTokens(
  maxTokens: number | undefined,
  { capabilities, losses }: EncodeContext,
): WireGenerationConfig {
  if (maxTokens === undefined) return {};
  if (maxTokens <= 0) throw unsupportedField('max_tokens', 'the model has to be allowed at least one token');
  const { maxOutput = maxTokens } = capabilities;
  if (maxOutput < maxTokens) losses.note('max_tokens', 'clamped');
  return { maxOutputTokens: Math.min(maxTokens, maxOutput) };
}

function encodeSampling(
  { sampling }: ChatRequest,
  { capabilities: { sampling: takes = {} }, losses }: EncodeContext,
): WireGenerationConfig {
  const number = (
    key: string,
    field: string,
    value: number | undefined,
    taken = true,
  ): WireGenerationConfig => {
    if (value === undefined) return {};
    if (taken) return { [key]: value };
    losses.note(field, 'dropped');
    return {};
  };
  if (sampling.logitBias !== undefined) losses.note('logit_bias', 'dropped');
  return {
    ...number('temperature', 'temperature', sampling.temperature, takes.temperature),
    ...number('topP', 'top_p', sampling.topP, takes.topP),
    ...number('topK', 'top_k', sampling.topK, takes.topK),
    ...number('frequencyPenalty', 'frequency_penalty', sampling.frequencyPenalty, takes.penalties),
    ...number('presencePenalty', 'presence_penalty', sampling.presencePenalty, takes.penalties),
    ...number('seed', 'seed', sampling.seed, takes.seed),
  };
}

/** Sequences beyond what the model watches for are left to whoever reads its answer. */
function encodeStop(stop: readonly string[], { capabilities, losses }: EncodeContext): WireGenerationConfig {
  const taken = capabilities.stop === false ? [] : stop.slice(0, MAX_STOPS);
  if (taken.length < stop.length) losses.note('stop', 'emulated');
  return taken.length === 0 ? {} : { stopSequences: taken };
}

function encodeFormat(format: OutputFormat, context: EncodeContext): WireGenerationConfig {
  const { jsonSchemaOut, jsonObjectOut, jsonSchemaParams } = context.capabilities;
  switch (format.type) {
    case 'text':
      return {};
    case 'json-object':
      if (jsonObjectOut === false) throw unsupportedField('response_format', 'the model has no JSON mode');
      return { responseMimeType: 'application/json' };
    case 'json-schema': {
      if (jsonSchemaOut === false)
        throw unsupportedField('response_format', 'the model cannot keep to a schema');
      const schema = encodeSchema(format.schema, 'response_format', context);
      return {
        responseMimeType: 'application/json',
        ...(jsonSchemaParams === false ? { responseSchema: schema } : { responseJsonSchema: schema }),
      };
    }
    default:
      return assertNever(format, 'output format');
  }
}
