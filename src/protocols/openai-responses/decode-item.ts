import { invalidField, unsupportedField } from '../../kernel/gateway-error.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { optionalString, pathOf } from '../../kernel/read-fields.ts';
import { decodeAgentMessage } from './decode-agent-message.ts';
import { BUILTIN_READERS } from './decode-builtin-calls.ts';
import { decodeCall, decodeOutput } from './decode-calls.ts';
import { decodeMessage } from './decode-message.ts';
import { decodeReasoning } from './decode-reasoning.ts';
import { decodeTools } from './decode-tools.ts';
import { ITEM_MEMBERS } from './piece.ts';
import type { ItemReader, Piece, Reading } from './piece.ts';
import { noteUnread } from './read-members.ts';

/** Work of the service's own tools, which is done and means nothing to another; its outcome is in the answer. */
const dropped: ItemReader = (_item, at, { losses }) => {
  losses.note(at, 'dropped');
  return { kind: 'nothing' };
};

const TOOLS_MEMBERS = [...ITEM_MEMBERS, 'role', 'tools', 'call_id', 'execution'];

/** Tools that came in the course of the conversation. */
const decodeAddedTools: ItemReader = (item, at, { losses }) => {
  noteUnread(item, TOOLS_MEMBERS, at, losses);
  return { kind: 'tools', tools: decodeTools(item, at, losses) };
};

const decodeSettings: ItemReader = (item, at, { losses }) => {
  noteUnread(item, [...ITEM_MEMBERS, 'reasoning', 'text'], at, losses);
  return { kind: 'settings', settings: { members: item, at } };
};

const refused =
  (reason: string): ItemReader =>
  (_item, at) => {
    throw unsupportedField(at, reason);
  };

const STORED = 'this refers to what only the service that stored it can read; send the item itself';
const PROGRAM = 'a program that ran at another service cannot be carried over';
const COMPACTED =
  'only the service that compacted the conversation can read this; send the conversation itself';

/** A `Map`, so that a hostile type finds nothing. */
const READERS: ReadonlyMap<string, ItemReader> = new Map<string, ItemReader>([
  ['message', decodeMessage],
  ['agent_message', decodeAgentMessage],
  ['reasoning', decodeReasoning],
  ['function_call', decodeCall('function')],
  ['function_call_output', decodeOutput('function')],
  ['custom_tool_call', decodeCall('custom')],
  ['custom_tool_call_output', decodeOutput('custom')],
  ...BUILTIN_READERS,
  ['additional_tools', decodeAddedTools],
  ['tool_search_output', decodeAddedTools],
  ['tool_search_call', dropped],
  ['configuration_update', decodeSettings],
  ['web_search_call', dropped],
  ['file_search_call', dropped],
  ['code_interpreter_call', dropped],
  ['image_generation_call', dropped],
  ['computer_call', dropped],
  ['computer_call_output', dropped],
  ['mcp_list_tools', dropped],
  ['mcp_approval_request', dropped],
  ['mcp_approval_response', dropped],
  ['mcp_call', dropped],
  ['item_reference', refused(STORED)],
  ['program', refused(PROGRAM)],
  ['program_output', refused(PROGRAM)],
  ['compaction', refused(COMPACTED)],
  ['compaction_summary', refused(COMPACTED)],
  ['compaction_trigger', refused('this model cannot compact a conversation')],
]);

/**
 * Reads one input item. An item of a type that nobody knows is refused: to leave it out would change the history.
 *
 * @throws GatewayError `invalid-request` naming the item or its member.
 */
export function decodeItem(item: JsonObject, at: string, reading: Reading): Piece {
  const type = optionalString(item, 'type', at) ?? impliedType(item);
  const read = type === undefined ? undefined : READERS.get(type);
  if (read !== undefined) return read(item, at, reading);
  if (type === undefined) {
    throw invalidField(pathOf(at, 'type'), 'is required and must be a string', 'missing_required_parameter');
  }
  throw unsupportedField(pathOf(at, 'type'), `"${type}" is not an input item that can be carried over`);
}

/** Messages and references may come without their type. */
function impliedType(item: JsonObject): string | undefined {
  if (item['role'] !== undefined) return 'message';
  return item['id'] === undefined ? undefined : 'item_reference';
}
