import type { AnswerContext } from '../../kernel/codec.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { replayReply } from '../../kernel/replay-reply.ts';
import type { Reply } from '../../kernel/reply.ts';
import { createStreamEncoder } from './encode-stream.ts';

/** The whole answer as the response object that a stream of it would end with; never throws. */
export function encodeReply(reply: Reply, context: AnswerContext): JsonObject {
  const encoder = createStreamEncoder(context);
  replayReply(reply, encoder.push);
  return encoder.response();
}
