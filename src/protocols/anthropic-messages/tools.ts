import { assertNever } from '../../kernel/assert-never.ts';
import type { EncodeContext } from '../../kernel/codec.ts';
import type { ChatRequest, FunctionTool, ToolChoice } from '../../kernel/conversation.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { hasAlternatives, toObjectSchema } from '../../kernel/object-schema.ts';
import { withCacheMark } from './cache-marks.ts';
import { isFitting } from './schema-fit.ts';

/** The members `tools` and `tool_choice` of a fitted request, as far as there is anything to say. */
export function encodeTools(request: ChatRequest, context: EncodeContext): JsonObject {
  const functions = request.tools.filter((tool) => tool.kind === 'function');
  if (functions.length === 0) return encodeAbsentTools(request, context);
  const choice = encodeChoice(request);
  return {
    tools: functions.map((tool) => encodeFunction(tool, context)),
    ...(choice !== undefined && { tool_choice: choice }),
  };
}

function encodeFunction(
  { name, description, schema, strict, cache, at }: FunctionTool,
  { capabilities, losses, names }: EncodeContext,
): JsonObject {
  const inputSchema = toObjectSchema(schema);
  if (hasAlternatives(schema)) losses.note(at, 'merged');
  const isStrict = strict === true && capabilities.strictTools !== false && isFitting(inputSchema);
  if (strict === true && !isStrict) losses.note(`${at}.${names.strict}`, 'dropped');
  const wire = {
    name,
    ...(description !== undefined && { description }),
    input_schema: inputSchema,
    ...(isStrict && { strict: true }),
  };
  return withCacheMark(wire, cache);
}

/** A history with calls wants their tools defined; where the client sent none, they are named but not to be called. */
function encodeAbsentTools({ turns }: ChatRequest, { losses, names }: EncodeContext): JsonObject {
  const parts = turns.flatMap((turn) => (turn.role === 'assistant' ? turn.parts : []));
  const called = new Set(parts.filter((part) => part.kind === 'tool-call').map(({ name }) => name));
  if (called.size === 0) return {};
  losses.note(names.tools, 'emulated');
  return {
    tools: [...called].map((name) => ({ name, input_schema: toObjectSchema(undefined) })),
    tool_choice: { type: 'none' },
  };
}

function encodeChoice({ toolChoice, parallelToolCalls }: ChatRequest): JsonObject | undefined {
  const choice = toolChoice && encodeChoiceType(toolChoice);
  if (parallelToolCalls !== false || choice?.['type'] === 'none') return choice;
  return { ...(choice ?? { type: 'auto' }), disable_parallel_tool_use: true };
}

function encodeChoiceType(choice: ToolChoice): JsonObject {
  switch (choice.type) {
    case 'none':
      return { type: 'none' };
    case 'required':
      return { type: 'any' };
    case 'tool':
      return { type: 'tool', name: choice.name };
    case 'allowed': // the tools themselves are limited
      return { type: choice.mode === 'required' ? 'any' : 'auto' };
    case 'auto':
    case 'hosted': // no fitted request demands one
      return { type: 'auto' };
    default:
      return assertNever(choice, 'tool choice');
  }
}
