import type { EncodeContext } from '../../kernel/codec.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { encodeOpenApi } from './open-api-schema.ts';
import { cleanSchema } from './schema.ts';

/** The schema in the form that the model reads; what it cannot say is noted under `field`. */
export function encodeSchema(
  schema: JsonObject,
  field: string,
  { capabilities, losses }: EncodeContext,
): JsonObject {
  const clean = cleanSchema(schema);
  const encoded = capabilities.jsonSchemaParams === false ? encodeOpenApi(clean) : clean;
  if (encoded.lossy) losses.note(field, 'simplified');
  return encoded.schema;
}
