import type { FunctionTool, Tool, ToolChoice } from '../../kernel/conversation.ts';
import { unsupportedField } from '../../kernel/gateway-error.ts';
import { findString, isJsonObject } from '../../kernel/json.ts';
import type { JsonObject } from '../../kernel/json.ts';
import {
  mapObjects,
  optionalFlag,
  optionalList,
  optionalObject,
  optionalString,
  optionalWord,
  pathOf,
  present,
  requireList,
  requireObject,
  requireString,
} from './read-fields.ts';

/** The tools on offer, those of the old `functions` last; throws `invalid-request` naming the member. */
export function decodeTools(body: JsonObject): readonly Tool[] {
  const functions = optionalList(body, 'functions', '') ?? [];
  return [
    ...mapObjects(optionalList(body, 'tools', '') ?? [], 'tools', decodeTool),
    ...mapObjects(functions, 'functions', decodeFunction),
  ];
}

function decodeTool(tool: JsonObject, at: string): Tool {
  const type = requireString(tool, 'type', at);
  switch (type) {
    case 'function':
      return decodeFunction(requireObject(tool, 'function', at), pathOf(at, 'function'));
    case 'custom': {
      const custom = requireObject(tool, 'custom', at);
      const path = pathOf(at, 'custom');
      const description = optionalString(custom, 'description', path);
      const format = optionalObject(custom, 'format', path);
      const name = requireString(custom, 'name', path);
      return { kind: 'custom', name, ...present({ description, format }) };
    }
    default: // a tool that runs at the vendor; the upstream's encoder decides what becomes of it
      return { kind: 'hosted', protocol: 'openai-chat', type, raw: tool };
  }
}

function decodeFunction(definition: JsonObject, at: string): FunctionTool {
  const description = optionalString(definition, 'description', at);
  const schema = optionalObject(definition, 'parameters', at);
  const strict = optionalFlag(definition, 'strict', at);
  const name = requireString(definition, 'name', at);
  return { kind: 'function', name, ...present({ description, schema, strict }) };
}

/** What the client demands of the tools; `tool_choice` wins over the old `function_call`. */
export const decodeToolChoice = (body: JsonObject): ToolChoice | undefined =>
  decodeNewChoice(body) ?? decodeOldChoice(body);

function decodeNewChoice(body: JsonObject): ToolChoice | undefined {
  if (!isJsonObject(body['tool_choice']))
    return wordChoice(body, 'tool_choice', ['auto', 'required', 'none']);
  const choice = body['tool_choice'];
  const type = requireString(choice, 'type', 'tool_choice');
  switch (type) {
    case 'function':
    case 'custom':
      return { type: 'tool', name: requireName(requireObject(choice, type, 'tool_choice'), type) };
    case 'allowed_tools':
      return decodeAllowed(requireObject(choice, 'allowed_tools', 'tool_choice'));
    default:
      throw unsupportedField('tool_choice', `"${type}" is not a kind of tool that can be forced here`);
  }
}

const requireName = (holder: JsonObject, type: string): string =>
  requireString(holder, 'name', `tool_choice.${type}`);

function decodeAllowed(allowed: JsonObject): ToolChoice {
  const at = 'tool_choice.allowed_tools';
  const mode = optionalWord(allowed, 'mode', at, ['auto', 'required']) ?? 'auto';
  const names = mapObjects(requireList(allowed, 'tools', at), `${at}.tools`, allowedName);
  return { type: 'allowed', mode, names };
}

/** The name stands inside the member that the type names, or beside the type. */
function allowedName(tool: JsonObject, at: string): string {
  const type = findString(tool['type']) ?? 'function';
  return isJsonObject(tool[type])
    ? requireString(tool[type], 'name', pathOf(at, type))
    : requireString(tool, 'name', at);
}

function decodeOldChoice(body: JsonObject): ToolChoice | undefined {
  return isJsonObject(body['function_call'])
    ? { type: 'tool', name: requireString(body['function_call'], 'name', 'function_call') }
    : wordChoice(body, 'function_call', ['auto', 'none']);
}

function wordChoice(
  body: JsonObject,
  key: string,
  words: readonly ('auto' | 'required' | 'none')[],
): ToolChoice | undefined {
  const type = optionalWord(body, key, '', words);
  return type === undefined ? undefined : { type };
}
