import { createBlockQueue } from '../../kernel/block-queue.ts';
import type { BlockEvent } from '../../kernel/block-queue.ts';
import type { AnswerContext, StreamEncoder } from '../../kernel/codec.ts';
import { writeJson } from '../../kernel/json.ts';
import type { Stop, Usage } from '../../kernel/reply.ts';
import type { ReplyStart } from '../../kernel/stream-event.ts';
import { encodeEvent } from '../../sse/encode.ts';
import { createBlockWriter } from './encode-block.ts';
import type { BlockWriter } from './encode-block.ts';
import { messageHead } from './encode-reply.ts';
import { encodeStreamError } from './errors.ts';
import { encodeStop } from './stop-reason.ts';
import { encodeUsage, usageToTell } from './usage.ts';

/** What keeps an idle stream alive. */
export const PING = encodeEvent('ping', '{"type":"ping"}');

/** Tells events as a Messages stream: one content block at a time, totals of usage at the end. */
export function createStreamEncoder(context: AnswerContext): StreamEncoder {
  const writeBlock = createBlockLine(context);
  let blockText = '';
  const queue = createBlockQueue((event) => {
    blockText += writeBlock(event);
  });
  let usage: Usage | undefined;
  let ended = false;

  const push: StreamEncoder['push'] = (event) => {
    if (ended) return '';
    switch (event.type) {
      case 'reply-start':
        usage = event.usage;
        return encodeStart(event, context);
      case 'usage':
        usage = event.usage;
        return '';
      case 'reply-end':
        ended = true;
        return encodeEnd(event.stop, usageToTell(usage, context));
      case 'error':
        ended = true;
        return encodeStreamError(event.error);
      default:
        blockText = '';
        queue(event);
        return blockText;
    }
  };
  return { push };
}

/** Writes the events of one block after the other; wire numbers go to blocks that show content. */
function createBlockLine(context: AnswerContext): (event: BlockEvent) => string {
  let writer: BlockWriter | undefined;
  let nextIndex = 0;
  const takeIndex = (): number => nextIndex++;
  return (event) => {
    if (event.type !== 'block-start') return writer?.push(event) ?? '';
    writer = createBlockWriter(event.block, takeIndex, context);
    return writer.start();
  };
}

function encodeStart({ id, usage }: ReplyStart, context: AnswerContext): string {
  const message = {
    ...messageHead(id, context),
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: encodeUsage(usageToTell(usage, context)),
  };
  return encodeEvent('message_start', writeJson({ type: 'message_start', message })) + PING;
}

function encodeEnd(stop: Stop, usage: Usage): string {
  const delta = { type: 'message_delta', delta: encodeStop(stop), usage: encodeUsage(usage) };
  return (
    encodeEvent('message_delta', writeJson(delta)) + encodeEvent('message_stop', '{"type":"message_stop"}')
  );
}
