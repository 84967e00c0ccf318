import { assertNever } from '../../kernel/assert-never.ts';
import { isJsonObject } from '../../kernel/json.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { BlockHead } from '../../kernel/stream-event.ts';
import type { BlockEvent } from '../../kernel/block-queue.ts';
import { openCall, openHosted, sayItem } from './encode-item.ts';
import type { ItemPlace, ItemStatus, OpenItem, Say } from './encode-item.ts';
import { openMessage } from './encode-message.ts';
import type { OpenMessage } from './encode-message.ts';
import { openReasoning } from './encode-reasoning.ts';

/**
 * The output of one answer, told item by item. An item stays open until the next begins or the answer ends: only then
 * is it known whether it was cut short, and whether more text belongs to the same message.
 */
export interface Output {
  /** Takes the events of blocks that do not overlap. */
  readonly take: (event: BlockEvent) => void;
  /** Tells a refusal that the model did not word itself. */
  readonly refuse: (explanation: string) => void;
  /** Ends the last item. */
  readonly close: (status: ItemStatus) => void;
  /** Every item as it stands; one that is still open counts as cut short. */
  readonly items: () => readonly JsonObject[];
  /** True once a refusal was told. */
  readonly refused: () => boolean;
}

type MessageHead = Extract<BlockHead, { readonly kind: 'text' | 'refusal' }>;
type OtherHead = Exclude<BlockHead, MessageHead>;

/** An output without items, told through `say`. */
export function createOutput(say: Say, ids: ItemPlace['ids']): Output {
  const done: JsonObject[] = [];
  let item: OpenItem | undefined;
  let message: OpenMessage | undefined;
  let pending: MessageHead | undefined;
  let refused = false;

  const place = (): ItemPlace => ({ say, outputIndex: done.length, ids });
  const close = (status: ItemStatus): void => {
    if (item === undefined) return;
    item.close(status);
    const whole = item.settled(status);
    sayItem(place(), 'done', whole);
    done.push(whole);
    item = message = undefined;
  };
  const openPart = (head: MessageHead): OpenMessage => {
    const phase = head.kind === 'text' ? head.phase : message?.phase;
    if (message === undefined || message.phase !== phase) {
      close('completed');
      item = message = openMessage(place(), phase);
    }
    message.beginPart(head.kind);
    if (head.kind === 'refusal') refused = true;
    return message;
  };
  const begin = (head: BlockHead): void => {
    pending = head.kind === 'text' || head.kind === 'refusal' ? head : undefined;
    if (head.kind === 'text' || head.kind === 'refusal') return; // waits for its first words: it may have none
    close('completed');
    item = openItem(place(), head);
  };
  const take = (event: BlockEvent): void => {
    if (event.type === 'block-start') {
      begin(event.block);
    } else if (pending === undefined) {
      item?.take(event);
    } else if (event.type !== 'block-end') {
      const head = pending;
      pending = undefined;
      openPart(head).take(event);
    }
  };

  return {
    take,
    refuse: (text) => {
      const part = openPart({ kind: 'refusal' });
      part.take({ type: 'block-delta', index: 0, text });
    },
    close,
    items: () => (item === undefined ? done : [...done, item.settled('incomplete')]),
    refused: () => refused,
  };
}

function openItem(place: ItemPlace, head: OtherHead): OpenItem | undefined {
  switch (head.kind) {
    case 'reasoning':
      return openReasoning(place);
    case 'tool-call':
      return openCall(place, head);
    case 'hosted': // one of another dialect has no form here
      return head.protocol === 'openai-responses' && isJsonObject(head.raw)
        ? openHosted(place, head.raw)
        : undefined;
    default:
      return assertNever(head, 'block');
  }
}
