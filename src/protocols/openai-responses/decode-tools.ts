import type { CustomTool, FunctionTool, HostedTool, Tool } from '../../kernel/conversation.ts';
import { findObject } from '../../kernel/json.ts';
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
  requireList,
  requireString,
} from '../../kernel/read-fields.ts';
import { BUILTIN_TOOLS } from './builtin-tools.ts';
import { noteUnread, requireWord } from './read-members.ts';

/**
 * The tools on offer; those of a namespace stand each for itself. Whether a tool is loaded at once or looked up first
 * makes no difference to what it can do, so all are offered.
 *
 * @throws GatewayError `invalid-request` naming the tool's member.
 */
export function decodeTools(holder: JsonObject, at: string, losses: Losses): readonly Tool[] {
  const list = optionalList(holder, 'tools', at) ?? [];
  return mapObjects(list, pathOf(at, 'tools'), (tool, path) =>
    tool['type'] === 'namespace' ? decodeNamespace(tool, path, losses) : [decodeTool(tool, path, losses)],
  ).flat();
}

/** The tools with others that came later: a later one of the same name takes the place of an earlier one. */
export function joinTools(tools: readonly Tool[], added: readonly Tool[]): readonly Tool[] {
  if (added.length === 0) return tools;
  const later = new Map(added.map((tool) => [identityOf(tool), tool]));
  return [...tools.filter((tool) => !later.has(identityOf(tool))), ...later.values()];
}

const identityOf = (tool: Tool): string =>
  tool.kind === 'hosted' ? tool.at : JSON.stringify([tool.namespace, tool.name]);

function decodeNamespace(holder: JsonObject, at: string, losses: Losses): readonly Tool[] {
  noteUnread(holder, ['type', 'name', 'description', 'tools'], at, losses);
  const namespace = requireWord(holder, 'name', at);
  if ((optionalString(holder, 'description', at) ?? '') !== '') {
    losses.note(pathOf(at, 'description'), 'ignored');
  }
  return mapObjects(requireList(holder, 'tools', at), pathOf(at, 'tools'), (tool, path) => {
    const child = decodeTool(tool, path, losses);
    return child.kind === 'hosted' ? child : { ...child, namespace };
  });
}

function decodeTool(tool: JsonObject, at: string, losses: Losses): Tool {
  const type = requireString(tool, 'type', at);
  switch (type) {
    case 'function':
      return decodeFunction(tool, at, losses);
    case 'custom':
      return decodeCustom(tool, at, losses);
    default: // a tool of the service's own, or of next month
      return findBuiltin(tool, type, at, losses) ?? hosted(tool, type, at);
  }
}

const hosted = (raw: JsonObject, type: string, at: string): HostedTool => ({
  kind: 'hosted',
  at,
  protocol: 'openai-responses',
  type,
  raw,
});

const FUNCTION_MEMBERS = ['type', 'name', 'description', 'parameters', 'strict', 'defer_loading'];

function decodeFunction(tool: JsonObject, at: string, losses: Losses): FunctionTool {
  noteUnread(tool, FUNCTION_MEMBERS, at, losses);
  const description = optionalString(tool, 'description', at);
  const schema = optionalObject(tool, 'parameters', at);
  const strict = optionalFlag(tool, 'strict', at);
  const name = requireWord(tool, 'name', at);
  return { kind: 'function', at, name, ...present({ description, schema, strict }) };
}

function decodeCustom(tool: JsonObject, at: string, losses: Losses): CustomTool {
  noteUnread(tool, ['type', 'name', 'description', 'format', 'defer_loading'], at, losses);
  const description = optionalString(tool, 'description', at);
  const format = optionalObject(tool, 'format', at);
  const name = requireWord(tool, 'name', at);
  return { kind: 'custom', at, name, ...present({ description, format }) };
}

/** A tool that the client runs; a shell in a container runs at the service instead. */
function findBuiltin(tool: JsonObject, type: string, at: string, losses: Losses): FunctionTool | undefined {
  const builtin = BUILTIN_TOOLS.get(type);
  const environment = findObject(tool['environment']) ?? { type: 'local' };
  if (builtin === undefined || environment['type'] !== 'local') return undefined;
  noteUnread(tool, ['type', 'environment'], at, losses);
  noteUnread(environment, ['type'], pathOf(at, 'environment'), losses);
  const { description, schema } = builtin;
  return { kind: 'function', at, name: type, description, schema, builtin: type };
}
