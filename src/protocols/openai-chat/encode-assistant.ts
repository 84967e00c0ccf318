import type { EncodeContext } from '../../kernel/codec.ts';
import type {
  AssistantPart,
  AssistantTurn,
  ReasoningPart,
  TextPart,
  ToolCallPart,
} from '../../kernel/conversation.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { callState, encodeState } from './reasoning-state.ts';
import { isOpenai } from './vendor.ts';

/** An assistant turn as one message; none when nothing is left that this dialect can say. */
export function encodeAssistant({ parts }: AssistantTurn, context: EncodeContext): readonly JsonObject[] {
  noteLostExtras(parts, context);
  const refusal = parts.map((part) => (part.kind === 'refusal' ? part.text : '')).join('');
  // Other vendors take the member for an unknown one, and a message has to say something.
  const text = joinAnswer(parts) || (isOpenai(context.capabilities) ? '' : refusal);
  const calls = parts.filter((part) => part.kind === 'tool-call').map(encodeCall);
  const isEmpty = text === '' && refusal === '' && calls.length === 0;
  const reasoning = parts.filter((part) => part.kind === 'reasoning');
  if (isEmpty) {
    if (reasoning.length > 0) noteWithheld(context);
    return [];
  }
  return [
    {
      role: 'assistant',
      content: text === '' ? null : text,
      ...(refusal !== '' && { refusal }),
      ...encodeReasoning(reasoning, calls.length > 0, context),
      ...(calls.length > 0 && { tool_calls: calls }),
    },
  ];
}

function noteLostExtras(parts: readonly AssistantPart[], { losses, names }: EncodeContext): void {
  for (const part of parts) {
    if (part.kind !== 'text') continue;
    if (citesSources(part)) losses.note(`${names.messages}[].annotations`, 'dropped');
  }
}

const citesSources = ({ annotations = [] }: TextPart): boolean => annotations.length > 0;

/** The texts as one: a message that cites sources comes in pieces of one text, others are messages of their own. */
function joinAnswer(parts: readonly AssistantPart[]): string {
  let answer = '';
  parts.forEach((part, index) => {
    if (part.kind !== 'text' || part.text === '') return;
    const before = parts[index - 1];
    const continues = before?.kind === 'text' && (citesSources(before) || citesSources(part));
    answer += answer === '' || continues ? part.text : `\n\n${part.text}`;
  });
  return answer;
}

const encodeCall = ({ id, name, args, opaque }: ToolCallPart): JsonObject => ({
  id,
  type: 'function',
  function: { name, arguments: args === '' ? '{}' : args },
  ...callState(opaque),
});

/**
 * Some vendors refuse a turn with calls unless the words that led to them come with it, be they none. State goes back
 * to the vendor that gave it; OpenAI never gives any here, though it does elsewhere.
 */
function encodeReasoning(
  parts: readonly ReasoningPart[],
  hasCalls: boolean,
  context: EncodeContext,
): JsonObject {
  const { capabilities } = context;
  const echoes = capabilities.needsReasoningEcho === true && hasCalls;
  const details = isOpenai(capabilities) ? [] : parts.flatMap(encodeDetail);
  if (!echoes && details.length < parts.length) noteWithheld(context);
  return {
    ...(echoes && { reasoning_content: parts.map(wordsOf).join('\n\n') }),
    ...(details.length > 0 && { reasoning_details: details.map((detail, index) => ({ ...detail, index })) }),
  };
}

function encodeDetail(part: ReasoningPart): readonly JsonObject[] {
  const detail = part.opaque === undefined ? undefined : encodeState(part.opaque, wordsOf(part));
  return detail === undefined ? [] : [detail];
}

const wordsOf = ({ raw = '', summary = [] }: ReasoningPart): string =>
  raw === '' ? summary.join('\n\n') : raw;

const noteWithheld = ({ losses, names }: EncodeContext): void =>
  losses.note(`${names.messages}[].reasoning`, 'withheld');
