import { assertNever } from '../../kernel/assert-never.ts';
import type { BlockEvent } from '../../kernel/block-queue.ts';
import type { AnswerContext } from '../../kernel/codec.ts';
import type { OpaqueState } from '../../kernel/conversation.ts';
import { isJsonObject } from '../../kernel/json.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { BlockHead } from '../../kernel/stream-event.ts';
import { openCall } from './encode-call.ts';
import { openHosted, sayItem } from './encode-item.ts';
import type { ItemPlace, ItemStatus, OpenItem, Say } from './encode-item.ts';
import { openMessage } from './encode-message.ts';
import type { OpenMessage } from './encode-message.ts';
import { openReasoning, tellsReasoning } from './encode-reasoning.ts';

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
/** Blocks that may turn out to hold nothing; then nothing is told of them. */
type LazyHead = MessageHead | Extract<BlockHead, { readonly kind: 'reasoning' }>;
type EagerHead = Exclude<BlockHead, LazyHead>;

/** An output without items, told through `say`. */
export function createOutput(say: Say, context: AnswerContext): Output {
  const done: JsonObject[] = [];
  let item: OpenItem | undefined;
  let message: OpenMessage | undefined;
  let pending: LazyHead | undefined;
  let refused = false;

  const place = (): ItemPlace => ({ say, outputIndex: done.length, context });
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
  const openThought = (): OpenItem => {
    close('completed');
    return (item = openReasoning(place()));
  };
  const begin = (head: BlockHead): void => {
    pending = isLazy(head) ? head : undefined;
    if (isLazy(head)) return;
    close('completed');
    const state = callState(head, context.native);
    if (state !== undefined) {
      openThought().take({ type: 'opaque', index: 0, opaque: state });
      close('completed');
    }
    item = openItem(place(), head);
  };
  const take = (event: BlockEvent): void => {
    if (event.type === 'block-start') begin(event.block);
    else if (pending === undefined) item?.take(event);
    else if (tellsMore(pending, event, context.native)) {
      const head = pending;
      pending = undefined;
      (head.kind === 'reasoning' ? openThought() : openPart(head)).take(event);
    }
  };

  return {
    take,
    refuse: (text) => openPart({ kind: 'refusal' }).take({ type: 'block-delta', index: 0, text }),
    close,
    items: () => (item === undefined ? done : [...done, item.settled('incomplete')]),
    refused: () => refused,
  };
}

const isLazy = (head: BlockHead): head is LazyHead =>
  head.kind === 'text' || head.kind === 'refusal' || head.kind === 'reasoning';

/** True when the event puts something into a block that was empty so far. */
const tellsMore = (head: LazyHead, event: BlockEvent, native: boolean): boolean =>
  head.kind === 'reasoning'
    ? tellsReasoning(event, native)
    : event.type !== 'block-end' && !(event.type === 'block-delta' && event.text === '');

/** State that a call brought: calls have no place for it here, so it goes in front of them as reasoning without words. */
const callState = (head: EagerHead, native: boolean): OpaqueState | undefined =>
  head.kind === 'tool-call' && !native ? head.opaque : undefined;

function openItem(place: ItemPlace, head: EagerHead): OpenItem | undefined {
  switch (head.kind) {
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
