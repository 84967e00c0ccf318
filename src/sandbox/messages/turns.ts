import { findObject, findString, isJsonArray, isJsonObject, listOf } from '../../kernel/json.ts';
import type { Json, JsonObject } from '../../kernel/json.ts';
import { refuse } from './refuse.ts';

/** A content block and where it stands, `messages.0.content.2`. */
export interface Placed {
  readonly path: string;
  readonly type: string;
  readonly block: JsonObject;
}

/** Messages of one role in a row; the service reads them as one turn. */
export interface Turn {
  readonly role: 'user' | 'assistant';
  /** The index of its first message. */
  readonly index: number;
  readonly blocks: readonly Placed[];
}

/**
 * The turns of a conversation, each message checked for its outer form.
 *
 * @throws Refusal for a wrong role, a wrong first turn or content that is none.
 */
export function readTurns(messages: Json | undefined): readonly Turn[] {
  if (!isJsonArray(messages)) refuse('messages: Field required');
  if (messages.length === 0) refuse('messages: at least one message is required');
  const turns: Turn[] = [];
  for (const [index, message] of messages.entries()) {
    if (index > 0 && findObject(message)?.['role'] === 'system') continue; // newer models take it anywhere but first
    const next = readMessage(findObject(message) ?? {}, index, index === messages.length - 1);
    const last = turns.at(-1);
    if (last?.role !== next.role) turns.push(next);
    else turns.splice(-1, 1, { ...last, blocks: [...last.blocks, ...next.blocks] });
  }
  if (turns[0]?.role !== 'user') refuse('messages: first message must use the "user" role');
  return turns;
}

function readMessage(message: JsonObject, index: number, isLast: boolean): Turn {
  const path = `messages.${index}`;
  const role = message['role'];
  if (role !== 'user' && role !== 'assistant') {
    refuse(
      `${path}.role: Input should be 'user' or 'assistant'; system text belongs into the top-level \`system\``,
    );
  }
  const extra = Object.keys(message).find((key) => key !== 'role' && key !== 'content');
  if (extra !== undefined) refuse(`${path}.${extra}: Extra inputs are not permitted`);
  const blocks = readContent(message['content'], path);
  if (blocks.length === 0 && role === 'user') refuse(`${path}: user messages must have non-empty content`);
  if (isLast && role === 'assistant') checkPrefill(blocks.at(-1)?.block['text']);
  return { role, index, blocks };
}

function checkPrefill(end: Json | undefined): void {
  if (typeof end !== 'string' || end === end.trimEnd()) return;
  refuse('messages: final assistant content cannot end with trailing whitespace');
}

function readContent(content: Json | undefined, path: string): readonly Placed[] {
  if (typeof content === 'string') {
    const block = { type: 'text', text: content };
    return [{ path: `${path}.content`, type: 'text', block }];
  }
  if (!isJsonArray(content)) refuse(`${path}.content: Input should be a valid string or a valid list`);
  return content.map((entry, index) => {
    const place = `${path}.content.${index}`;
    if (!isJsonObject(entry)) refuse(`${place}: Input should be a valid dictionary`);
    return { path: place, type: findString(entry['type']) ?? '', block: entry };
  });
}

/** The text of a tool result: its string, or its text blocks. */
export function resultText(block: JsonObject): string {
  const content = block['content'];
  const parts = listOf(content).map((part) => findString(findObject(part)?.['text']) ?? '');
  const text = typeof content === 'string' ? content : parts.filter((part) => part !== '').join(' ');
  return block['is_error'] === true ? `error ${text}` : text;
}
