import { assertNever } from '../../kernel/assert-never.ts';
import type { OutputFormat } from '../../kernel/conversation.ts';
import type { JsonObject } from '../../kernel/json.ts';

/** The `text.format` member. */
export function encodeFormat(format: OutputFormat): JsonObject {
  switch (format.type) {
    case 'text':
      return { type: 'text' };
    case 'json-object':
      return { type: 'json_object' };
    case 'json-schema': {
      const { name = 'response', description, schema, strict } = format;
      return {
        type: 'json_schema',
        name,
        ...(description !== undefined && { description }),
        schema,
        ...(strict !== undefined && { strict }),
      };
    }
    default:
      return assertNever(format, 'format');
  }
}
