import type { CustomTool, FunctionTool, Tool, ToolChoice } from '../../kernel/conversation.ts';
import { invalidField } from '../../kernel/gateway-error.ts';
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
} from '../../kernel/read-fields.ts';
import { cacheOf } from './decode-cache.ts';

/** The name of a tool, which must not be empty; throws `invalid-request` naming the member. */
export function requireName(holder: JsonObject, at: string): string {
  const name = requireString(holder, 'name', at);
  if (name === '') throw invalidField(pathOf(at, 'name'), 'must not be empty');
  return name;
}

/** The tools on offer, those of the old `functions` last; throws `invalid-request` naming the member. */
export function decodeTools(body: JsonObject): readonly Tool[] {
  const functions = optionalList(body, 'functions', '') ?? [];
  return [
    ...mapObjects(optionalList(body, 'tools', '') ?? [], 'tools', decodeTool),
    ...mapObjects(functions, 'functions', (definition, at) => decodeFunction(definition, at, at)),
  ];
}

function decodeTool(tool: JsonObject, at: string): Tool {
  const type = requireString(tool, 'type', at);
  switch (type) {
    case 'function': {
      const definition = requireObject(tool, 'function', at);
      return { ...decodeFunction(definition, pathOf(at, 'function'), at), ...cacheOf(tool, at) };
    }
    case 'custom':
      return decodeCustom(requireObject(tool, 'custom', at), pathOf(at, 'custom'), at);
    default: // a tool that runs at the vendor; whether it can be left out is not for this dialect to say
      return { kind: 'hosted', at, protocol: 'openai-chat', type, raw: tool };
  }
}

/** @param at - the path of the whole tool, `path` that of its definition. */
function decodeFunction(definition: JsonObject, path: string, at: string): FunctionTool {
  const description = optionalString(definition, 'description', path);
  const schema = optionalObject(definition, 'parameters', path);
  const strict = optionalFlag(definition, 'strict', path);
  const name = requireName(definition, path);
  return { kind: 'function', at, name, ...present({ description, schema, strict }) };
}

function decodeCustom(definition: JsonObject, path: string, at: string): CustomTool {
  const description = optionalString(definition, 'description', path);
  const format = optionalObject(definition, 'format', path);
  const name = requireName(definition, path);
  return { kind: 'custom', at, name, ...present({ description, format }) };
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
      return {
        type: 'tool',
        name: requireName(requireObject(choice, type, 'tool_choice'), `tool_choice.${type}`),
      };
    case 'allowed_tools':
      return decodeAllowed(requireObject(choice, 'allowed_tools', 'tool_choice'));
    default: // a tool that runs at the vendor
      return { type: 'hosted', name: type };
  }
}

function decodeAllowed(allowed: JsonObject): ToolChoice {
  const at = 'tool_choice.allowed_tools';
  const mode = optionalWord(allowed, 'mode', at, ['auto', 'required']) ?? 'auto';
  const names = mapObjects(requireList(allowed, 'tools', at), `${at}.tools`, allowedName);
  return { type: 'allowed', mode, names };
}

/** The name stands inside the member that the type names, or beside the type. */
function allowedName(tool: JsonObject, at: string): string {
  const type = findString(tool['type']) ?? 'function';
  return isJsonObject(tool[type]) ? requireName(tool[type], pathOf(at, type)) : requireName(tool, at);
}

function decodeOldChoice(body: JsonObject): ToolChoice | undefined {
  return isJsonObject(body['function_call'])
    ? { type: 'tool', name: requireName(body['function_call'], 'function_call') }
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
