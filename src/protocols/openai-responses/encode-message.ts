import type { JsonObject } from '../../kernel/json.ts';
import { openContentPart } from './encode-content-part.ts';
import type { OpenPart, PartKind } from './encode-content-part.ts';
import { itemMembers, sayItem } from './encode-item.ts';
import type { ItemPlace, ItemStatus, OpenItem } from './encode-item.ts';

/** An assistant message, whose parts are the neighbouring text and refusal blocks of one phase. */
export interface OpenMessage extends OpenItem {
  readonly phase: string | undefined;
  /** The block that `take` hears of next is a part of this kind. */
  readonly beginPart: (kind: PartKind) => void;
}

/** Begins a message; `phase` says whether it is commentary or the final answer, when the upstream knew. */
export function openMessage(place: ItemPlace, phase: string | undefined): OpenMessage {
  const id = place.context.ids.item('msg');
  const where = itemMembers(id, place.outputIndex);
  const content: JsonObject[] = [];
  let part: OpenPart | undefined;

  const settled = (status: ItemStatus): JsonObject => ({
    id,
    type: 'message',
    status,
    role: 'assistant',
    content: part === undefined ? [...content] : [...content, part.settled()],
    ...(phase !== undefined && { phase }),
  });
  const endPart = (): void => {
    if (part === undefined) return;
    part.close();
    content.push(part.settled());
    part = undefined;
  };

  sayItem(place, 'added', settled('in_progress'));
  return {
    phase,
    beginPart: (kind) => {
      endPart();
      part = openContentPart(place, `${where},"content_index":${content.length}`, kind);
    },
    take: (event) => {
      if (event.type === 'block-end') endPart();
      else part?.take(event);
    },
    close: endPart,
    settled,
  };
}
