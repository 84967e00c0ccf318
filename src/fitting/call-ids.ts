import type { ToolCallPart, ToolResult, Turn } from '../kernel/conversation.ts';
import type { WordRule } from '../kernel/tool-rules.ts';
import { legalId } from './legal-word.ts';

/** Room for `_` and the number of a copy. */
const COPY_DIGITS = 7;

/**
 * Gives every call, and the result behind it, an id that is legal and new in this request. Ids are given in the order
 * of the conversation, so that a longer history gives the same ones again and prompt caches hold.
 *
 * @param turns - paired: each tool turn answers the calls before it, in their order.
 */
export function fitCallIds(turns: readonly Turn[], rule: WordRule): readonly Turn[] {
  const taken = new Set<string>();
  const copies = new Map<string, number>(); // by stem: every number is tried once for each
  const freshId = (id: string): string => {
    let fresh = legalId(id, rule);
    const stem = fresh.slice(0, Math.max(0, rule.max - COPY_DIGITS));
    while (taken.has(fresh)) {
      const copy = (copies.get(stem) ?? 1) + 1;
      copies.set(stem, copy);
      fresh = `${stem}_${copy}`;
    }
    taken.add(fresh);
    return fresh;
  };
  let calls: readonly ToolCallPart[] = [];
  return turns.map((turn): Turn => {
    if (turn.role === 'assistant') {
      const parts = turn.parts.map((part) =>
        part.kind === 'tool-call' ? { ...part, id: freshId(part.id) } : part,
      );
      calls = parts.filter((part) => part.kind === 'tool-call');
      return { ...turn, parts };
    }
    if (turn.role !== 'tool') return turn;
    return { ...turn, results: turn.results.map((result, index) => answering(result, calls[index])) };
  });
}

const answering = (result: ToolResult, call: ToolCallPart | undefined): ToolResult =>
  call === undefined ? result : { ...result, callId: call.id, name: call.name, callKind: call.callKind };
