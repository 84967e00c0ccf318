import { assertNever } from '../../kernel/assert-never.ts';
import type { EncodeContext } from '../../kernel/codec.ts';
import type { AssistantPart, AssistantTurn, ReasoningPart, ToolCallPart } from '../../kernel/conversation.ts';
import { findJson, isJsonObject, rawJson } from '../../kernel/json.ts';
import type { JsonObject, RawJson } from '../../kernel/json.ts';
import { ownCallId } from './call-id.ts';
import { findSignature } from './signature.ts';
import type { WirePart } from './wire-types.ts';

/** The parts of an assistant's turn in their order, each signature on the part that it came with. */
export function encodeAssistantTurn(turn: AssistantTurn, context: EncodeContext): readonly WirePart[] {
  const parts: WirePart[] = [];
  let held = ''; // signs the text behind it, if one follows: some clients put all reasoning first
  const release = (): void => {
    if (held !== '') parts.push({ text: '', thoughtSignature: held });
    held = '';
  };
  for (const part of turn.parts) {
    const signature = loneSignature(part);
    const encoded = signature === undefined ? encodePart(part, turn.at, context) : undefined;
    const last = parts.at(-1);
    if (signature !== undefined) {
      release();
      if (last !== undefined && isUnsignedText(last)) parts.splice(-1, 1, withSignature(last, signature));
      else held = signature;
    } else if (encoded !== undefined) {
      if (!isUnsignedText(encoded)) release();
      parts.push(withSignature(encoded, held));
      held = '';
    }
  }
  release();
  return parts;
}

/** The signature of reasoning that has no words: a client kept it for a text, which cannot carry one. */
const loneSignature = (part: AssistantPart): string | undefined =>
  part.kind === 'reasoning' && readable(part) === '' ? findSignature(part.opaque) : undefined;

const isUnsignedText = (part: WirePart): boolean =>
  part.text !== undefined && part.thoughtSignature === undefined;

const withSignature = (part: WirePart, thoughtSignature: string): WirePart =>
  thoughtSignature === '' ? part : { ...part, thoughtSignature };

function encodePart(part: AssistantPart, at: string, { losses, names }: EncodeContext): WirePart | undefined {
  switch (part.kind) {
    case 'text':
      if (part.cache !== undefined) losses.note(names.cacheMark, 'dropped');
      if ((part.annotations ?? []).length > 0) losses.note(`${at}.annotations`, 'dropped');
      return part.text === '' ? undefined : { text: part.text };
    case 'refusal':
      return part.text === '' ? undefined : { text: part.text };
    case 'reasoning':
      return encodeReasoning(part);
    case 'tool-call':
      if (part.cache !== undefined) losses.note(names.cacheMark, 'dropped');
      return encodeCall(part, () => losses.note(at, 'wrapped'));
    case 'hosted':
      return undefined; // taken out and noted before
    default:
      return assertNever(part, 'assistant part');
  }
}

/** Thoughts go back with their signature only: without one they would be mere text. */
function encodeReasoning(part: ReasoningPart): WirePart | undefined {
  const thoughtSignature = findSignature(part.opaque);
  return thoughtSignature === undefined
    ? undefined
    : { text: readable(part), thought: true, thoughtSignature };
}

const readable = ({ raw, summary }: ReasoningPart): string => raw || (summary ?? []).join('\n\n');

const encodeCall = ({ id, name, args, opaque }: ToolCallPart, noteWrapped: () => void): WirePart =>
  withSignature(
    { functionCall: { ...ownCallId(id), name, args: encodeArgs(args, noteWrapped) } },
    findSignature(opaque) ?? '',
  );

/** The arguments with their very digits; text that is no JSON object is handed over as text. */
function encodeArgs(args: string, noteWrapped: () => void): RawJson | JsonObject {
  if (args.trim() === '') return {};
  if (isJsonObject(findJson(args))) return rawJson(args);
  noteWrapped();
  return { _raw: args };
}
