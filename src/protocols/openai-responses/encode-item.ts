import type { AnswerContext } from '../../kernel/codec.ts';
import { writeJson } from '../../kernel/json.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { BlockHead } from '../../kernel/stream-event.ts';
import type { BlockEvent } from '../../kernel/block-queue.ts';

/** How far an item is; `incomplete` when it was cut short. */
export type ItemStatus = 'in_progress' | 'completed' | 'incomplete';

/** Writes one event; `members` is the inside of its JSON object after type and sequence number. */
export type Say = (type: string, members: string) => void;

/** An output item that is being told. Opening it has written its `output_item.added`. */
export interface OpenItem {
  /** More of its content. */
  readonly take: (event: BlockEvent) => void;
  /** Ends what is open inside, so that `settled` is the item's last word. */
  readonly close: (status: ItemStatus) => void;
  /** The whole item as it stands. */
  readonly settled: (status: ItemStatus) => JsonObject;
}

/** Where an item is told. */
export interface ItemPlace {
  readonly say: Say;
  readonly outputIndex: number;
  readonly ids: AnswerContext['ids'];
}

/** The members that every event inside an item starts with. */
export const itemMembers = (id: string, outputIndex: number): string =>
  `"item_id":${JSON.stringify(id)},"output_index":${outputIndex}`;

/** Writes that an item begins or is done. */
export const sayItem = ({ say, outputIndex }: ItemPlace, step: 'added' | 'done', item: JsonObject): void =>
  say(`response.output_item.${step}`, `"output_index":${outputIndex},"item":${writeJson(item)}`);

type CallHead = Extract<BlockHead, { readonly kind: 'tool-call' }>;

const CALL_WORDS = {
  function: { type: 'function_call', prefix: 'fc', field: 'arguments', event: 'function_call_arguments' },
  custom: { type: 'custom_tool_call', prefix: 'ctc', field: 'input', event: 'custom_tool_call_input' },
} as const;

/** A call of a function or custom tool, whose arguments stream as they come. */
export function openCall(place: ItemPlace, head: CallHead): OpenItem {
  const { say, outputIndex, ids } = place;
  const { type, prefix, field, event: name } = CALL_WORDS[head.callKind];
  const id = ids.item(prefix);
  const where = itemMembers(id, outputIndex);
  const space = head.namespace === undefined ? {} : { namespace: head.namespace };
  let args = '';

  const settled = (status: ItemStatus): JsonObject => ({
    id,
    type,
    status,
    call_id: head.id,
    name: head.name,
    ...space,
    [field]: args,
  });
  const grow = (text: string): void => {
    args += text;
    say(`response.${name}.delta`, `${where},"delta":${JSON.stringify(text)}`);
  };
  sayItem(place, 'added', settled('in_progress'));
  return {
    take: (event) => {
      if (event.type === 'block-delta') grow(event.text);
    },
    close: (status) => {
      // Clients parse the arguments, and a tool without any is called with an empty object.
      if (args === '' && head.callKind === 'function' && status === 'completed') grow('{}');
      const toolName = head.callKind === 'function' ? `,"name":${JSON.stringify(head.name)}` : '';
      say(`response.${name}.done`, `${where},"${field}":${JSON.stringify(args)}${toolName}`);
    },
    settled,
  };
}

/** An item of this dialect's own that came whole. */
export function openHosted(place: ItemPlace, raw: JsonObject): OpenItem {
  sayItem(place, 'added', raw);
  return { take: () => undefined, close: () => undefined, settled: () => raw };
}
