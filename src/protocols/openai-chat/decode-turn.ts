import type {
  AssistantPart,
  AssistantTurn,
  ReasoningPart,
  RefusalPart,
  SystemTurn,
  TextPart,
  ToolResult,
  UserTurn,
} from '../../kernel/conversation.ts';
import { settleCallState } from '../../kernel/call-state.ts';
import { invalidField, unsupportedField } from '../../kernel/gateway-error.ts';
import { isJsonArray, isJsonObject } from '../../kernel/json.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { Losses } from '../../kernel/losses.ts';
import { mapObjects, optionalString, pathOf, present, requireString } from '../../kernel/read-fields.ts';
import { decodeAnnotations } from './annotations.ts';
import { cacheOf, markLast } from './decode-cache.ts';
import type { CallHistory } from './call-history.ts';
import { decodeCalls } from './decode-calls.ts';
import { decodeAnswerPart, decodeResultPart, decodeTextPart, decodeUserPart } from './decode-part.ts';
import { decodeReasoning } from './decode-reasoning.ts';
import { requireName } from './decode-tools.ts';

/** A system or developer message, one text per part; throws `invalid-request` naming what is wrong, as all here. */
export const decodeSystem = (message: JsonObject, at: string, role: 'system' | 'developer'): SystemTurn => ({
  role,
  at,
  parts: markLast(decodeParts(message, at, decodeTextPart), cacheOf(message, at)),
});

/** A user message. */
export const decodeUser = (message: JsonObject, at: string): UserTurn => ({
  role: 'user',
  at,
  parts: markLast(decodeParts(message, at, decodeUserPart), cacheOf(message, at)),
  ...present({ name: optionalString(message, 'name', at) }),
});

/** An assistant message: reasoning, content, refusal and calls, in this order; its calls have their state. */
export function decodeAssistant(
  message: JsonObject,
  at: string,
  history: CallHistory,
  losses: Losses,
): AssistantTurn {
  if (isJsonObject(message['audio'])) {
    throw unsupportedField(pathOf(at, 'audio'), 'audio of an earlier answer cannot be carried over');
  }
  const parts: AssistantPart[] = [
    ...decodeReasoning(message, at, losses),
    ...decodeContent(message, at),
    ...decodeRefusal(message, at),
    ...decodeCalls(message, at, history, losses),
  ];
  return { role: 'assistant', at, parts: markLast(settleCallState(parts), cacheOf(message, at)) };
}

/** A tool message as the result of the call that it names. */
export function decodeResult(message: JsonObject, at: string, history: CallHistory): ToolResult {
  const callId = requireString(message, 'tool_call_id', at);
  return {
    at: pathOf(at, 'tool_call_id'),
    callId,
    callKind: history.kindOf(callId),
    parts: decodeParts(message, at, decodeResultPart),
    ...present({ name: optionalString(message, 'name', at) }),
    ...cacheOf(message, at),
  };
}

/** A message of the old role `function`, which names its call by the function alone. */
export function decodeFunctionResult(message: JsonObject, at: string, history: CallHistory): ToolResult {
  const name = requireName(message, at);
  return {
    at: pathOf(at, 'name'),
    callId: history.idAnswered(name),
    callKind: 'function',
    name,
    parts: hasContent(message) ? decodeParts(message, at, decodeResultPart) : [],
  };
}

const hasContent = ({ content }: JsonObject): boolean => content !== undefined && content !== null;

/** String content as one text part, a list part by part; empty texts carry nothing and are left out. */
function decodeParts<Part extends { readonly kind: string }>(
  message: JsonObject,
  at: string,
  decode: (part: JsonObject, at: string) => Part,
): (Part | TextPart)[] {
  const content = message['content'];
  const path = pathOf(at, 'content');
  if (typeof content === 'string') return content === '' ? [] : [{ kind: 'text', text: content }];
  if (!isJsonArray(content)) {
    throw invalidField(path, 'is required and must be a string or a list of parts', 'invalid_type');
  }
  return mapObjects(content, path, decode).filter((part) => !isEmpty(part));
}

const isEmpty = (part: object): boolean =>
  ('text' in part && part.text === '') || ('raw' in part && part.raw === '');

function decodeContent(message: JsonObject, at: string): (TextPart | RefusalPart | ReasoningPart)[] {
  if (!hasContent(message)) return [];
  const parts = decodeParts(message, at, decodeAnswerPart);
  const annotations = decodeAnnotations(message['annotations']);
  const [only, ...others] = parts;
  // Offsets count from the start of the message, so they fit a single text alone.
  const cited = annotations.length > 0 && others.length === 0 && only?.kind === 'text';
  return cited ? [{ ...only, annotations }] : parts;
}

function decodeRefusal(message: JsonObject, at: string): RefusalPart[] {
  const text = optionalString(message, 'refusal', at) ?? '';
  return text === '' ? [] : [{ kind: 'refusal', text }];
}
