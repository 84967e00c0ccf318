import { assertNever } from '../../kernel/assert-never.ts';
import type { SystemText, SystemTurn, Tool, Turn } from '../../kernel/conversation.ts';
import { invalidField } from '../../kernel/gateway-error.ts';
import type { JsonArray, JsonObject } from '../../kernel/json.ts';
import type { Losses } from '../../kernel/losses.ts';
import { mapObjects, present, requireList } from '../../kernel/read-fields.ts';
import { decodeString } from './decode-content.ts';
import { decodeItem } from './decode-item.ts';
import type { Piece, Reading, Settings } from './piece.ts';
import { createTurnBuilder } from './turn-builder.ts';

/** What the input of a request holds. */
export interface Conversation {
  /** Leading system and developer messages. */
  readonly system: readonly SystemText[];
  readonly turns: readonly Turn[];
  /** Tools that came in the course of the conversation, in their order. */
  readonly tools: readonly Tool[];
  /** What replaced settings of the body in the course of the conversation, in its order. */
  readonly settings: readonly Settings[];
}

/**
 * Reads `input`: a string is what the user says, a list is read item by item.
 *
 * @throws GatewayError `invalid-request` naming the item and member.
 */
export function decodeInput(body: JsonObject, losses: Losses): Conversation {
  const { input } = body;
  if (typeof input === 'string') {
    const turn: Turn = { role: 'user', at: 'input', parts: decodeString(input) };
    return { system: [], turns: [turn], tools: [], settings: [] };
  }
  const list = requireList(body, 'input', '');
  if (list.length === 0) throw invalidField('input', 'must hold at least one item');
  return decodeItems(list, { losses, callIds: new Map() });
}

function decodeItems(list: JsonArray, reading: Reading): Conversation {
  const builder = createTurnBuilder();
  const system: (readonly SystemText[])[] = [];
  const tools: (readonly Tool[])[] = [];
  const settings: Settings[] = [];

  const addSystem = (turn: SystemTurn): void => {
    if (builder.isEmpty()) system.push(systemTexts(turn));
    else if (turn.parts.length > 0) builder.add(turn);
  };
  const add = (piece: Piece, at: string): void => {
    switch (piece.kind) {
      case 'user':
        builder.add(piece.turn);
        break;
      case 'system':
        addSystem(piece.turn);
        break;
      case 'assistant':
        builder.addParts(piece.parts, at);
        break;
      case 'result':
        builder.addResult(piece.result, at);
        break;
      case 'tools':
        tools.push(piece.tools);
        break;
      case 'settings':
        settings.push(piece.settings);
        break;
      case 'nothing':
        break;
      default:
        assertNever(piece, 'piece');
    }
  };
  mapObjects(list, 'input', (item, at) => {
    add(decodeItem(item, at, reading), at);
  });
  return { system: system.flat(), turns: builder.finish(), tools: tools.flat(), settings };
}

const systemTexts = ({ role, parts }: SystemTurn): readonly SystemText[] =>
  parts.map(({ text, cache }) => ({ role, text, ...present({ cache }) }));
