import type { DecodeContext, Frame, StreamDecoder } from '../../kernel/codec.ts';
import { GatewayError } from '../../kernel/gateway-error.ts';
import { findNumber, findObject, findString, parseJson } from '../../kernel/json.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { Usage } from '../../kernel/reply.ts';
import { createReplyWriter } from '../../kernel/reply-writer.ts';
import type { ReplyWriter } from '../../kernel/reply-writer.ts';
import type { Emit } from '../../kernel/stream-event.ts';
import { createBlockReader } from './decode-block.ts';
import { findErrorIn } from './errors.ts';
import { decodeUsage } from './usage.ts';

/**
 * Reads a Messages stream. It ends with `message_stop`; a stream that closes after it told its stop reason counts as
 * ended too, any other as cut.
 */
export function createStreamDecoder(context: DecodeContext, emit: Emit): StreamDecoder {
  const writer = createReplyWriter(emit);
  const reader = createEventReader(writer, context);
  return {
    push: (frame) => {
      if (writer.done() || frame.data === '' || frame.data === '[DONE]') return;
      const data = parseFrame(frame);
      if (data !== undefined) reader.read(data, frame.event);
      else writer.fail(new GatewayError('bad-upstream', 'the upstream sent an event that is no JSON object'));
    },
    end: () => {
      if (!reader.finish()) writer.fail(cutStream());
    },
    done: writer.done,
  };
}

const cutStream = (): GatewayError =>
  new GatewayError('stream-cut', 'the upstream closed the stream before the answer was complete');

/** Deltas are read with the fast parser; only a block's start may hold numbers that have to stay exact. */
function parseFrame({ data }: Frame): JsonObject | undefined {
  try {
    const value = findObject(JSON.parse(data));
    return value?.['type'] === 'content_block_start' ? findObject(parseJson(data)) : value;
  } catch {
    return undefined;
  }
}

interface EventReader {
  /** @param event - the name of the frame, for data that does not name its type. */
  readonly read: (data: JsonObject, event: string | undefined) => void;
  /** Ends the answer if it told its stop reason; false when it did not. */
  readonly finish: () => boolean;
}

function createEventReader(writer: ReplyWriter, context: DecodeContext): EventReader {
  const blocks = createBlockReader(writer, context);
  let usage: Usage | undefined;
  let end: JsonObject = {};

  const begin = (message: JsonObject | undefined): void => {
    if (writer.begun()) return;
    usage = decodeUsage(message?.['usage'], usage);
    writer.begin({
      id: findString(message?.['id']) ?? '',
      model: findString(message?.['model']) ?? '',
      ...(usage !== undefined && { usage }),
    });
  };
  const readEnd = (data: JsonObject): void => {
    end = { ...end, ...withoutNulls(findObject(data['delta'])) };
    usage = decodeUsage(data['usage'], usage);
    if (usage !== undefined) writer.usage(usage);
  };
  const readOther = (data: JsonObject, event: string | undefined): void => {
    const error = findErrorIn(data, event);
    if (error !== undefined) writer.fail(error);
  };

  const read: EventReader['read'] = (data, event) => {
    switch (data['type'] ?? event) {
      case 'message_start':
        begin(findObject(data['message']));
        break;
      case 'content_block_start':
        blocks.start(keyOf(data), findObject(data['content_block']) ?? {});
        break;
      case 'content_block_delta':
        blocks.delta(keyOf(data), findObject(data['delta']) ?? {});
        break;
      case 'content_block_stop':
        blocks.stop(keyOf(data));
        break;
      case 'message_delta':
        readEnd(data);
        break;
      case 'message_stop':
        blocks.finish(end);
        break;
      default: // an error, `ping`, and whatever comes next year
        readOther(data, event);
    }
  };
  const finish = (): boolean => {
    if (end['stop_reason'] !== undefined) blocks.finish(end);
    return end['stop_reason'] !== undefined;
  };
  return { read, finish };
}

const keyOf = (data: JsonObject): number => findNumber(data['index']) ?? 0;

const withoutNulls = (members: JsonObject = {}): JsonObject =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null));
