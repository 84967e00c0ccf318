import { assertNever } from '../../kernel/assert-never.ts';
import type { EncodeContext } from '../../kernel/codec.ts';
import type { ChatRequest, OutputFormat } from '../../kernel/conversation.ts';
import type { NamedField } from '../../kernel/field-names.ts';
import { unsupportedField } from '../../kernel/gateway-error.ts';
import { encodeSchema } from './encode-schema.ts';
import type { WireGenerationConfig } from './wire-types.ts';

/**
 * Everything that steers how the answer is made, but for thinking.
 *
 * @throws GatewayError `invalid-request` when the answer cannot have the form that the client asked for.
 */
export function encodeGenerationConfig(request: ChatRequest, context: EncodeContext): WireGenerationConfig {
  return {
    ...encodeMaxTokens(request.maxTokens, context),
    ...encodeSampling(request, context),
    ...encodeLogprobs(request),
    ...(request.stop !== undefined && { stopSequences: request.stop }),
    ...(request.format !== undefined && encodeFormat(request.format, context)),
  };
}

function encodeMaxTokens(
  maxTokens: number | undefined,
  { capabilities, losses, names }: EncodeContext,
): WireGenerationConfig {
  if (maxTokens === undefined) return {};
  if (maxTokens <= 0)
    throw unsupportedField(names.maxTokens, 'the model has to be allowed at least one token');
  const { maxOutput = maxTokens } = capabilities;
  if (maxOutput < maxTokens) losses.note(names.maxTokens, 'clamped');
  return { maxOutputTokens: Math.min(maxTokens, maxOutput) };
}

function encodeSampling(
  { sampling }: ChatRequest,
  { capabilities: { sampling: takes = {} }, losses, names }: EncodeContext,
): WireGenerationConfig {
  const number = (key: keyof typeof sampling & NamedField, taken = true): WireGenerationConfig => {
    const value = sampling[key];
    if (value !== undefined && !taken) losses.note(names[key], 'dropped');
    return value !== undefined && taken ? { [key]: value } : {};
  };
  return {
    ...number('temperature', takes.temperature),
    ...number('topP', takes.topP),
    ...number('topK', takes.topK),
    ...number('frequencyPenalty', takes.penalties),
    ...number('presencePenalty', takes.penalties),
    ...number('seed', takes.seed),
  };
}

/** The count of rivals is left out for none, which is what the service tells unasked. */
const encodeLogprobs = ({ logprobs }: ChatRequest): WireGenerationConfig =>
  logprobs === undefined
    ? {}
    : { responseLogprobs: true, ...(logprobs.top > 0 && { logprobs: logprobs.top }) };

function encodeFormat(format: OutputFormat, context: EncodeContext): WireGenerationConfig {
  const { jsonSchemaOut, jsonObjectOut, jsonSchemaParams } = context.capabilities;
  const field = context.names.format;
  switch (format.type) {
    case 'text':
      return {};
    case 'json-object':
      if (jsonObjectOut === false) throw unsupportedField(field, 'the model has no JSON mode');
      return { responseMimeType: 'application/json' };
    case 'json-schema': {
      if (jsonSchemaOut === false) throw unsupportedField(field, 'the model cannot keep to a schema');
      const schema = encodeSchema(describe(format), field, context);
      return {
        responseMimeType: 'application/json',
        ...(jsonSchemaParams === false ? { responseSchema: schema } : { responseJsonSchema: schema }),
      };
    }
    default:
      return assertNever(format, 'output format');
  }
}

/** What the answer is for stands in the schema: the dialect has no other place. */
const describe = ({
  schema,
  description,
}: Extract<OutputFormat, { readonly type: 'json-schema' }>): typeof schema =>
  description === undefined ? schema : { description, ...schema };
