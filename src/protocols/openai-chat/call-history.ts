import type { ToolCallPart } from '../../kernel/conversation.ts';

/** What the messages of one request have said of their calls so far. */
export interface CallHistory {
  readonly remember: (call: ToolCallPart) => void;
  /** The kind of the call with this id; `function` when no such call was seen. */
  readonly kindOf: (id: string) => ToolCallPart['callKind'];
  /** An id for a call of the old form, which has none. */
  readonly idOfCall: (name: string) => string;
  /** The id of the oldest call of the old form to this function that has no result yet, else a fresh one. */
  readonly idAnswered: (name: string) => string;
}

/** A history without calls; ids are numbered from 0 within the request. */
export function createCallHistory(): CallHistory {
  const customIds = new Set<string>();
  const unanswered: { readonly name: string; readonly id: string }[] = [];
  let count = 0;

  const freshId = (name: string): string => `call_${name}_${count++}`;
  return {
    remember: ({ id, callKind }) => {
      if (callKind === 'custom') customIds.add(id);
    },
    kindOf: (id) => (customIds.has(id) ? 'custom' : 'function'),
    idOfCall: (name) => {
      const id = freshId(name);
      unanswered.push({ name, id });
      return id;
    },
    idAnswered: (name) => {
      const position = unanswered.findIndex((call) => call.name === name);
      const [call] = position < 0 ? [] : unanswered.splice(position, 1);
      return call?.id ?? freshId(name);
    },
  };
}
