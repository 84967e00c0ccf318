import type { ToolCallPart } from '../../kernel/conversation.ts';

/** Ids of calls as Messages takes them. */
export interface CallIds {
  /** The wire id of a call: the client's own where that is legal and new in this request. */
  readonly idOf: (call: ToolCallPart) => string;
}

/**
 * Messages takes letters, digits, `_` and `-`, and no id twice in a request. What it would refuse is rewritten in the
 * order of the conversation, so that a longer history gives the same ids again and prompt caches hold.
 *
 * @param longest - characters that an id may have, where the model has a limit.
 */
export function createCallIds(longest = Infinity): CallIds {
  const ids = new Map<ToolCallPart, string>();
  const taken = new Set<string>();
  const copies = new Map<string, number>();

  // Copies are counted by what stands before their number, so that a search never starts over.
  const freeCopy = (legal: string, digits: number): string => {
    const stem = legal.slice(0, longest - digits - 1);
    const counter = `${stem} ${digits}`;
    let copy = copies.get(counter) ?? (digits === 1 ? 2 : 10 ** (digits - 1));
    while (copy < 10 ** digits && taken.has(`${stem}_${copy}`)) copy++;
    copies.set(counter, copy);
    return copy < 10 ** digits ? `${stem}_${copy}` : freeCopy(legal, digits + 1);
  };
  const freeId = (id: string): string => {
    const legal = id.replace(/[^\w-]/g, '_') || 'call';
    const own = legal.slice(0, longest);
    return taken.has(own) ? freeCopy(legal, 1) : own;
  };
  return {
    idOf: (call) => {
      const known = ids.get(call);
      if (known !== undefined) return known;
      const id = freeId(call.id);
      taken.add(id);
      ids.set(call, id);
      return id;
    },
  };
}
