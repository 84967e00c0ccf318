import type { DecodeContext } from '../../kernel/codec.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { ReplyWriter } from '../../kernel/reply-writer.ts';
import type { BlockHead } from '../../kernel/stream-event.ts';

/** The places of an item where text grows: parts of a message, of reasoning, or the arguments of a call. */
export type SlotKind = 'text' | 'refusal' | 'raw' | 'summary' | 'args';

/** What an item is, as far as it decides which events can be about it. */
export type Family = 'message' | 'reasoning' | 'call' | 'other';

/** An answer while it is read. */
export interface Answer {
  readonly writer: ReplyWriter;
  readonly context: DecodeContext;
  /** In the order they began. */
  readonly items: Item[];
  /** The newest item of each family under an index of the stream: some services give several items one index. */
  readonly newest: Readonly<Record<Family, Map<number, Item>>>;
  /** By the ids that they gave, their own and those of their calls. */
  readonly named: Map<string, Item>;
  /** What was told so far, as far as the stop reason depends on it. */
  readonly told: { blocks: boolean; calls: boolean; refusal: boolean };
}

/** One output item while it is read. */
export interface Item {
  readonly answer: Answer;
  readonly slots: Map<string, Slot>;
  readonly family: Family;
  type: string | undefined;
  id: string | undefined;
  callId: string | undefined;
  phase: string | undefined;
  /** The block of a call or of reasoning; the blocks of a message belong to its slots. */
  call: number | undefined;
  reasoning: number | undefined;
  /** Arguments that stood whole in the head of a call; its pieces, if any come, say them again. */
  foretold: string;
  /** The summary part that text without a number belongs to. */
  summaryPart: number;
  /** The item as a whole, once it is done. */
  whole: JsonObject | undefined;
}

/** One growing text: the block it belongs to, and what was told of it. */
export interface Slot {
  readonly block: number;
  readonly write: (text: string) => void;
  seen: string;
  annotations: number;
  logprobs: number;
}

/** An answer of which nothing was read yet. */
export const createAnswer = (writer: ReplyWriter, context: DecodeContext): Answer => ({
  writer,
  context,
  items: [],
  newest: { message: new Map(), reasoning: new Map(), call: new Map(), other: new Map() },
  named: new Map(),
  told: { blocks: false, calls: false, refusal: false },
});

/** One more item; `index` is its place in the stream, when it came there. */
export function addItem(answer: Answer, family: Family, index?: number): Item {
  const item: Item = {
    answer,
    slots: new Map(),
    family,
    type: undefined,
    id: undefined,
    callId: undefined,
    phase: undefined,
    call: undefined,
    reasoning: undefined,
    foretold: '',
    summaryPart: 0,
    whole: undefined,
  };
  answer.items.push(item);
  if (index !== undefined) answer.newest[family].set(index, item);
  return item;
}

/** The item of this family that events under this index are about, made when it is not known yet. */
export const itemAt = (answer: Answer, index: number, family: Family): Item =>
  answer.newest[family].get(index) ?? addItem(answer, family, index);

/** The newest item of this family, which events without an index are about. */
export const latestOf = ({ items }: Answer, family: Family): Item | undefined =>
  items.findLast((item) => item.family === family);

/** The same for events that bring something new: an item that is done gets nothing more once another has begun. */
export function latestOpen(answer: Answer, family: Family): Item | undefined {
  const latest = latestOf(answer, family);
  return latest?.whole !== undefined && latest !== answer.items.at(-1) ? undefined : latest;
}

/** Opens a block and remembers what that says about the answer. */
export function openBlock({ told, writer }: Answer, head: BlockHead): number {
  told.blocks = true;
  if (head.kind === 'refusal') told.refusal = true;
  if (head.kind === 'tool-call') told.calls = true;
  return writer.open(head);
}

/** The slot, when text or an annotation has opened it. */
export const findSlot = (item: Item, kind: SlotKind, part: number): Slot | undefined =>
  item.slots.get(`${kind}:${part}`);

/** The slot, opened when need be; `undefined` for the arguments of a call that has no name yet. */
export function slotAt(item: Item, kind: SlotKind, part: number): Slot | undefined {
  const known = findSlot(item, kind, part);
  if (known !== undefined) return known;
  const block = blockFor(item, kind);
  if (block === undefined) return undefined;
  const slot: Slot = {
    block,
    write: writeTo(item.answer.writer, block, kind, part),
    seen: '',
    annotations: 0,
    logprobs: 0,
  };
  item.slots.set(`${kind}:${part}`, slot);
  return slot;
}

/** More text for a slot; the first opens its block. */
export function grow(item: Item, kind: SlotKind, part: number, text: string): void {
  const slot = text === '' ? undefined : slotAt(item, kind, part);
  if (slot === undefined) return;
  slot.seen += text;
  slot.write(text);
}

/** The final text of a slot: adds what its pieces lacked. One that contradicts them comes too late to matter. */
export function settle(item: Item, kind: SlotKind, part: number, text: string): void {
  const seen = findSlot(item, kind, part)?.seen ?? '';
  if (text.startsWith(seen)) grow(item, kind, part, text.slice(seen.length));
}

/** The block of a reasoning item, opened when need be. */
export const reasoningBlock = (item: Item): number =>
  (item.reasoning ??= openBlock(item.answer, { kind: 'reasoning' }));

function blockFor(item: Item, kind: SlotKind): number | undefined {
  switch (kind) {
    case 'text':
      return openBlock(item.answer, {
        kind: 'text',
        ...(item.phase !== undefined && { phase: item.phase }),
      });
    case 'refusal':
      return openBlock(item.answer, { kind: 'refusal' });
    case 'args':
      return item.call;
    default:
      return reasoningBlock(item);
  }
}

function writeTo(writer: ReplyWriter, block: number, kind: SlotKind, part: number): Slot['write'] {
  if (kind === 'raw') return (text) => writer.reasoning(block, text);
  if (kind === 'summary') return (text) => writer.reasoning(block, text, 'summary', part);
  return (text) => writer.text(block, text);
}
