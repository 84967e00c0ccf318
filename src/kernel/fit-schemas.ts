import type { EncodeContext } from './codec.ts';
import { completeSchema, fillSchema, hasTopCondition } from './complete-schema.ts';
import type { FunctionTool, OutputFormat } from './conversation.ts';
import { hasAlternatives } from './object-schema.ts';
import { isStrictSchema } from './strict-schema.ts';

type Fitting = Pick<EncodeContext, 'capabilities' | 'losses' | 'names'>;

/** The function for a service that took OpenAI's format without its demands; only what is missing is filled in. */
export function fillFunction(tool: FunctionTool, { capabilities, losses, names }: Fitting): FunctionTool {
  const { at, schema, strict } = tool;
  const isHeld = capabilities.strictTools !== false;
  if (strict === true && !isHeld) losses.note(`${at}.${names.strict}`, 'dropped');
  return {
    ...tool,
    ...(schema !== undefined && { schema: fillSchema(schema) }),
    ...(strict === true && { strict: isHeld }),
  };
}

/** The function as OpenAI's services take it, strict only where they hold it to its schema; what that costs is noted. */
export function fitFunction(tool: FunctionTool, { capabilities, losses, names }: Fitting): FunctionTool {
  const { at, schema } = tool;
  if (hasAlternatives(schema)) losses.note(at, 'merged');
  if (schema !== undefined && hasTopCondition(schema)) losses.note(at, 'simplified');
  const complete = schema && completeSchema(schema);
  const isHeld = capabilities.strictTools !== false && complete !== undefined && isStrictSchema(complete);
  if (tool.strict === true && !isHeld) losses.note(`${at}.${names.strict}`, 'dropped');
  return {
    ...tool,
    ...(complete !== undefined && { schema: complete }),
    ...(tool.strict === true && { strict: isHeld }),
  };
}

/** The format, strict only where OpenAI's services hold an answer to the schema; else it is noted as `loosened`. */
export function fitFormat(format: OutputFormat, { losses, names }: Fitting): OutputFormat {
  if (format.type !== 'json-schema' || format.strict !== true || isStrictSchema(format.schema)) return format;
  losses.note(names.format, 'loosened');
  return { ...format, strict: false };
}
