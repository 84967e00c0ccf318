import type { DecodeContext } from '../../kernel/codec.ts';
import { GatewayError } from '../../kernel/gateway-error.ts';
import { findNumber, findObject, findString, isJsonArray, listOf } from '../../kernel/json.ts';
import type { Json, JsonObject } from '../../kernel/json.ts';
import { createReplyWriter } from '../../kernel/reply-writer.ts';
import type { Emit, ReplyStart } from '../../kernel/stream-event.ts';
import { flushForetold, itemDone } from './decode-block.ts';
import { addItem, createAnswer } from './decode-slot.ts';
import type { Answer, Item } from './decode-slot.ts';
import { findEventError, responseError } from './errors.ts';
import { decodeStop } from './stop-reason.ts';
import { familyOf, itemsRepeated } from './find-item.ts';
import { readUsage } from './usage.ts';

/** Reads a whole response object as the events a stream would have brought; never throws. */
export function decodeReply(body: Json, context: DecodeContext, emit: Emit): void {
  const writer = createReplyWriter(emit);
  const response = findObject(body);
  const failure = findFailure(response);
  if (failure !== undefined) writer.fail(failure);
  else if (response !== undefined) finishResponse(createAnswer(writer, context), response);
}

function findFailure(response: JsonObject | undefined): GatewayError | undefined {
  const status = findString(response?.['status']);
  if (response === undefined || (status === undefined && !isJsonArray(response['output']))) {
    const error = response && findEventError(undefined, response);
    return error ?? new GatewayError('bad-upstream', 'the upstream sent something that is not a response');
  }
  switch (status) {
    case 'failed':
    case 'cancelled':
      return responseError(response, status);
    case 'queued':
    case 'in_progress':
      return new GatewayError('bad-upstream', `the upstream sent an unfinished response (${status})`);
    default: // completed, incomplete, or a word of next month with an output to read
      return undefined;
  }
}

/** The head of an answer, from any object that describes the response. */
export function startOf(response: JsonObject): Omit<ReplyStart, 'type'> {
  const createdAt = findNumber(response['created_at']);
  return {
    id: findString(response['id']) ?? '',
    model: findString(response['model']) ?? '',
    ...(createdAt !== undefined && { createdAt }),
  };
}

/** Ends an answer with its response object: what a stream did not bring is taken from there. */
export function finishResponse(answer: Answer, response: JsonObject, status?: string): void {
  const { writer, told } = answer;
  writer.begin(startOf(response));
  finishOutput(answer, listOf(response['output']).map(findItem));
  const usage = readUsage(response['usage']);
  if (usage !== undefined) writer.usage(usage);
  const incomplete = (findString(response['status']) ?? status) === 'incomplete';
  const stop = decodeStop(response, incomplete, told);
  if (stop instanceof GatewayError) writer.fail(stop);
  else writer.finish(stop, nativeOf(answer, response));
}

const findItem = (value: Json): JsonObject | undefined => {
  const item = findObject(value);
  return findString(item?.['type']) === undefined ? undefined : item;
};

function finishOutput(answer: Answer, output: readonly (JsonObject | undefined)[]): void {
  const repeated = itemsRepeated(answer, output);
  output.forEach((wire, index) => {
    if (wire !== undefined) itemDone(repeated.get(index) ?? addItem(answer, familyOf(wire)), wire);
  });
  answer.items.forEach(flushForetold);
}

/** The response object itself; some services leave out of it what they have streamed. */
function nativeOf({ items }: Answer, response: JsonObject): JsonObject | undefined {
  if (findString(response['id']) === undefined) return undefined;
  if (listOf(response['output']).length > 0) return response;
  if (items.some((item) => item.whole === undefined && isTold(item))) return response;
  return { ...response, output: items.map(({ whole }) => whole).filter((whole) => whole !== undefined) };
}

const isTold = ({ slots, call, reasoning }: Item): boolean =>
  slots.size > 0 || call !== undefined || reasoning !== undefined;
