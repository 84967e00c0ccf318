import type { DecodeContext } from '../../kernel/codec.ts';
import type { Json } from '../../kernel/json.ts';
import type { Emit } from '../../kernel/stream-event.ts';
import { createAnswerDecoder } from './decode-answer.ts';

/** Reads a whole answer: one object, or the list of chunks that a call without `alt=sse` brings. */
export function decodeReply(body: Json, context: DecodeContext, emit: Emit): void {
  const answer = createAnswerDecoder(context, emit);
  answer.push(body);
  answer.end();
}
