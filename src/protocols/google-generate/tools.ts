import { assertNever } from '../../kernel/assert-never.ts';
import type { EncodeContext } from '../../kernel/codec.ts';
import type { ChatRequest, FunctionTool, ToolChoice } from '../../kernel/conversation.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { encodeSchema } from './encode-schema.ts';
import type { WireDeclaration, WireRequest, WireToolConfig } from './wire-types.ts';

/** All functions in one tool, and how they may be chosen. */
export function encodeTools(
  { tools, toolChoice }: ChatRequest,
  context: EncodeContext,
): Pick<WireRequest, 'tools' | 'toolConfig'> {
  const functions = tools.filter((tool) => tool.kind === 'function'); // other kinds were rewritten or taken out before
  if (functions.length === 0) return {};
  const toolConfig = toolChoice === undefined ? undefined : encodeChoice(toolChoice);
  return {
    tools: [{ functionDeclarations: functions.map((tool) => encodeFunction(tool, context)) }],
    ...(toolConfig !== undefined && { toolConfig }),
  };
}

function encodeFunction(tool: FunctionTool, context: EncodeContext): WireDeclaration {
  const { losses, names } = context;
  if (tool.cache !== undefined) losses.note(names.cacheMark, 'dropped');
  if (tool.strict === true) losses.note(`${tool.at}.${names.strict}`, 'dropped');
  return {
    name: tool.name,
    ...(tool.description !== undefined && { description: tool.description }),
    ...(tool.schema !== undefined && encodeParameters(tool.schema, tool.at, context)),
  };
}

/** The parameters of a function are those of an object, said or not. */
function encodeParameters(
  schema: JsonObject,
  at: string,
  context: EncodeContext,
): Pick<WireDeclaration, 'parameters' | 'parametersJsonSchema'> {
  const encoded = { type: 'object', ...encodeSchema(schema, at, context) };
  return context.capabilities.jsonSchemaParams === false
    ? { parameters: encoded }
    : { parametersJsonSchema: encoded };
}

type Mode = WireToolConfig['functionCallingConfig']['mode'];

function encodeChoice(choice: ToolChoice): WireToolConfig | undefined {
  switch (choice.type) {
    case 'auto':
      return toolConfig('AUTO');
    case 'none':
      return toolConfig('NONE');
    case 'required':
      return toolConfig('ANY');
    case 'tool':
      return toolConfig('ANY', [choice.name]);
    case 'allowed': // `AUTO` takes no list of names; `VALIDATED` leaves the choice between text and calls as it does
      return toolConfig(choice.mode === 'required' ? 'ANY' : 'VALIDATED', choice.names);
    case 'hosted':
      return undefined; // refused before
    default:
      return assertNever(choice, 'tool choice');
  }
}

const toolConfig = (mode: Mode, allowedFunctionNames?: readonly string[]): WireToolConfig => ({
  functionCallingConfig: { mode, ...(allowedFunctionNames !== undefined && { allowedFunctionNames }) },
});
