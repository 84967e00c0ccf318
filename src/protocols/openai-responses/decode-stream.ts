import type { DecodeContext, Frame, StreamDecoder } from '../../kernel/codec.ts';
import { GatewayError } from '../../kernel/gateway-error.ts';
import { findObject, findString, parseJson } from '../../kernel/json.ts';
import type { Json, JsonObject } from '../../kernel/json.ts';
import { createReplyWriter } from '../../kernel/reply-writer.ts';
import type { Emit } from '../../kernel/stream-event.ts';
import { annotate, itemAdded, itemDone, partDone, weigh } from './decode-block.ts';
import { finishResponse, startOf } from './decode-reply.ts';
import {
  addItem,
  createAnswer,
  findSlot,
  grow,
  itemAt,
  latestOf,
  latestOpen,
  settle,
} from './decode-slot.ts';
import type { Answer, Family, Item, SlotKind } from './decode-slot.ts';
import { findEventError } from './errors.ts';
import { itemBegun, itemEnded } from './find-item.ts';

/** Reads one stream. Only a response event that ends it ends it quietly. */
export function createStreamDecoder(context: DecodeContext, emit: Emit): StreamDecoder {
  const writer = createReplyWriter(emit);
  const answer = createAnswer(writer, context);

  const push = (frame: Frame): void => {
    if (writer.done() || frame.data === '' || frame.data === '[DONE]') return;
    const event = findObject(parseData(frame));
    if (event !== undefined) readEvent(answer, findString(event['type']) ?? frame.event, event);
    else
      writer.fail(new GatewayError('bad-upstream', 'the upstream sent an event that is not a JSON object'));
  };
  const end = (): void =>
    writer.fail(
      new GatewayError('stream-cut', 'the upstream closed the stream before the response was complete'),
    );

  return { push, end, done: writer.done };
}

/** Deltas hold text alone; whole items may hold numbers that a double would change. */
function parseData({ event, data }: Frame): Json | undefined {
  try {
    return event?.endsWith('.delta') === true ? (JSON.parse(data) as Json) : parseJson(data);
  } catch {
    return undefined;
  }
}

function readEvent(answer: Answer, type: string | undefined, event: JsonObject): void {
  const text = own(TEXT_EVENTS, type);
  if (text !== undefined) {
    readText(answer, text, event);
    return;
  }
  const failure = findEventError(type, event);
  // What is in no table is ignored: heads of parts, progress of hosted tools, keep-alives, events of next month.
  if (failure !== undefined) answer.writer.fail(failure);
  else own(STRUCTURE_EVENTS, type)?.(answer, event);
}

const own = <T>(table: Readonly<Record<string, T>>, key: string | undefined): T | undefined =>
  key !== undefined && Object.hasOwn(table, key) ? table[key] : undefined;

interface TextEvent {
  readonly slot: SlotKind;
  /** The member that numbers the part within the item. */
  readonly part: 'content_index' | 'summary_index';
  readonly field: string;
  /** `grow` brings the next piece, `settle` the final value. */
  readonly read: typeof grow;
}

const delta = (slot: SlotKind, part: TextEvent['part'] = 'content_index'): TextEvent => ({
  slot,
  part,
  field: 'delta',
  read: grow,
});
const final = (slot: SlotKind, field: string, part: TextEvent['part'] = 'content_index'): TextEvent => ({
  slot,
  part,
  field,
  read: settle,
});

const TEXT_EVENTS: Readonly<Record<string, TextEvent>> = {
  'response.output_text.delta': delta('text'),
  'response.output_text.done': final('text', 'text'),
  'response.refusal.delta': delta('refusal'),
  'response.refusal.done': final('refusal', 'refusal'),
  'response.reasoning_text.delta': delta('raw'),
  'response.reasoning_text.done': final('raw', 'text'),
  'response.reasoning_summary_text.delta': delta('summary', 'summary_index'),
  'response.reasoning_summary_text.done': final('summary', 'text', 'summary_index'),
  'response.function_call_arguments.delta': delta('args'),
  'response.function_call_arguments.done': final('args', 'arguments'),
  'response.custom_tool_call_input.delta': delta('args'),
  'response.custom_tool_call_input.done': final('args', 'input'),
};

const FAMILY_OF: Readonly<Record<SlotKind, Family>> = {
  text: 'message',
  refusal: 'message',
  raw: 'reasoning',
  summary: 'reasoning',
  args: 'call',
};

function readText(answer: Answer, { slot, part, field, read }: TextEvent, event: JsonObject): void {
  const item = itemOf(answer, event, FAMILY_OF[slot], read === grow ? latestOpen : latestOf);
  const number = findIndex(event[part]) ?? (slot === 'summary' ? item.summaryPart : 0);
  read(item, slot, number, findString(event[field]) ?? '');
  if (slot === 'text' && field === 'delta' && 'logprobs' in event) weigh(item, number, event['logprobs']);
}

type ReadEvent = (answer: Answer, event: JsonObject) => void;

const begin: ReadEvent = ({ writer }, event) => writer.begin(startOf(objectIn(event, 'response')));

const STRUCTURE_EVENTS: Readonly<Record<string, ReadEvent>> = {
  'response.created': begin,
  'response.queued': begin,
  'response.in_progress': begin,
  'response.output_item.added': (answer, event) => {
    const item = objectIn(event, 'item');
    itemAdded(itemBegun(answer, findIndex(event['output_index']) ?? answer.items.length, item), item);
  },
  'response.reasoning_summary_part.added': (answer, event) => {
    const item = itemOf(answer, event, 'reasoning', latestOpen);
    item.summaryPart = findIndex(event['summary_index']) ?? nextSummaryPart(item);
  },
  'response.output_text.annotation.added': (answer, event) =>
    annotate(itemOf(answer, event, 'message'), partIndex(event), event['annotation']),
  'response.content_part.done': (answer, event) => {
    // Parts of reasoning are told by the events of their text.
    if (objectIn(event, 'part')['type'] === 'reasoning_text') return;
    partDone(itemOf(answer, event, 'message'), partIndex(event), event['part']);
  },
  'response.output_item.done': (answer, event) => {
    const item = objectIn(event, 'item');
    if ('type' in item) itemDone(itemEnded(answer, findIndex(event['output_index']), item), item);
  },
  'response.completed': (answer, event) => finishResponse(answer, objectIn(event, 'response')),
  'response.done': (answer, event) => finishResponse(answer, objectIn(event, 'response')),
  'response.incomplete': (answer, event) => finishResponse(answer, objectIn(event, 'response'), 'incomplete'),
};

/** A part without a number is the next; the first begins nothing new. */
const nextSummaryPart = (item: Item): number =>
  findSlot(item, 'summary', item.summaryPart) === undefined ? item.summaryPart : item.summaryPart + 1;

const MAX_INDEX = 9999; // an answer with more items or parts than this is not one

/** A number that can stand in a list. */
const findIndex = (value: Json | undefined): number | undefined =>
  Number.isInteger(value) && Number(value) >= 0 && Number(value) <= MAX_INDEX ? Number(value) : undefined;

const objectIn = (event: JsonObject, key: string): JsonObject => findObject(event[key]) ?? {};
const partIndex = (event: JsonObject): number => findIndex(event['content_index']) ?? 0;

/** Some services leave the index out; then an event belongs to the newest item of its own family. */
function itemOf(answer: Answer, event: JsonObject, family: Family, latest = latestOf): Item {
  const index = findIndex(event['output_index']);
  if (index !== undefined) return itemAt(answer, index, family);
  return latest(answer, family) ?? addItem(answer, family, answer.items.length);
}
