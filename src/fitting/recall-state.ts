import type {
  AssistantTurn,
  OpaqueState,
  ReasoningPart,
  ToolCallPart,
  Turn,
} from '../kernel/conversation.ts';
import { isOwnState } from './own-state.ts';
import type { StateOwner } from './own-state.ts';

/** What a model thought before it made a call, and the state of the call itself. */
export interface CallMemory {
  readonly reasoning: readonly ReasoningPart[];
  readonly opaque?: OpaqueState;
}

/** What is remembered of the answer that made the call of this id. */
export type Recall = (callId: string) => CallMemory | undefined;

/**
 * Gives turns back the state that their client did not carry. What the client did carry stands: a client may have
 * edited its history on purpose.
 */
export const recallState = (
  turns: readonly Turn[],
  context: StateOwner & { readonly recall: Recall },
): readonly Turn[] => turns.map((turn) => (turn.role === 'assistant' ? recallTurn(turn, context) : turn));

function recallTurn(
  turn: AssistantTurn,
  { recall, ...owner }: StateOwner & { readonly recall: Recall },
): AssistantTurn {
  const first = turn.parts.find((part) => part.kind === 'tool-call');
  const carried = turn.parts.some((part) => 'opaque' in part && isOwnState(part.opaque, owner));
  if (first === undefined || carried) return turn;
  const remembered = recall(first.id)?.reasoning.filter(({ opaque }) => isOwnState(opaque, owner)) ?? [];
  const withCalls = turn.parts.map((part) =>
    part.kind === 'tool-call' ? recallCall(part, recall, owner) : part,
  );
  if (remembered.length === 0) return { ...turn, parts: withCalls };
  return { ...turn, parts: [...remembered, ...withCalls.filter((part) => part.kind !== 'reasoning')] };
}

function recallCall(call: ToolCallPart, recall: Recall, owner: StateOwner): ToolCallPart {
  const opaque = recall(call.id)?.opaque;
  return opaque !== undefined && isOwnState(opaque, owner) ? { ...call, opaque } : call;
}
