import { assertNever } from '../../kernel/assert-never.ts';
import type { EncodeContext } from '../../kernel/codec.ts';
import type { SystemTurn, ToolTurn, Turn, UserTurn } from '../../kernel/conversation.ts';
import { findString } from '../../kernel/json.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { encodeAssistantPart, encodeResult, encodeUserPart, textBlocks } from './encode-part.ts';

// An alias: an interface does not fit where a JSON object is wanted.
type Message = { readonly role: 'user' | 'assistant' | 'system'; readonly content: readonly JsonObject[] };

/**
 * The conversation as Messages wants it: roles take turns, a user begins, results stand first in their message, and no
 * text is empty.
 *
 * @param turns - fitted: every call is answered in the turn behind it.
 */
export function encodeMessages(turns: readonly Turn[], context: EncodeContext): JsonObject[] {
  const messages: { role: Message['role']; content: JsonObject[] }[] = [];
  for (const turn of turns) {
    const message = encodeTurn(turn, messages.length === 0, context);
    if (message === undefined) continue;
    const { role, content } = message;
    const last = messages.at(-1);
    if (last?.role !== role) messages.push({ role, content: [...content] });
    else for (const block of content) last.content.push(block); // a spread would fail beyond the stack's size
  }
  return mendEnds(messages.map(fillUser));
}

function encodeTurn(turn: Turn, isFirst: boolean, context: EncodeContext): Message | undefined {
  switch (turn.role) {
    case 'user':
      return { role: 'user', content: encodeUser(turn, context) };
    case 'assistant': {
      const { at, parts } = turn;
      return {
        role: 'assistant',
        content: parts.flatMap((part) => encodeAssistantPart(part, at, context)),
      };
    }
    case 'tool':
      return { role: 'user', content: encodeResults(turn, context) };
    case 'system':
    case 'developer':
      return encodeMidSystem(turn, isFirst, context);
    default:
      return assertNever(turn, 'turn');
  }
}

function encodeUser({ at, parts, name }: UserTurn, context: EncodeContext): JsonObject[] {
  if (name !== undefined) context.losses.note(`${at}.name`, 'dropped');
  return parts.flatMap((part, index) => encodeUserPart(part, `${at}.content[${index}]`, context));
}

/** All results, and behind them the media that the model does not take inside. */
function encodeResults({ results }: ToolTurn, context: EncodeContext): JsonObject[] {
  const encoded = results.map((result) => encodeResult(result, context));
  return [...encoded.map(({ block }) => block), ...encoded.flatMap(({ moved }) => moved)];
}

/** System text in the middle stays where it is: moved to the top it would come too early and spoil the prompt cache. */
function encodeMidSystem(
  { at, parts }: SystemTurn,
  isFirst: boolean,
  { capabilities, losses }: EncodeContext,
): Message | undefined {
  const blocks = parts.flatMap(textBlocks);
  if (blocks.length === 0) return undefined;
  if (capabilities.midSystem === true && !isFirst) return { role: 'system', content: blocks };
  losses.note(at, 'folded');
  const text = parts.map((part) => part.text).join('\n\n');
  return {
    role: 'user',
    content: [{ type: 'text', text: `<system-reminder>\n${text}\n</system-reminder>` }],
  };
}

const fillUser = (message: Message): Message =>
  message.role === 'user' && message.content.length === 0
    ? { role: 'user', content: [{ type: 'text', text: '(empty)' }] }
    : message;

/** A user has to begin, and an answer that is to be continued may not end in blanks. */
function mendEnds(messages: readonly Message[]): JsonObject[] {
  const mended = messages.map((message, index) =>
    message.role === 'assistant' && index === messages.length - 1
      ? { ...message, content: trimLast(message.content) }
      : message,
  );
  const opening: Message = { role: 'user', content: [{ type: 'text', text: '(continue)' }] };
  return messages[0]?.role === 'user' ? mended : [opening, ...mended];
}

function trimLast(content: readonly JsonObject[]): JsonObject[] {
  const last = content.at(-1);
  const text = findString(last?.['text']);
  return text === undefined ? [...content] : [...content.slice(0, -1), { ...last, text: text.trimEnd() }];
}
