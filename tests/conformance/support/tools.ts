import { dig, listAt } from './stage.ts';
import type { ReadEvent } from './stage.ts';

export const CITY = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] } as const;

/** A function in the words of each client. */
export const chatTool = (name: string, parameters: object = CITY) =>
  ({ type: 'function', function: { name, parameters: { ...parameters } } }) as const;
export const messagesTool = (name: string, schema: object = CITY) =>
  ({ name, input_schema: { type: 'object', ...schema } }) as const;
export const responsesTool = (name: string, parameters: object = CITY) =>
  ({ type: 'function', name, parameters: { ...parameters }, strict: false }) as const;

export const user = <Content extends string | readonly object[]>(content: Content) =>
  ({ role: 'user', content }) as const;

/** A Chat call of the history, and the answer to it. */
export const chatCall = (id: string, name: string, args: string) =>
  ({ id, type: 'function', function: { name, arguments: args } }) as const;
export const chatResult = (tool_call_id: string, content: string) =>
  ({ role: 'tool', tool_call_id, content }) as const;
export const chatCalls = (...tool_calls: readonly object[]) =>
  ({ role: 'assistant', content: null, tool_calls }) as const;

/** A Messages call of the history, and the answer to it. */
export const toolUse = (id: string, name: string, input: object) =>
  ({ type: 'tool_use', id, name, input }) as const;
export const toolResult = (tool_use_id: string, content: string | readonly object[], more: object = {}) => ({
  type: 'tool_result',
  tool_use_id,
  content,
  ...more,
});

/** A call as a client has put it together. */
export interface ToldCall {
  readonly id: unknown;
  readonly name: unknown;
  readonly args: string;
}

/** The blocks of a Messages stream in order, neighbouring deltas of one block as one: `start 1`, `delta 1`, `stop 1`. */
export function blockOrder(events: readonly ReadEvent[]): readonly string[] {
  const steps = events.flatMap(({ event, data }) => {
    const [, step] = /^content_block_(.+)$/.exec(event ?? '') ?? [];
    return step === undefined ? [] : [`${step} ${String(dig(data, 'index'))}`];
  });
  return steps.filter((step, at) => step !== steps[at - 1]);
}

/** The calls of a Messages stream by what its deltas say; a delta outside of its block counts for nothing. */
export function messagesCalls(events: readonly ReadEvent[]): readonly ToldCall[] {
  const open = new Map<unknown, { id: unknown; name: unknown; args: string }>();
  return events.flatMap(({ event, data }) => {
    const index = dig(data, 'index');
    if (event === 'content_block_start' && dig(data, 'content_block', 'type') === 'tool_use')
      open.set(index, {
        id: dig(data, 'content_block', 'id'),
        name: dig(data, 'content_block', 'name'),
        args: '',
      });
    const call = open.get(index);
    if (call === undefined) return [];
    call.args += stringOf(dig(data, 'delta', 'partial_json'));
    return event === 'content_block_stop' && open.delete(index) ? [call] : [];
  });
}

/** The calls of a Chat stream by their index; the first piece of each tells its id and name. */
export function chatStreamCalls(events: readonly ReadEvent[]): readonly ToldCall[] {
  const calls: { id: unknown; name: unknown; args: string }[] = [];
  const pieces = events.flatMap(({ data }) => listAt(data, 'choices', 0, 'delta', 'tool_calls'));
  for (const piece of pieces) {
    const at = Number(dig(piece, 'index'));
    const call = (calls[at] ??= { id: dig(piece, 'id'), name: dig(piece, 'function', 'name'), args: '' });
    call.args += stringOf(dig(piece, 'function', 'arguments'));
  }
  return calls;
}

/** The finish reasons that a Chat stream tells. */
export const finishReasons = (events: readonly ReadEvent[]): readonly unknown[] =>
  events
    .map(({ data }) => dig(data, 'choices', 0, 'finish_reason'))
    .filter((reason) => typeof reason === 'string');

/** The last event of this name. */
export const lastOf = (events: readonly ReadEvent[], name: string): unknown =>
  events.findLast(({ event }) => event === name)?.data;

const stringOf = (value: unknown): string => (typeof value === 'string' ? value : '');
