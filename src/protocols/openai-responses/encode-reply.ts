import type { AnswerContext } from '../../kernel/codec.ts';
import { listOf } from '../../kernel/json.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { replayReply } from '../../kernel/replay-reply.ts';
import type { Reply } from '../../kernel/reply.ts';
import { createTranslatingEncoder } from './encode-stream.ts';

/**
 * The whole answer as the response object that a stream of it would end with; never throws. A response of this
 * dialect's own goes on as it is, filled with what was streamed where the service left its output out.
 */
export function encodeReply(reply: Reply, context: AnswerContext): JsonObject {
  const native = context.native ? reply.native : undefined;
  if (native === undefined) return translate(reply, context);
  if (listOf(native['output']).length > 0 || reply.blocks.length === 0) return native;
  return { ...native, output: translate(reply, context)['output'] ?? [] };
}

function translate(reply: Reply, context: AnswerContext): JsonObject {
  const encoder = createTranslatingEncoder(context);
  replayReply(reply, encoder.push);
  return encoder.response();
}
