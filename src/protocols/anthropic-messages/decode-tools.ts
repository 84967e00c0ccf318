import type { FunctionTool, Tool, ToolChoice } from '../../kernel/conversation.ts';
import { unsupportedField } from '../../kernel/gateway-error.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { Losses } from '../../kernel/losses.ts';
import {
  mapObjects,
  optionalFlag,
  optionalList,
  optionalObject,
  optionalString,
  pathOf,
  present,
  requireString,
} from '../../kernel/read-fields.ts';
import { findBuiltinTool } from './builtin-tools.ts';
import type { BuiltinTool } from './builtin-tools.ts';
import { decodeCache } from './decode-cache.ts';
import { requireName } from './require-name.ts';

/** The tools on offer; throws `invalid-request` naming the member. */
export const decodeTools = (body: JsonObject, losses: Losses): readonly Tool[] =>
  mapObjects(optionalList(body, 'tools', '') ?? [], 'tools', (tool, at) => decodeTool(tool, at, losses));

/** One tool; throws `invalid-request` naming the member. */
export function decodeTool(tool: JsonObject, at: string, losses: Losses): Tool {
  const type = optionalString(tool, 'type', at) ?? 'custom';
  if (type === 'custom') return decodeFunction(tool, at);
  const builtin = findBuiltinTool(type);
  return builtin === undefined
    ? { kind: 'hosted', at, protocol: 'anthropic-messages', type, raw: tool }
    : { ...fromBuiltin(builtin, tool, at, losses), builtin: type };
}

function decodeFunction(tool: JsonObject, at: string): FunctionTool {
  return {
    kind: 'function',
    at,
    name: requireName(tool, 'name', at),
    ...present({
      description: optionalString(tool, 'description', at),
      schema: optionalObject(tool, 'input_schema', at),
      strict: optionalFlag(tool, 'strict', at),
    }),
    ...decodeCache(tool, at),
  };
}

/** Its members depend on the command, which is more than a strict schema can say. */
function fromBuiltin(builtin: BuiltinTool, tool: JsonObject, at: string, losses: Losses): FunctionTool {
  if (optionalFlag(tool, 'strict', at) === true) losses.note(pathOf(at, 'strict'), 'dropped');
  return { kind: 'function', at, ...builtin, ...decodeCache(tool, at) };
}

/** What the client demands of the tools. */
export interface DecodedChoice {
  readonly toolChoice?: ToolChoice;
  readonly parallelToolCalls?: false;
}

/** The member `tool_choice`; throws `invalid-request`. */
export function decodeToolChoice(body: JsonObject, tools: readonly Tool[]): DecodedChoice {
  const choice = optionalObject(body, 'tool_choice', '');
  if (choice === undefined) return {};
  const isSerial = optionalFlag(choice, 'disable_parallel_tool_use', 'tool_choice') === true;
  return { toolChoice: decodeChoice(choice, tools), ...(isSerial && { parallelToolCalls: false }) };
}

function decodeChoice(choice: JsonObject, tools: readonly Tool[]): ToolChoice {
  const type = requireString(choice, 'type', 'tool_choice');
  switch (type) {
    case 'auto':
    case 'none':
      return { type };
    case 'any':
      return { type: 'required' };
    case 'tool':
      return chooseTool(requireName(choice, 'name', 'tool_choice'), tools);
    default:
      throw unsupportedField('tool_choice.type', `"${type}" is not a choice that can be made here`);
  }
}

function chooseTool(name: string, tools: readonly Tool[]): ToolChoice {
  const named = tools.filter((tool) => (tool.kind === 'hosted' ? tool.raw['name'] : tool.name) === name);
  const [tool] = named;
  return tool?.kind === 'hosted' ? { type: 'hosted', name: tool.type } : { type: 'tool', name };
}
