import type { ToolCallPart, Turn } from '../../kernel/conversation.ts';

/** As many characters as the service takes in a call id. */
const LONGEST = 64;

/**
 * Gives each call of the conversation an id of its own when asked in order: the client's where no call before has it,
 * else that with a number behind it (`call_1_2`), which is no other id that the client uses.
 */
export function createWireIds(turns: readonly Turn[]): (call: ToolCallPart) => string {
  const reserved = new Set(turns.flatMap(idsOf));
  const used = new Set<string>();
  const copies = new Map<string, number>();

  // Copies are counted by what stands before their number, so that a search never starts over.
  const freeCopy = (id: string, digits: number): string => {
    const stem = id.slice(0, LONGEST - digits - 1);
    const counter = `${stem} ${digits}`;
    let copy = copies.get(counter) ?? (digits === 1 ? 2 : 10 ** (digits - 1));
    while (copy < 10 ** digits && reserved.has(`${stem}_${copy}`)) copy++;
    copies.set(counter, copy + 1);
    if (copy >= 10 ** digits) return freeCopy(id, digits + 1);
    reserved.add(`${stem}_${copy}`);
    return `${stem}_${copy}`;
  };
  return ({ id }) => {
    if (used.has(id)) return freeCopy(id, 1);
    used.add(id);
    return id;
  };
}

function idsOf(turn: Turn): readonly string[] {
  if (turn.role === 'tool') return turn.results.map(({ callId }) => callId);
  if (turn.role !== 'assistant') return [];
  return turn.parts.flatMap((part) => (part.kind === 'tool-call' ? [part.id] : []));
}
