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

  const freeId = (id: string): string => {
    const legal = id.replace(/[^\w-]/g, '_') || 'call';
    for (let copy = 1; ; copy++) {
      const suffix = copy === 1 ? '' : `_${copy}`;
      const candidate = legal.slice(0, longest - suffix.length) + suffix;
      if (!taken.has(candidate)) return candidate;
    }
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
