import type { DecodeContext } from '../../kernel/codec.ts';
import { GatewayError } from '../../kernel/gateway-error.ts';
import { findObject, findString, isJsonArray, isJsonObject, listOf } from '../../kernel/json.ts';
import type { Json, JsonObject } from '../../kernel/json.ts';
import { createReplyWriter } from '../../kernel/reply-writer.ts';
import type { Emit, ReplyStart } from '../../kernel/stream-event.ts';
import { createBlockDecoder } from './decode-block.ts';
import { decodeChunkError } from './errors.ts';
import { decodeLogprobs } from './logprobs.ts';
import { createTrailer } from './trailer.ts';
import { readCounters, usageOf } from './usage.ts';
import type { Counters } from './usage.ts';

/** Reads an answer chunk by chunk; a whole answer is one chunk. */
export interface AnswerDecoder {
  /** One chunk, or a list of them. */
  readonly push: (json: Json) => void;
  readonly fail: (error: GatewayError) => void;
  /** The upstream closed: the dialect has no other end. */
  readonly end: () => void;
  readonly done: () => boolean;
}

export function createAnswerDecoder(context: DecodeContext, emit: Emit): AnswerDecoder {
  const writer = createReplyWriter(emit);
  const blocks = createBlockDecoder(writer, context);
  const trailer = createTrailer();
  let counters: Counters = {};

  const readChunk = (wire: JsonObject): void => {
    const error = wire['error'];
    if (error !== undefined && error !== null) {
      writer.fail(decodeChunkError(error));
      return;
    }
    count(wire);
    const candidate = findObject(listOf(wire['candidates'])[0]);
    for (const part of listOf(findObject(candidate?.['content'])?.['parts'])) {
      if (isJsonObject(part)) blocks.push(part);
    }
    blocks.logprobs(decodeLogprobs(findObject(candidate?.['logprobsResult'])));
    trailer.read(wire, candidate);
  };

  const count = (wire: JsonObject): void => {
    const metadata = findObject(wire['usageMetadata']);
    if (metadata !== undefined) counters = readCounters(metadata, counters);
    const usage = metadata === undefined ? undefined : usageOf(counters);
    if (!writer.begun()) writer.begin({ ...startOf(wire), ...(usage !== undefined && { usage }) });
    else if (usage !== undefined) writer.usage(usage);
  };

  const push = (json: Json): void => {
    if (writer.done()) return;
    for (const wire of isJsonArray(json) ? json : [json]) if (isJsonObject(wire)) readChunk(wire);
  };

  const end = (): void => {
    if (writer.done()) return;
    const stop = trailer.findStop(blocks.delivered()) ?? cut();
    if (stop instanceof GatewayError) writer.fail(stop);
    else {
      blocks.finish(trailer.annotate);
      writer.finish(stop);
    }
  };

  return { push, fail: writer.fail, end, done: writer.done };
}

function startOf(wire: JsonObject): Omit<ReplyStart, 'type'> {
  const createdAt = Math.floor(Date.parse(findString(wire['createTime']) ?? '') / 1000);
  return {
    id: findString(wire['responseId']) ?? '',
    model: findString(wire['modelVersion']) ?? '',
    ...(Number.isFinite(createdAt) && { createdAt }),
  };
}

const cut = (): GatewayError =>
  new GatewayError('stream-cut', 'the upstream closed the stream before the answer was complete');
