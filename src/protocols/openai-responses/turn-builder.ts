import { settleCallState } from '../../kernel/call-state.ts';
import type { AssistantPart, ToolResult, Turn } from '../../kernel/conversation.ts';

/** Puts turns together from items, each of which tells of a single step. */
export interface TurnBuilder {
  /** A turn of its own. */
  readonly add: (turn: Turn) => void;
  /** What the assistant said or did; one turn with what it did just before. */
  readonly addParts: (parts: readonly AssistantPart[], at: string) => void;
  /** What a call gave; one turn with the results just before. */
  readonly addResult: (result: ToolResult, at: string) => void;
  /** True until there is anything. */
  readonly isEmpty: () => boolean;
  readonly finish: () => readonly Turn[];
}

/** A builder without turns; an assistant's turn that comes to nothing is left out. */
export function createTurnBuilder(): TurnBuilder {
  const turns: Turn[] = [];
  let answer: { readonly at: string; readonly parts: AssistantPart[] } | undefined;
  let results: ToolResult[] | undefined;

  const endTurn = (): void => {
    if (answer !== undefined && answer.parts.length > 0) {
      turns.push({ role: 'assistant', at: answer.at, parts: settleCallState(answer.parts) });
    }
    answer = undefined;
    results = undefined;
  };
  return {
    add: (turn) => {
      endTurn();
      turns.push(turn);
    },
    addParts: (parts, at) => {
      if (answer === undefined) {
        endTurn();
        answer = { at, parts: [] };
      }
      for (const part of parts) answer.parts.push(part); // there may be more than one call takes arguments
    },
    addResult: (result, at) => {
      if (results === undefined) {
        endTurn();
        results = [];
        turns.push({ role: 'tool', at, results });
      }
      results.push(result);
    },
    isEmpty: () => turns.length === 0 && answer === undefined,
    finish: () => {
      endTurn();
      return turns;
    },
  };
}
