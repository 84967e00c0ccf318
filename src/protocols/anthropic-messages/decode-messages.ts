import type { SystemText, Tool, Turn } from '../../kernel/conversation.ts';
import { invalidField, unsupportedField } from '../../kernel/gateway-error.ts';
import { findObject } from '../../kernel/json.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { Losses } from '../../kernel/losses.ts';
import { mapObjects, requireList, requireString } from '../../kernel/read-fields.ts';
import type { Effort } from '../../kernel/reasoning.ts';
import { decodeSystemMessage, toSystemText } from './decode-system.ts';
import { decodeAssistant, decodeUser } from './decode-turns.ts';
import type { MessageTurns } from './decode-turns.ts';
import { noteUnread } from './note-unread.ts';

/** What `messages` say and direct. */
export interface Conversation {
  /** System messages in front of all others. */
  readonly system: readonly SystemText[];
  readonly turns: readonly Turn[];
  /** Tools that system messages add to the offer. */
  readonly tools: readonly Tool[];
  /** The last effort that a system message asks for. */
  readonly effort?: Effort;
}

/** The members that each role's reader knows; a `Map` so that a hostile role finds nothing. */
const MEMBERS: ReadonlyMap<string, readonly string[]> = new Map([
  ['user', ['role', 'content']],
  ['assistant', ['role', 'content']],
  ['system', ['role', 'content', 'output_config', 'clear_at']],
]);

/**
 * Reads `messages`.
 *
 * @throws GatewayError `invalid-request` naming the message and member.
 */
export function decodeMessages(body: JsonObject, losses: Losses): Conversation {
  const list = requireList(body, 'messages', '');
  if (list.length === 0) throw invalidField('messages', 'must hold at least one message');
  const lastUser = list.findLastIndex((message) => findObject(message)?.['role'] === 'user');
  const system: SystemText[] = [];
  const tools: Tool[] = [];
  let turns: Turn[] = [];
  let effort: Effort | undefined;

  const add = (message: MessageTurns): void => {
    if (message.restarts) turns = [];
    for (const turn of message.turns) turns.push(turn); // a spread would fail beyond the stack's size
  };
  const addSystem = (message: JsonObject, at: string, index: number): void => {
    const directive = decodeSystemMessage(message, at, losses);
    for (const tool of directive.tools) tools.push(tool);
    effort = directive.effort ?? effort;
    // The service itself stops showing such a text once the user has spoken again.
    const isCleared = message['clear_at'] === 'next_user_message' && index < lastUser;
    const parts = isCleared ? [] : directive.parts;
    if (turns.length === 0) for (const part of parts) system.push(toSystemText(part));
    else if (parts.length > 0) turns.push({ role: 'system', at, parts });
  };

  mapObjects(list, 'messages', (message, at, index) => {
    const role = requireString(message, 'role', at);
    noteUnread(message, at, MEMBERS.get(role) ?? [], losses);
    switch (role) {
      case 'user':
        add(decodeUser(message, at, losses));
        break;
      case 'assistant':
        add(decodeAssistant(message, at, losses));
        break;
      case 'system':
        addSystem(message, at, index);
        break;
      default:
        throw unsupportedField(`${at}.role`, `"${role}" is not a role`);
    }
  });
  if (turns.length === 0) throw invalidField('messages', 'must hold more than system messages');
  return { system, turns, tools, ...(effort !== undefined && { effort }) };
}
