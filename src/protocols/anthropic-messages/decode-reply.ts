import type { DecodeContext } from '../../kernel/codec.ts';
import { GatewayError } from '../../kernel/gateway-error.ts';
import { findObject, findString, isJsonArray } from '../../kernel/json.ts';
import type { Json, JsonObject } from '../../kernel/json.ts';
import { createReplyWriter } from '../../kernel/reply-writer.ts';
import type { ReplyWriter } from '../../kernel/reply-writer.ts';
import type { Emit } from '../../kernel/stream-event.ts';
import { createBlockReader } from './decode-block.ts';
import { findErrorIn } from './errors.ts';
import { decodeUsage } from './usage.ts';

/** Tells a whole message as events; a body that is none becomes an `error` event. */
export function decodeReply(body: Json, context: DecodeContext, emit: Emit): void {
  const writer = createReplyWriter(emit);
  const message = findObject(body);
  const content = message?.['content'];
  const error = findErrorIn(message);
  if (error !== undefined) writer.fail(error);
  else if (message !== undefined && isJsonArray(content)) tellMessage(message, content, writer, context);
  else writer.fail(new GatewayError('bad-upstream', 'the upstream sent a body that is not a message'));
}

function tellMessage(
  message: JsonObject,
  content: readonly Json[],
  writer: ReplyWriter,
  context: DecodeContext,
): void {
  writer.begin({ id: findString(message['id']) ?? '', model: findString(message['model']) ?? '' });
  const blocks = createBlockReader(writer, context);
  content.forEach((block, key) => {
    blocks.start(key, findObject(block) ?? {});
    blocks.stop(key);
  });
  const usage = decodeUsage(message['usage'], undefined);
  if (usage !== undefined) writer.usage(usage);
  blocks.finish(message);
}
