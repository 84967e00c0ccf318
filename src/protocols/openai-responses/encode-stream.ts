import { createBlockQueue } from '../../kernel/block-queue.ts';
import type { AnswerContext, StreamEncoder } from '../../kernel/codec.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { Usage } from '../../kernel/reply.ts';
import type { StreamEvent } from '../../kernel/stream-event.ts';
import type { Say } from './encode-item.ts';
import { createNativeEncoder } from './encode-native.ts';
import { createResponseTeller } from './encode-response.ts';
import { estimateUsage } from './usage.ts';

/** A stream encoder that also keeps the response object it ended with. */
export interface ResponseEncoder extends StreamEncoder {
  /** The response object as it stands; the final one after the end. */
  readonly response: () => JsonObject;
}

/** Tells one answer as the events of a response, numbered from 0, one terminal event. */
export function createStreamEncoder(context: AnswerContext): StreamEncoder {
  const encoder = createTranslatingEncoder(context);
  return context.native ? createNativeEncoder(encoder) : encoder;
}

/** Tells any service's answer, one item open at a time. */
export function createTranslatingEncoder(context: AnswerContext): ResponseEncoder {
  let text = '';
  let sequence = 0;
  let usage: Usage | undefined;
  let characters = 0;

  const say: Say = (type, members) => {
    text += `event: ${type}\ndata: {"type":"${type}","sequence_number":${sequence++},${members}}\n\n`;
  };
  const teller = createResponseTeller(say, context);
  const queue = createBlockQueue(teller.output.take);
  const read = (event: StreamEvent): void => {
    switch (event.type) {
      case 'reply-start':
        teller.begin(event.createdAt);
        usage = event.usage;
        break;
      case 'usage':
        usage = event.usage;
        break;
      case 'reply-end':
        teller.finish(event.stop, usage ?? estimateUsage(context.estimatedInput, characters));
        break;
      case 'error':
        teller.fail(event.error, usage);
        break;
      default:
        if ('text' in event) characters += event.text.length;
        queue(event);
    }
  };

  return {
    push: (event) => {
      if (teller.ended()) return '';
      text = '';
      read(event);
      return text;
    },
    response: teller.response,
  };
}
