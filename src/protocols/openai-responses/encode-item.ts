import type { BlockEvent } from '../../kernel/block-queue.ts';
import type { AnswerContext } from '../../kernel/codec.ts';
import { writeJson } from '../../kernel/json.ts';
import type { JsonObject } from '../../kernel/json.ts';

/** How far an item is; `incomplete` when it was cut short. */
export type ItemStatus = 'in_progress' | 'completed' | 'incomplete';

/** Writes one event; `members` is the inside of its JSON object after type and sequence number. */
export type Say = (type: string, members: string) => void;

/** An output item that is being told. */
export interface OpenItem {
  /** More of its content. */
  readonly take: (event: BlockEvent) => void;
  /** Ends what is open inside, so that `settled` is the item's last word. */
  readonly close: (status: ItemStatus) => void;
  /** The whole item as it stands. */
  readonly settled: (status: ItemStatus) => JsonObject;
}

/** Where an item is told, and to whom. */
export interface ItemPlace {
  readonly say: Say;
  readonly outputIndex: number;
  readonly context: AnswerContext;
}

/** The members that every event inside an item starts with. */
export const itemMembers = (id: string, outputIndex: number): string =>
  `"item_id":${JSON.stringify(id)},"output_index":${outputIndex}`;

/** Writes that an item begins or is done. */
export const sayItem = ({ say, outputIndex }: ItemPlace, step: 'added' | 'done', item: JsonObject): void =>
  say(`response.output_item.${step}`, `"output_index":${outputIndex},"item":${writeJson(item)}`);

/** An item of this dialect's own that came whole. */
export function openHosted(place: ItemPlace, raw: JsonObject): OpenItem {
  sayItem(place, 'added', raw);
  return { take: () => undefined, close: () => undefined, settled: () => raw };
}
