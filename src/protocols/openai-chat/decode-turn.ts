import type {
  AssistantPart,
  AssistantTurn,
  ReasoningPart,
  RefusalPart,
  SystemTurn,
  TextPart,
  ToolCallPart,
  ToolResult,
  UserTurn,
} from '../../kernel/conversation.ts';
import { invalidField, unsupportedField } from '../../kernel/gateway-error.ts';
import { findString, isJsonArray, isJsonObject, writeJson } from '../../kernel/json.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { decodeAnnotations } from './annotations.ts';
import type { CallHistory } from './call-history.ts';
import { decodeResultPart, decodeTextPart, decodeUserPart } from './decode-part.ts';
import {
  mapObjects,
  optionalList,
  optionalObject,
  optionalString,
  pathOf,
  present,
  requireObject,
  requireString,
} from './read-fields.ts';
import { reasoningText } from './reasoning-text.ts';

/** A system or developer message, one text per part; throws `invalid-request` naming what is wrong, as all here. */
export const decodeSystem = (message: JsonObject, at: string, role: 'system' | 'developer'): SystemTurn => ({
  role,
  at,
  parts: decodeParts(message, at, decodeTextPart),
});

/** A user message. */
export const decodeUser = (message: JsonObject, at: string): UserTurn => ({
  role: 'user',
  at,
  parts: decodeParts(message, at, decodeUserPart),
  ...present({ name: optionalString(message, 'name', at) }),
});

/** An assistant message: reasoning, content, refusal and calls, in this order. */
export function decodeAssistant(message: JsonObject, at: string, history: CallHistory): AssistantTurn {
  if (isJsonObject(message['audio'])) {
    throw unsupportedField(pathOf(at, 'audio'), 'audio of an earlier answer cannot be carried over');
  }
  const parts: AssistantPart[] = [
    ...decodeReasoning(message, at),
    ...decodeContent(message, at),
    ...decodeRefusal(message, at),
    ...decodeCalls(message, at, history),
  ];
  return { role: 'assistant', at, parts };
}

/** A tool message as the result of the call that it names. */
export function decodeResult(message: JsonObject, at: string, history: CallHistory): ToolResult {
  const callId = requireString(message, 'tool_call_id', at);
  return {
    callId,
    callKind: history.kindOf(callId),
    parts: decodeParts(message, at, decodeResultPart),
    ...present({ name: optionalString(message, 'name', at) }),
  };
}

/** A message of the old role `function`, which names its call by the function alone. */
export function decodeFunctionResult(message: JsonObject, at: string, history: CallHistory): ToolResult {
  const name = requireString(message, 'name', at);
  const text = optionalString(message, 'content', at) ?? '';
  const parts = text === '' ? [] : [textPart(text)];
  return { callId: history.idAnswered(name), callKind: 'function', name, parts };
}

const textPart = (text: string): TextPart => ({ kind: 'text', text });

/** String content as one text part, a list part by part; empty texts carry nothing and are left out. */
function decodeParts<Part extends { readonly kind: string }>(
  message: JsonObject,
  at: string,
  decode: (part: JsonObject, at: string) => Part,
): (Part | TextPart)[] {
  const content = message['content'];
  const path = pathOf(at, 'content');
  if (typeof content === 'string') return content === '' ? [] : [textPart(content)];
  if (!isJsonArray(content)) {
    throw invalidField(path, 'is required and must be a string or a list of parts', 'invalid_type');
  }
  return mapObjects(content, path, decode).filter((part) => !('text' in part && part.text === ''));
}

/** Readable text only: who can verify it is unknown, so no opaque state comes out of a client's history here. */
function decodeReasoning(message: JsonObject, at: string): ReasoningPart[] {
  optionalString(message, 'reasoning_content', at);
  const raw = reasoningText(message);
  return raw === '' ? [] : [{ kind: 'reasoning', raw }];
}

function decodeContent(message: JsonObject, at: string): (TextPart | RefusalPart)[] {
  const content = message['content'];
  if (content === undefined || content === null) return [];
  const parts = decodeParts(message, at, decodeAnswerPart);
  const annotations = decodeAnnotations(message['annotations']);
  const [only, ...others] = parts;
  // Offsets count from the start of the message, so they fit a single text alone.
  const cited = annotations.length > 0 && others.length === 0 && only?.kind === 'text';
  return cited ? [{ ...only, annotations }] : parts;
}

const decodeAnswerPart = (part: JsonObject, at: string): TextPart | RefusalPart =>
  part['type'] === 'refusal'
    ? { kind: 'refusal', text: requireString(part, 'refusal', at) }
    : decodeTextPart(part, at);

function decodeRefusal(message: JsonObject, at: string): RefusalPart[] {
  const text = optionalString(message, 'refusal', at) ?? '';
  return text === '' ? [] : [{ kind: 'refusal', text }];
}

function decodeCalls(message: JsonObject, at: string, history: CallHistory): ToolCallPart[] {
  const list = optionalList(message, 'tool_calls', at) ?? [];
  const calls = mapObjects(list, pathOf(at, 'tool_calls'), decodeCall);
  const old = optionalObject(message, 'function_call', at);
  if (old !== undefined) calls.push(decodeFunctionCall(old, pathOf(at, 'function_call'), history));
  calls.forEach(history.remember);
  return calls;
}

function decodeCall(call: JsonObject, at: string): ToolCallPart {
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
  const name = requireString(body, 'name', path);
  const args = argumentText(body, type === 'custom' ? 'input' : 'arguments', path);
  return { kind: 'tool-call', id, callKind: type, name, args };
}

/** The old form has no id, so one is made that the `function` message after it gets too. */
function decodeFunctionCall(call: JsonObject, at: string, history: CallHistory): ToolCallPart {
  const name = requireString(call, 'name', at);
  const args = argumentText(call, 'arguments', at);
  return { kind: 'tool-call', id: history.idOfCall(name), callKind: 'function', name, args };
}

/** The exact text; some clients send the parsed object instead. */
function argumentText(body: JsonObject, key: string, at: string): string {
  const value = body[key];
  return isJsonObject(value) ? writeJson(value) : (optionalString(body, key, at) ?? '');
}
