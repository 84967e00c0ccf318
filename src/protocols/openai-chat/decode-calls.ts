import type { ToolCallPart } from '../../kernel/conversation.ts';
import { unsupportedField } from '../../kernel/gateway-error.ts';
import { findString, isJsonObject, writeJson } from '../../kernel/json.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { Losses } from '../../kernel/losses.ts';
import {
  mapObjects,
  optionalList,
  optionalObject,
  optionalString,
  pathOf,
  present,
  requireObject,
  requireString,
} from '../../kernel/read-fields.ts';
import type { CallHistory } from './call-history.ts';
import { requireName } from './decode-tools.ts';
import { decodeCallState } from './thought-signature.ts';

/** The calls of an assistant message, one of the old form last; throws `invalid-request` naming the member. */
export function decodeCalls(
  message: JsonObject,
  at: string,
  history: CallHistory,
  losses: Losses,
): ToolCallPart[] {
  const list = optionalList(message, 'tool_calls', at) ?? [];
  const calls = mapObjects(list, pathOf(at, 'tool_calls'), (call, path) => decodeCall(call, path, losses));
  const old = optionalObject(message, 'function_call', at);
  if (old !== undefined) calls.push(decodeFunctionCall(old, pathOf(at, 'function_call'), history));
  calls.forEach(history.remember);
  return calls;
}

function decodeCall(call: JsonObject, at: string, losses: Losses): ToolCallPart {
  const id = requireString(call, 'id', at);
  const type = findString(call['type']) ?? (isJsonObject(call['custom']) ? 'custom' : 'function');
  if (type !== 'function' && type !== 'custom') {
    throw unsupportedField(
      pathOf(at, 'type'),
      `"${type}" is not a kind of tool call that can be carried over`,
    );
  }
  const body = requireObject(call, type, at);
  const path = pathOf(at, type);
  const name = requireName(body, path);
  const args = argumentText(body, type === 'custom' ? 'input' : 'arguments', path);
  const opaque = decodeCallState(call, at, losses);
  return { kind: 'tool-call', id, callKind: type, name, args, ...present({ opaque }) };
}

/** The old form has no id, so one is made that the `function` message after it gets too. */
function decodeFunctionCall(call: JsonObject, at: string, history: CallHistory): ToolCallPart {
  const name = requireName(call, at);
  const args = argumentText(call, 'arguments', at);
  return { kind: 'tool-call', id: history.idOfCall(name), callKind: 'function', name, args };
}

/** The exact text; some clients send the parsed object instead. */
function argumentText(body: JsonObject, key: string, at: string): string {
  const value = body[key];
  return isJsonObject(value) ? writeJson(value) : (optionalString(body, key, at) ?? '');
}
