import type { ToolCallPart } from '../../kernel/conversation.ts';
import { isJsonObject, writeJson } from '../../kernel/json.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { optionalString, pathOf, present } from '../../kernel/read-fields.ts';
import { decodeContent } from './decode-content.ts';
import { ITEM_MEMBERS } from './piece.ts';
import type { ItemReader } from './piece.ts';
import { noteUnread, requireWord } from './read-members.ts';

type CallKind = ToolCallPart['callKind'];

const ARGUMENTS = { function: 'arguments', custom: 'input' } as const;

/** Reads a `function_call` or `custom_tool_call`. */
export function decodeCall(callKind: CallKind): ItemReader {
  const key = ARGUMENTS[callKind];
  const members = [...ITEM_MEMBERS, 'call_id', 'name', 'namespace', key, 'encrypted_function_args'];
  return (item, at, { losses }) => {
    noteUnread(item, members, at, losses);
    const call: ToolCallPart = {
      kind: 'tool-call',
      id: requireWord(item, 'call_id', at),
      callKind,
      name: requireWord(item, 'name', at),
      args: argumentText(item, key, at),
      ...present({ namespace: optionalString(item, 'namespace', at) }),
    };
    return { kind: 'assistant', parts: [call] };
  };
}

/** The exact text; some clients send the parsed object instead. */
function argumentText(item: JsonObject, key: string, at: string): string {
  const value = item[key];
  return isJsonObject(value) ? writeJson(value) : (optionalString(item, key, at) ?? '');
}

const OUTPUT_MEMBERS = [...ITEM_MEMBERS, 'call_id', 'output'];

/** Reads a `function_call_output` or `custom_tool_call_output`. */
export const decodeOutput =
  (callKind: CallKind): ItemReader =>
  (item, at, { losses }) => {
    noteUnread(item, OUTPUT_MEMBERS, at, losses);
    const callId = requireWord(item, 'call_id', at);
    const parts = decodeContent(item, 'output', at, losses);
    return { kind: 'result', result: { at: pathOf(at, 'call_id'), callId, callKind, parts } };
  };
