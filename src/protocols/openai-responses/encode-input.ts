import { assertNever } from '../../kernel/assert-never.ts';
import type { EncodeContext } from '../../kernel/codec.ts';
import type { SystemTurn, Turn, UserTurn } from '../../kernel/conversation.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { createCacheMarks } from './cache-marks.ts';
import { encodeAssistant } from './encode-assistant.ts';
import { encodePart } from './encode-part.ts';
import type { PartContext } from './encode-part.ts';
import { encodeResult } from './encode-result.ts';

/**
 * Writes the conversation as input items. None has an id: with one, the service demands the neighbours it stored.
 *
 * @throws GatewayError `invalid-request` naming a part that cannot be sent.
 */
export function encodeInput(turns: readonly Turn[], context: EncodeContext): readonly JsonObject[] {
  const inner: PartContext = { ...context, takeMark: createCacheMarks(turns, context) };
  return turns.flatMap((turn) => encodeTurn(turn, inner));
}

function encodeTurn(turn: Turn, context: PartContext): readonly JsonObject[] {
  switch (turn.role) {
    case 'user':
      return encodeUser(turn, context);
    case 'assistant':
      return encodeAssistant(turn, context.losses);
    case 'tool':
      return turn.results.map((result) => encodeResult(result, context));
    case 'system':
    case 'developer':
      return encodeSystem(turn, context);
    default:
      return assertNever(turn, 'turn');
  }
}

const encodeParts = (turn: UserTurn | SystemTurn, context: PartContext): readonly JsonObject[] =>
  turn.parts.map((part, index) => encodePart(part, `${turn.at}.content[${index}]`, context));

function encodeUser(turn: UserTurn, context: PartContext): readonly JsonObject[] {
  if (turn.name !== undefined) context.losses.note(`${turn.at}.name`, 'dropped');
  if (turn.parts.length === 0) return [];
  return [{ type: 'message', role: 'user', content: encodeParts(turn, context) }];
}

/** Stays where it is; a model that takes no instructions there reads them as a marked user message. */
function encodeSystem(turn: SystemTurn, context: PartContext): readonly JsonObject[] {
  if (turn.parts.length === 0) return [];
  const { midSystem, developerRole } = context.capabilities;
  if (midSystem === false) {
    context.losses.note(turn.at, 'folded');
    return [encodeReminder(turn, context)];
  }
  const role = developerRole === false ? 'system' : turn.role;
  return [{ type: 'message', role, content: encodeParts(turn, context) }];
}

function encodeReminder({ parts }: SystemTurn, context: PartContext): JsonObject {
  const marks = parts.map((part) => context.takeMark(part.cache));
  const text = parts.map((part) => part.text).join('\n\n');
  const reminder = { type: 'input_text', text: `<system-reminder>\n${text}\n</system-reminder>` };
  return { type: 'message', role: 'user', content: [{ ...reminder, ...marks.at(-1) }] };
}
