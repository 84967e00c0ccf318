import { assertNever } from '../../kernel/assert-never.ts';
import type { EncodeContext } from '../../kernel/codec.ts';
import type { ChatRequest, OutputFormat } from '../../kernel/conversation.ts';
import { fitFormat } from '../../kernel/fit-schemas.ts';
import { unsupportedField } from '../../kernel/gateway-error.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { encodeSettings } from './encode-settings.ts';
import { isOpenai } from './vendor.ts';

/**
 * The members `response_format` and `verbosity`.
 *
 * @throws GatewayError `invalid-request` when the model cannot be held to the format.
 */
export function encodeFormat({ format, verbosity }: ChatRequest, context: EncodeContext): JsonObject {
  const taken = isOpenai(context.capabilities); // verbosity, and strictness in OpenAI's sense
  return {
    ...(format !== undefined && encodeOutput(taken ? fitFormat(format, context) : format, context)),
    ...encodeSettings([{ key: 'verbosity', field: 'verbosity', value: verbosity, taken }], context),
  };
}

function encodeOutput(format: OutputFormat, { capabilities, names }: EncodeContext): JsonObject {
  switch (format.type) {
    case 'text':
      return {};
    case 'json-object':
      if (capabilities.jsonObjectOut !== false) return { response_format: { type: 'json_object' } };
      throw unsupportedField(names.format, 'this model cannot be held to JSON');
    case 'json-schema':
      if (capabilities.jsonSchemaOut !== false) return { response_format: encodeSchema(format) };
      throw unsupportedField(names.format, 'this model cannot be held to a JSON schema');
    default:
      return assertNever(format, 'format');
  }
}

function encodeSchema(format: Extract<OutputFormat, { readonly type: 'json-schema' }>): JsonObject {
  const { name = 'response', description, schema, strict } = format;
  return {
    type: 'json_schema',
    json_schema: {
      name,
      ...(description !== undefined && { description }),
      schema,
      ...(strict !== undefined && { strict }),
    },
  };
}
