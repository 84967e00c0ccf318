import { assertNever } from '../../kernel/assert-never.ts';
import type { ChatRequest, SystemText, SystemTurn, Turn, UserTurn } from '../../kernel/conversation.ts';
import { invalidField } from '../../kernel/gateway-error.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { encodeAssistant } from './encode-assistant.ts';
import { contentOf, encodePart, joinTexts, saysSomething } from './encode-part.ts';
import type { PartContext } from './encode-part.ts';
import { encodeResults } from './encode-results.ts';

/**
 * Writes the conversation, its leading system text as one message.
 *
 * @throws GatewayError `invalid-request` naming a part that cannot be sent, or a conversation that holds nothing.
 */
export function encodeMessages({ system, turns }: ChatRequest, context: PartContext): readonly JsonObject[] {
  const messages = [...encodeSystem(system, context)];
  let reminders: readonly JsonObject[] = []; // for the next user message
  const say = (turn: UserTurn | undefined): void => {
    const parts = [...reminders, ...encodeUserParts(turn, context).filter(saysSomething)];
    reminders = [];
    const name = turn?.name === undefined ? {} : { name: turn.name };
    if (parts.length > 0) messages.push({ role: 'user', ...name, content: contentOf(parts) });
  };
  for (const turn of turns) {
    if (isFolded(turn, context)) reminders = [...reminders, ...encodeReminder(turn, context)];
    else if (turn.role === 'user') say(turn);
    else {
      say(undefined);
      messages.push(...encodeTurn(turn, context));
    }
  }
  say(undefined);
  if (messages.length === 0) throw invalidField(context.names.messages, 'hold nothing that can be sent');
  return messages;
}

const encodeUserParts = (turn: UserTurn | undefined, context: PartContext): readonly JsonObject[] =>
  turn?.parts.map((part, index) => encodePart(part, `${turn.at}.content[${index}]`, context)) ?? [];

/** System text inside the conversation goes into the next user message: many models refuse it anywhere but at the top. */
const isFolded = (turn: Turn, { capabilities }: PartContext): turn is SystemTurn =>
  (turn.role === 'system' || turn.role === 'developer') && capabilities.midSystem !== true;

function encodeReminder({ at, parts }: SystemTurn, context: PartContext): readonly JsonObject[] {
  const marks = parts.map(({ cache }) => context.takeMark(cache));
  const text = parts.map((part) => part.text).join('\n\n');
  if (text === '') return [];
  context.losses.note(at, 'folded');
  return [{ type: 'text', text: `<system-reminder>\n${text}\n</system-reminder>`, ...marks.at(-1) }];
}

function encodeTurn(turn: Exclude<Turn, UserTurn>, context: PartContext): readonly JsonObject[] {
  switch (turn.role) {
    case 'assistant':
      return encodeAssistant(turn, context);
    case 'tool':
      return encodeResults(turn, context);
    case 'system':
    case 'developer':
      return encodeSystem(
        turn.parts.map(({ text, cache }) => ({ role: turn.role, text, ...(cache && { cache }) })),
        context,
      );
    default:
      return assertNever(turn, 'turn');
  }
}

/** System texts as one message; few vendors know the role `developer`. */
function encodeSystem(
  system: readonly SystemText[],
  { capabilities, takeMark }: PartContext,
): readonly JsonObject[] {
  const parts = system
    .map(({ text, cache }) => ({ type: 'text', text, ...takeMark(cache) }))
    .filter(saysSomething);
  if (parts.length === 0) return [];
  const knowsDeveloper = capabilities.developerRole === true;
  const role = knowsDeveloper && system.some((text) => text.role === 'developer') ? 'developer' : 'system';
  return [{ role, content: joinTexts(parts) }];
}
