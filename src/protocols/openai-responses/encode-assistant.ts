import { assertNever } from '../../kernel/assert-never.ts';
import type {
  AssistantPart,
  AssistantTurn,
  ReasoningPart,
  RefusalPart,
  TextPart,
  ToolCallPart,
} from '../../kernel/conversation.ts';
import { isJsonObject } from '../../kernel/json.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { Losses } from '../../kernel/losses.ts';
import { encodeAnnotation } from './annotations.ts';

/** Writes an earlier answer as items in the order of its parts; neighbouring texts share a message. */
export function encodeAssistant({ at, parts }: AssistantTurn, losses: Losses): readonly JsonObject[] {
  const items: JsonObject[] = [];
  let content: JsonObject[] | undefined;
  const say = (part: TextPart | RefusalPart): void => {
    if (content === undefined) {
      content = [];
      items.push({ type: 'message', role: 'assistant', content });
    }
    content.push(messagePart(part));
  };
  for (const part of parts) {
    if (part.kind === 'refusal' || part.kind === 'text') {
      if (part.text !== '') say(part);
      continue;
    }
    const item = encodeItem(part, at, losses);
    if (item === undefined) continue;
    content = undefined;
    items.push(item);
  }
  return withoutLooseReasoning(items, at, losses);
}

/** The service refuses reasoning that nothing follows (a turn that was interrupted). */
function withoutLooseReasoning(
  items: readonly JsonObject[],
  at: string,
  losses: Losses,
): readonly JsonObject[] {
  const kept = items.slice(0, items.findLastIndex((item) => item['type'] !== 'reasoning') + 1);
  if (kept.length < items.length) losses.note(at, 'repaired');
  return kept;
}

const messagePart = (part: TextPart | RefusalPart): JsonObject =>
  part.kind === 'refusal'
    ? { type: 'refusal', refusal: part.text }
    : {
        type: 'output_text',
        text: part.text,
        annotations: (part.annotations ?? []).map((cited) => encodeAnnotation(cited, part.text.length)),
      };

type OtherPart = Exclude<AssistantPart, TextPart | RefusalPart>;

function encodeItem(part: OtherPart, at: string, losses: Losses): JsonObject | undefined {
  switch (part.kind) {
    case 'reasoning':
      return encodeReasoning(part);
    case 'tool-call':
      return encodeCall(part);
    case 'hosted':
      if (part.protocol === 'openai-responses' && isJsonObject(part.raw)) return part.raw;
      losses.note(at, 'dropped');
      return undefined;
    default:
      return assertNever(part, 'part');
  }
}

/** Reasoning without state cannot be sent back; that it is left out was noted when its state was taken away. */
function encodeReasoning({ raw = '', summary, opaque }: ReasoningPart): JsonObject | undefined {
  if (opaque?.kind !== 'encrypted_content') return undefined;
  const texts = summary ?? (raw === '' ? [] : [raw]);
  return {
    type: 'reasoning',
    summary: texts.map((text) => ({ type: 'summary_text', text })),
    encrypted_content: opaque.data,
  };
}

const encodeCall = ({ id, callKind, name, args }: ToolCallPart): JsonObject =>
  callKind === 'custom'
    ? { type: 'custom_tool_call', call_id: id, name, input: args }
    : { type: 'function_call', call_id: id, name, arguments: args === '' ? '{}' : args };
