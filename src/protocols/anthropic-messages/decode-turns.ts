import { settleCallState } from '../../kernel/call-state.ts';
import type { AssistantPart, ToolResult, Turn } from '../../kernel/conversation.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { Losses } from '../../kernel/losses.ts';
import { decodeAssistantBlock, decodeUserBlock } from './decode-message-block.ts';
import type { Piece } from './decode-message-block.ts';
import { mapContent } from './map-content.ts';

/** The turns that one message of a user or an assistant comes to. */
export interface MessageTurns {
  readonly turns: readonly Turn[];
  /** The message sums up all that was said before it, which the service would no longer read. */
  readonly restarts: boolean;
}

/** A user's message: the results in it first, then what the user says. Throws `invalid-request`, as all here. */
export function decodeUser(message: JsonObject, at: string, losses: Losses): MessageTurns {
  const pieces = mapContent(message, 'content', at, (block, path) => decodeUserBlock(block, path, losses));
  return withSummary(pieces, at, (rest) => {
    const results = rest.flatMap((piece) => (piece.kind === 'result' ? [piece.result] : []));
    const parts = rest.flatMap((piece) => (piece.kind === 'part' ? [piece.part] : []));
    const said: Turn[] = parts.length > 0 || results.length === 0 ? [{ role: 'user', at, parts }] : [];
    return results.length > 0 ? [toolTurn(at, results), ...said] : said;
  });
}

/** An assistant's message: one turn, or several where results of an MCP server stand between its parts. */
export function decodeAssistant(message: JsonObject, at: string, losses: Losses): MessageTurns {
  const pieces = mapContent(message, 'content', at, (block, path) =>
    decodeAssistantBlock(block, path, losses),
  );
  return withSummary(pieces, at, (rest) => splitAtResults(rest, at));
}

function splitAtResults(pieces: readonly Piece<AssistantPart>[], at: string): readonly Turn[] {
  const turns: Turn[] = [];
  let parts: AssistantPart[] = [];
  const endTurn = (): void => {
    if (parts.length > 0) turns.push({ role: 'assistant', at, parts: settleCallState(parts) });
    parts = [];
  };
  for (const piece of pieces) {
    if (piece.kind === 'part') parts.push(piece.part);
    else if (piece.kind === 'result') {
      endTurn();
      turns.push(toolTurn(at, [piece.result]));
    }
  }
  endTurn();
  return turns.length > 0 ? turns : [{ role: 'assistant', at, parts: [] }];
}

/** The turns of what follows the last summary, with that summary in front as what a user says. */
function withSummary<Part>(
  pieces: readonly Piece<Part>[],
  at: string,
  toTurns: (pieces: readonly Piece<Part>[]) => readonly Turn[],
): MessageTurns {
  const index = pieces.findLastIndex(({ kind }) => kind === 'summary');
  const summary = pieces[index];
  if (summary?.kind !== 'summary') return { turns: toTurns(pieces), restarts: false };
  const rest = pieces.slice(index + 1);
  const said: Turn = { role: 'user', at, parts: [{ kind: 'text', text: summary.text }] };
  return { turns: [said, ...(rest.length > 0 ? toTurns(rest) : [])], restarts: true };
}

const toolTurn = (at: string, results: readonly ToolResult[]): Turn => ({ role: 'tool', at, results });
