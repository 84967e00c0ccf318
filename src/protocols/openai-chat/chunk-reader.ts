import type { DecodeContext } from '../../kernel/codec.ts';
import { GatewayError } from '../../kernel/gateway-error.ts';
import { findNumber, findObject, findString, listOf } from '../../kernel/json.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { createReplyWriter } from '../../kernel/reply-writer.ts';
import type { Stop, Usage } from '../../kernel/reply.ts';
import type { Emit } from '../../kernel/stream-event.ts';
import { createMessageReader } from './decode-block.ts';
import { findError } from './errors.ts';
import { decodeStop, findNaturalReason } from './stop-reason.ts';
import { findUsage } from './usage.ts';

/** How an answer came to its end: by `[DONE]`, by a closed connection, or because it was one whole body. */
type Ending = 'marker' | 'cut' | 'whole';

/** Reads chunks of one answer, or one body that holds all of it. */
export interface ChunkReader {
  readonly read: (chunk: JsonObject) => void;
  readonly finish: (ending: Ending) => void;
  readonly fail: (error: GatewayError) => void;
  readonly done: () => boolean;
}

/** Sends each event on as soon as a chunk brings it; stays silent after the end. */
export function createChunkReader(context: DecodeContext, emit: Emit): ChunkReader {
  const writer = createReplyWriter(emit);
  const message = createMessageReader(writer, context);
  let usage: Usage | undefined;
  let finishReason: string | undefined;
  let deltaSeen = false;

  const begin = (chunk: JsonObject): void => {
    const createdAt = findNumber(chunk['created']);
    writer.begin({
      id: findString(chunk['id']) ?? '',
      model: findString(chunk['model']) ?? '',
      ...(createdAt !== undefined && { createdAt }),
    });
  };

  const readChoice = (choice: JsonObject): void => {
    const delta = findObject(choice['delta']);
    // A body is read like a stream of one chunk; a stream that repeats the whole message at its end is not read twice.
    const whole = delta === undefined && !deltaSeen ? findObject(choice['message']) : undefined;
    if (delta !== undefined) message.read(delta, choice['logprobs']);
    else if (whole !== undefined) message.read(numberCalls(whole), choice['logprobs']);
    deltaSeen ||= delta !== undefined || whole !== undefined;
    const word = findString(choice['finish_reason']) ?? '';
    if (word !== '') finishReason ??= word;
  };

  const read = (chunk: JsonObject): void => {
    const error = findError(chunk, writer.begun());
    if (error !== undefined) {
      writer.fail(error);
      return;
    }
    const choice = firstChoice(chunk);
    // Azure opens with a chunk that has neither choices nor an id.
    if (!writer.begun() && (choice !== undefined || isFilled(chunk['id']))) begin(chunk);
    if (choice !== undefined) readChoice(choice);
    const known = usage;
    usage = findUsage(chunk, known);
    if (usage !== undefined && usage !== known) writer.usage(usage);
  };

  const resolveEnd = (ending: Ending): Stop | GatewayError => {
    if (finishReason === undefined && ending === 'cut') return streamCut();
    if (message.hasNamelessCall()) {
      return new GatewayError('bad-upstream', 'the upstream sent a tool call without a name');
    }
    if (finishReason !== undefined) return decodeStop(finishReason, message.delivery());
    const reason = findNaturalReason(message.delivery());
    if (reason !== undefined) return { reason };
    return ending === 'marker'
      ? streamCut()
      : new GatewayError('bad-upstream', 'the upstream sent an answer without content');
  };

  const finish = (ending: Ending): void => {
    if (writer.done()) return;
    const end = resolveEnd(ending);
    if (end instanceof GatewayError) {
      writer.fail(end);
      return;
    }
    message.finish();
    writer.finish(end);
  };

  return { read, finish, fail: writer.fail, done: writer.done };
}

const streamCut = (): GatewayError =>
  new GatewayError('stream-cut', 'the upstream closed the stream before the answer was complete');

const isFilled = (value: unknown): boolean => typeof value === 'string' && value !== '';

/** The first of the choices; others only come when a relayed client asked for several. */
function firstChoice(chunk: JsonObject): JsonObject | undefined {
  for (const entry of listOf(chunk['choices'])) {
    const choice = findObject(entry);
    if (choice !== undefined && (findNumber(choice['index']) ?? 0) === 0) return choice;
  }
  return undefined;
}

/** In a whole message the position alone tells calls apart. */
const numberCalls = (message: JsonObject): JsonObject => ({
  ...message,
  tool_calls: listOf(message['tool_calls']).map((call, index) => ({ ...findObject(call), index })),
});
