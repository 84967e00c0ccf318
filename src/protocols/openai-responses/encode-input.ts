import { assertNever } from '../../kernel/assert-never.ts';
import type { EncodeContext } from '../../kernel/codec.ts';
import type {
  AssistantPart,
  AssistantTurn,
  ReasoningPart,
  SystemTurn,
  TextPart,
  ToolCallPart,
  ToolResult,
  ToolTurn,
  Turn,
  UserTurn,
} from '../../kernel/conversation.ts';
import { isJsonObject } from '../../kernel/json.ts';
import type { Json, JsonObject } from '../../kernel/json.ts';
import { encodeAnnotation } from './annotations.ts';
import { createCacheMarks } from './cache-marks.ts';
import { encodePart } from './encode-part.ts';
import type { PartContext } from './encode-part.ts';
import { pairResults, partsOf } from './pair-results.ts';

/**
 * Writes the conversation as input items. None has an id: with one, the service demands the neighbours it stored.
 *
 * @throws GatewayError `invalid-request` naming a part that cannot be sent.
 */
export function encodeInput(turns: readonly Turn[], context: EncodeContext): readonly JsonObject[] {
  const paired = pairResults(turns, context.losses);
  const inner: PartContext = { ...context, takeMark: createCacheMarks(paired, context) };
  return paired.flatMap((turn) => encodeTurn(turn, inner));
}

function encodeTurn(turn: Turn, context: PartContext): readonly JsonObject[] {
  switch (turn.role) {
    case 'user':
      return encodeUser(turn, context);
    case 'assistant':
      return encodeAssistant(turn, context);
    case 'tool':
      return encodeResults(turn, context);
    case 'system':
    case 'developer':
      return encodeSystem(turn, context);
    default:
      return assertNever(turn, 'turn');
  }
}

const encodeParts = (turn: UserTurn | SystemTurn, context: PartContext): readonly JsonObject[] =>
  turn.parts.map((part, index) => encodePart(part, `${turn.at}.content[${index}]`, context));

function encodeUser(turn: UserTurn, context: PartContext): readonly JsonObject[] {
  if (turn.name !== undefined) context.losses.note(`${turn.at}.name`, 'dropped');
  if (turn.parts.length === 0) return [];
  return [{ type: 'message', role: 'user', content: encodeParts(turn, context) }];
}

/** Stays where it is; a model that takes no instructions there reads them as a marked user message. */
function encodeSystem(turn: SystemTurn, context: PartContext): readonly JsonObject[] {
  if (turn.parts.length === 0) return [];
  const { midSystem, developerRole } = context.capabilities;
  if (midSystem === false) {
    context.losses.note(turn.at, 'folded');
    return [encodeReminder(turn, context)];
  }
  const role = developerRole === false ? 'system' : turn.role;
  return [{ type: 'message', role, content: encodeParts(turn, context) }];
}

function encodeReminder({ parts }: SystemTurn, context: PartContext): JsonObject {
  const marks = parts.map((part) => context.takeMark(part.cache));
  const text = parts.map((part) => part.text).join('\n\n');
  const reminder = { type: 'input_text', text: `<system-reminder>\n${text}\n</system-reminder>` };
  return { type: 'message', role: 'user', content: [{ ...reminder, ...marks.at(-1) }] };
}

function encodeResults(turn: ToolTurn, context: PartContext): readonly JsonObject[] {
  return turn.results.map((result) => ({
    type: result.callKind === 'custom' ? 'custom_tool_call_output' : 'function_call_output',
    call_id: result.callId,
    output: encodeOutput(result, turn.at, context),
  }));
}

/** A single text as a string, anything else as a list; the result's own cache mark goes to its last part. */
function encodeOutput(result: ToolResult, at: string, context: PartContext): Json {
  const parts = partsOf(result).map((part, index) => encodePart(part, `${at}.content[${index}]`, context));
  const last = { ...(parts.at(-1) ?? { type: 'input_text', text: '' }), ...context.takeMark(result.cache) };
  const all: readonly JsonObject[] = [...parts.slice(0, -1), last];
  const plain = all.length === 1 && last['type'] === 'input_text' && !('prompt_cache_breakpoint' in last);
  return plain ? (last['text'] ?? '') : all;
}

function encodeAssistant(turn: AssistantTurn, context: PartContext): readonly JsonObject[] {
  const items: JsonObject[] = [];
  let content: JsonObject[] = [];
  const endMessage = (): void => {
    const phase = turn.phase === undefined ? {} : { phase: turn.phase };
    if (content.length > 0) items.push({ type: 'message', role: 'assistant', content, ...phase });
    content = [];
  };
  for (const part of turn.parts) {
    const message = messageContent(part);
    if (message !== undefined) {
      content.push(message);
      continue;
    }
    const item = encodeItem(part, turn.at, context);
    if (item === undefined) continue;
    endMessage();
    items.push(item);
  }
  endMessage();
  return withoutLooseReasoning(items);
}

/** The service refuses reasoning that nothing follows (a turn that was interrupted). */
const withoutLooseReasoning = (items: readonly JsonObject[]): readonly JsonObject[] =>
  items.slice(0, items.findLastIndex((item) => item['type'] !== 'reasoning') + 1);

function messageContent(part: AssistantPart): JsonObject | undefined {
  if (part.kind === 'refusal') return { type: 'refusal', refusal: part.text };
  return part.kind === 'text' && part.text !== '' ? outputText(part) : undefined;
}

const outputText = ({ text, annotations = [] }: TextPart): JsonObject => ({
  type: 'output_text',
  text,
  annotations: annotations.map((annotation) => encodeAnnotation(annotation, text.length)),
});

function encodeItem(part: AssistantPart, at: string, context: PartContext): JsonObject | undefined {
  switch (part.kind) {
    case 'text':
    case 'refusal':
      return undefined;
    case 'reasoning':
      return encodeReasoning(part, at, context);
    case 'tool-call':
      return encodeCall(part);
    case 'hosted':
      if (part.protocol === 'openai-responses' && isJsonObject(part.raw)) return part.raw;
      context.losses.note(at, 'dropped');
      return undefined;
    default:
      return assertNever(part, 'part');
  }
}

/** Only state that this very issuer and family gave can be sent back; without it reasoning is left out. */
function encodeReasoning(part: ReasoningPart, at: string, context: PartContext): JsonObject | undefined {
  const { issuer = 'openai', family = '' } = context.capabilities;
  const { opaque, summary = [] } = part;
  const native = opaque?.kind === 'encrypted_content' && opaque.issuer === issuer && opaque.family === family;
  if (!native) {
    context.losses.note(`${at}.reasoning`, 'dropped');
    return undefined;
  }
  return {
    type: 'reasoning',
    summary: summary.map((text) => ({ type: 'summary_text', text })),
    encrypted_content: opaque.data,
  };
}

function encodeCall({ id, callKind, name, namespace, args }: ToolCallPart): JsonObject {
  const space = namespace === undefined ? {} : { namespace };
  return callKind === 'custom'
    ? { type: 'custom_tool_call', call_id: id, name, ...space, input: args }
    : { type: 'function_call', call_id: id, name, ...space, arguments: args === '' ? '{}' : args };
}
