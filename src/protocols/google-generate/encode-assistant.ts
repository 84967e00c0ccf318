import { assertNever } from '../../kernel/assert-never.ts';
import type { EncodeContext } from '../../kernel/codec.ts';
import type { AssistantPart, AssistantTurn, ReasoningPart, ToolCallPart } from '../../kernel/conversation.ts';
import { findJson, isJsonObject, rawJson } from '../../kernel/json.ts';
import type { JsonObject, RawJson } from '../../kernel/json.ts';
import { PROTOCOL } from './dialect.ts';
import { flatName, ownCallId } from './names.ts';
import { findSignature } from './signature.ts';
import type { WirePart } from './wire-types.ts';

/** The parts of an assistant's turn in their order, each signature on the part that it came with. */
export function encodeAssistantTurn(turn: AssistantTurn, context: EncodeContext): readonly WirePart[] {
  const parts: WirePart[] = [];
  let held: string | undefined;
  turn.parts.forEach((part, index) => {
    const signature = loneSignature(part, context);
    if (signature === undefined) {
      const encoded = encodePart(part, turn.at, context);
      if (encoded !== undefined) parts.push(withSignature(encoded, held));
      held = undefined;
    } else if (signsCall(turn.parts[index + 1], context)) {
      held = signature;
    } else {
      signPrevious(parts, signature);
    }
  });
  return parts;
}

/** The signature of reasoning that has no words: a client kept it for a part that cannot carry one. */
function loneSignature(part: AssistantPart, context: EncodeContext): string | undefined {
  return part.kind === 'reasoning' && readable(part) === '' ? findSignature(part.opaque, context) : undefined;
}

/** Models that demand signatures put them on the call; older ones sign the text in front of it. */
const signsCall = (next: AssistantPart | undefined, context: EncodeContext): boolean =>
  context.capabilities.thoughtSignatureRequired === true &&
  next?.kind === 'tool-call' &&
  findSignature(next.opaque, context) === undefined;

function signPrevious(parts: WirePart[], thoughtSignature: string): void {
  const last = parts.at(-1);
  if (last?.text === undefined || last.thoughtSignature !== undefined)
    parts.push({ text: '', thoughtSignature });
  else parts[parts.length - 1] = { ...last, thoughtSignature };
}

const withSignature = (part: WirePart, thoughtSignature: string | undefined): WirePart =>
  thoughtSignature === undefined ? part : { ...part, thoughtSignature };

function encodePart(part: AssistantPart, at: string, context: EncodeContext): WirePart | undefined {
  switch (part.kind) {
    case 'text':
      if (part.cache !== undefined) context.losses.note('cache_control', 'dropped');
      return part.text === '' ? undefined : { text: part.text };
    case 'refusal':
      return part.text === '' ? undefined : { text: part.text };
    case 'reasoning':
      return encodeReasoning(part, at, context);
    case 'tool-call':
      return encodeCall(part, at, context);
    case 'hosted':
      if (part.protocol === PROTOCOL && isJsonObject(part.raw)) return part.raw;
      context.losses.note(`${at}.content`, 'dropped');
      return undefined;
    default:
      return assertNever(part, 'assistant part');
  }
}

/** Thoughts go back with their signature only: without one, or with another model's, they would be mere text. */
function encodeReasoning(part: ReasoningPart, at: string, context: EncodeContext): WirePart | undefined {
  const thoughtSignature = findSignature(part.opaque, context);
  if (thoughtSignature !== undefined) return { text: readable(part), thought: true, thoughtSignature };
  context.losses.note(`${at}.reasoning`, 'dropped');
  return undefined;
}

const readable = ({ raw, summary }: ReasoningPart): string => raw || (summary ?? []).join('\n\n');

function encodeCall(part: ToolCallPart, at: string, context: EncodeContext): WirePart {
  const signature = findSignature(part.opaque, context);
  if (part.cache !== undefined) context.losses.note('cache_control', 'dropped');
  if (part.opaque !== undefined && signature === undefined) context.losses.note(`${at}.reasoning`, 'dropped');
  return withSignature(
    { functionCall: { ...ownCallId(part.id), name: flatName(part), args: encodeArgs(part, at, context) } },
    signature,
  );
}

/** The arguments with their very digits; text that is no JSON object is handed over as text. */
function encodeArgs(part: ToolCallPart, at: string, { losses }: EncodeContext): RawJson | JsonObject {
  if (part.callKind === 'custom') return { input: part.args };
  if (part.args.trim() === '') return {};
  if (isJsonObject(findJson(part.args))) return rawJson(part.args);
  losses.note(`${at}.tool_calls.arguments`, 'wrapped');
  return { _raw: part.args };
}
