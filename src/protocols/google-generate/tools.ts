import { assertNever } from '../../kernel/assert-never.ts';
import type { EncodeContext } from '../../kernel/codec.ts';
import type { ChatRequest, CustomTool, FunctionTool, Tool, ToolChoice } from '../../kernel/conversation.ts';
import { unsupportedField } from '../../kernel/gateway-error.ts';
import { findObject, findString } from '../../kernel/json.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { encodeSchema } from './encode-schema.ts';
import { flatName } from './names.ts';
import type { WireDeclaration, WireRequest, WireToolConfig } from './wire-types.ts';

/** What a tool that takes free text looks like to a service that knows functions only. */
const FREE_TEXT: JsonObject = {
  type: 'object',
  properties: { input: { type: 'string' } },
  required: ['input'],
};

/**
 * All functions in one tool, and how they may be chosen.
 *
 * @throws GatewayError `invalid-request` when a tool is forced that Google cannot be offered.
 */
export function encodeTools(
  { tools, toolChoice, parallelToolCalls }: ChatRequest,
  context: EncodeContext,
): Pick<WireRequest, 'tools' | 'toolConfig'> {
  const functionDeclarations = tools.flatMap((tool) => encodeTool(tool, context));
  const toolConfig = toolChoice === undefined ? undefined : encodeChoice(toolChoice, functionDeclarations);
  if (parallelToolCalls === false) context.losses.note('parallel_tool_calls', 'dropped');
  return {
    ...(functionDeclarations.length > 0 && { tools: [{ functionDeclarations }] }),
    ...(toolConfig !== undefined && { toolConfig }),
  };
}

function encodeTool(tool: Tool, context: EncodeContext): readonly WireDeclaration[] {
  switch (tool.kind) {
    case 'function':
      return [encodeFunction(tool, context)];
    case 'custom':
      return [encodeCustom(tool, context)];
    case 'hosted':
      context.losses.note(`tools.${tool.type}`, 'dropped');
      return [];
    default:
      return assertNever(tool, 'tool');
  }
}

function encodeFunction(tool: FunctionTool, context: EncodeContext): WireDeclaration {
  if (tool.cache !== undefined) context.losses.note('cache_control', 'dropped');
  if (tool.strict === true) context.losses.note('tools.strict', 'dropped');
  return {
    name: flatName(tool),
    ...(tool.description !== undefined && { description: tool.description }),
    ...(tool.schema !== undefined && parameters(tool.schema, context)),
  };
}

function encodeCustom(tool: CustomTool, context: EncodeContext): WireDeclaration {
  context.losses.note(`tools.${tool.name}`, 'emulated');
  const format = findObject(tool.format?.['grammar']) ?? tool.format;
  const grammar = findString(format?.['definition']);
  const description = [
    ...(tool.description === undefined ? [] : [tool.description]),
    ...(grammar === undefined ? [] : [`The input has to follow this grammar:\n${grammar}`]),
  ].join('\n\n');
  return {
    name: flatName(tool),
    ...(description !== '' && { description }),
    ...parameters(FREE_TEXT, context),
  };
}

/** The parameters of a function are those of an object, said or not. */
function parameters(
  schema: JsonObject,
  context: EncodeContext,
): Pick<WireDeclaration, 'parameters' | 'parametersJsonSchema'> {
  const encoded = { type: 'object', ...encodeSchema(schema, 'tools.schema', context) };
  return context.capabilities.jsonSchemaParams === false
    ? { parameters: encoded }
    : { parametersJsonSchema: encoded };
}

function encodeChoice(choice: ToolChoice, offered: readonly WireDeclaration[]): WireToolConfig | undefined {
  switch (choice.type) {
    case 'auto':
    case 'none':
      return offered.length === 0 ? undefined : config(choice.type === 'auto' ? 'AUTO' : 'NONE');
    case 'required':
      if (offered.length === 0) throw forced('no tool is left that the model can be forced to use');
      return config('ANY');
    case 'tool': {
      const name = flatName(choice);
      if (!offered.some((tool) => tool.name === name)) throw forced(`the model cannot be offered ${name}`);
      return config('ANY', [name]);
    }
    case 'allowed':
      return config(choice.mode === 'required' ? 'ANY' : 'AUTO', choice.names);
    default:
      return assertNever(choice, 'tool choice');
  }
}

const config = (
  mode: WireToolConfig['functionCallingConfig']['mode'],
  allowedFunctionNames?: readonly string[],
): WireToolConfig => ({
  functionCallingConfig: { mode, ...(allowedFunctionNames !== undefined && { allowedFunctionNames }) },
});

const forced = (message: string): Error => unsupportedField('tool_choice', message);
