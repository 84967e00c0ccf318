import type { EncodeContext } from '../../kernel/codec.ts';
import type { AssistantTurn, SystemTurn, ToolTurn, Turn, UserTurn } from '../../kernel/conversation.ts';
import { findString } from '../../kernel/json.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { createCallIds } from './call-ids.ts';
import type { CallIds } from './call-ids.ts';
import { encodeAssistantPart, encodeResult, encodeUserPart, textBlocks } from './encode-part.ts';
import type { EncodedResult } from './encode-part.ts';
import { pairResults, stepsOf } from './pair-results.ts';
import type { Answer, Step } from './pair-results.ts';

type Role = 'user' | 'assistant' | 'system';

// An alias: an interface does not fit where a JSON object is wanted.
type Message = { readonly role: Role; readonly content: readonly JsonObject[] };

interface MessageContext extends EncodeContext {
  readonly ids: CallIds;
  /** Adds blocks to the last message when that has the same role, else in a message of their own. */
  readonly add: (role: Role, blocks: readonly JsonObject[]) => void;
  readonly isFirst: () => boolean;
}

/**
 * The conversation as Messages wants it: roles take turns, a user begins, every call is answered at the start of the
 * message behind it, in the order of the calls, and no text is empty.
 */
export function encodeMessages(turns: readonly Turn[], encodeContext: EncodeContext): JsonObject[] {
  const messages: { role: Role; content: JsonObject[] }[] = [];
  const context: MessageContext = {
    ...encodeContext,
    ids: createCallIds(encodeContext.capabilities.toolIdMax),
    add: (role, blocks) => {
      const last = messages.at(-1);
      if (last?.role !== role) messages.push({ role, content: [...blocks] });
      else for (const block of blocks) last.content.push(block); // a spread would fail beyond the stack's size
    },
    isFirst: () => messages.length === 0,
  };
  for (const step of stepsOf(turns)) encodeStep(step, context);
  return mendEnds(messages.map(fillUser));
}

function encodeStep(step: Step, context: MessageContext): void {
  const { answers, isOrphan } = pairResults(step);
  for (const turn of step.assistant) context.add('assistant', encodeAssistantTurn(turn, context));
  if (answers.length > 0) {
    const results = answers.map((answer) => encodeAnswer(answer, context));
    context.add('user', [...results.map(({ block }) => block), ...results.flatMap(({ moved }) => moved)]);
  }
  for (const turn of step.after) {
    if (turn.role === 'user') context.add('user', encodeUserTurn(turn, context));
    else if (turn.role === 'tool') encodeOrphans(turn, isOrphan, context);
    else encodeSystemTurn(turn, context);
  }
}

function encodeAssistantTurn(turn: AssistantTurn, context: MessageContext): JsonObject[] {
  const { at, parts, phase } = turn;
  if (phase !== undefined) context.losses.note(`${at}.phase`, 'dropped');
  const { idOf } = context.ids;
  return parts.flatMap((part) => encodeAssistantPart(part, { ...context, at, idOf }));
}

function encodeUserTurn({ at, parts, name }: UserTurn, context: MessageContext): JsonObject[] {
  if (name !== undefined) context.losses.note(`${at}.name`, 'dropped');
  return parts.flatMap((part, index) => encodeUserPart(part, `${at}.content[${index}]`, context));
}

function encodeAnswer({ call, result, at }: Answer, context: MessageContext): EncodedResult {
  const id = context.ids.idOf(call);
  if (result !== undefined) return encodeResult(result, id, at, context);
  context.losses.note(`${at}.tool_calls`, 'answered'); // an agent was interrupted; a call alone is a 400
  const content = [{ type: 'text', text: 'no result was provided' }];
  return { block: { type: 'tool_result', tool_use_id: id, content, is_error: true }, moved: [] };
}

/** Results of calls that are not there become what the user says. */
function encodeOrphans(
  { results, at }: ToolTurn,
  isOrphan: (result: ToolTurn['results'][number]) => boolean,
  context: MessageContext,
): void {
  for (const result of results.filter(isOrphan)) {
    context.losses.note(at, 'folded');
    const blocks = result.parts.flatMap((part) => encodeUserPart(part, `${at}.content`, context));
    const [first, ...others] = blocks;
    const text = findString(first?.['text']);
    const head = `[result of tool call ${result.callId}]`;
    const told = { type: 'text', text: text === undefined ? head : `${head} ${text}` };
    context.add('user', [told, ...(text === undefined ? blocks : others)]);
  }
}

/** System text in the middle stays where it is: moved to the top it would come too early and spoil the prompt cache. */
function encodeSystemTurn({ at, parts }: SystemTurn, context: MessageContext): void {
  const blocks = parts.flatMap(textBlocks);
  if (blocks.length === 0) return;
  if (context.capabilities.midSystem === true && !context.isFirst()) {
    context.add('system', blocks);
    return;
  }
  context.losses.note(at, 'folded');
  const text = parts.map((part) => part.text).join('\n\n');
  context.add('user', [{ type: 'text', text: `<system-reminder>\n${text}\n</system-reminder>` }]);
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
