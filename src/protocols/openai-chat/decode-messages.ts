import type { SystemText, ToolResult, Turn } from '../../kernel/conversation.ts';
import { invalidField, unsupportedField } from '../../kernel/gateway-error.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { Losses } from '../../kernel/losses.ts';
import { mapObjects, requireList, requireString } from '../../kernel/read-fields.ts';
import { createCallHistory } from './call-history.ts';
import {
  decodeAssistant,
  decodeFunctionResult,
  decodeResult,
  decodeSystem,
  decodeUser,
} from './decode-turn.ts';

/** The messages of a request, the system's own apart. */
export interface Conversation {
  readonly system: readonly SystemText[];
  readonly turns: readonly Turn[];
}

const COMMON = ['role', 'content', 'cache_control', 'prompt_cache_breakpoint'];
const ANSWER = [
  'refusal',
  'tool_calls',
  'function_call',
  'annotations',
  'audio',
  'reasoning_content',
  'reasoning',
  'reasoning_text',
  'reasoning_details',
];

/** The members that each role's reader knows; a `Map` so that a hostile role finds nothing. */
const MEMBERS: ReadonlyMap<string, readonly string[]> = new Map([
  ['system', COMMON],
  ['developer', COMMON],
  ['user', [...COMMON, 'name']],
  ['assistant', [...COMMON, ...ANSWER]],
  ['tool', [...COMMON, 'tool_call_id', 'name']],
  ['function', ['role', 'content', 'name']],
]);

/**
 * Reads `messages`: leading system and developer messages apart, then turns, neighbouring tool messages as one.
 *
 * @throws GatewayError `invalid-request` naming the message and member.
 */
export function decodeMessages(body: JsonObject, losses: Losses): Conversation {
  const list = requireList(body, 'messages', '');
  if (list.length === 0) throw invalidField('messages', 'must hold at least one message');
  const system: SystemText[] = [];
  const turns: Turn[] = [];
  const history = createCallHistory();
  let results: ToolResult[] | undefined;

  const addResult = (result: ToolResult, at: string): void => {
    if (results === undefined) {
      results = [];
      turns.push({ role: 'tool', at, results });
    }
    results.push(result);
  };
  const addTurn = (turn: Turn): void => {
    results = undefined;
    turns.push(turn);
  };

  mapObjects(list, 'messages', (message, at) => {
    const role = requireString(message, 'role', at);
    noteUnread(message, role, at, losses);
    switch (role) {
      case 'system':
      case 'developer': {
        const turn = decodeSystem(message, at, role);
        if (turns.length === 0)
          system.push(...turn.parts.map(({ text, cache }) => ({ role, text, ...(cache && { cache }) })));
        else if (turn.parts.length > 0) addTurn(turn);
        break;
      }
      case 'user':
        addTurn(decodeUser(message, at));
        break;
      case 'assistant':
        addTurn(decodeAssistant(message, at, history, losses));
        break;
      case 'tool':
        addResult(decodeResult(message, at, history), at);
        break;
      case 'function':
        addResult(decodeFunctionResult(message, at, history), at);
        break;
      default:
        throw unsupportedField(`${at}.role`, `"${role}" is not a role`);
    }
  });
  return { system, turns };
}

/** Notes what a message holds beyond the members that are read. */
function noteUnread(message: JsonObject, role: string, at: string, losses: Losses): void {
  const known = MEMBERS.get(role) ?? [];
  for (const [key, value] of Object.entries(message)) {
    if (value !== null && !known.includes(key)) losses.note(`${at}.${key}`, 'ignored');
  }
}
