import type { AnswerContext, ClientCodec } from '../kernel/codec.ts';
import { createReplyCollector } from '../kernel/collect-reply.ts';
import { writeJson } from '../kernel/json.ts';
import { createAnswerEvents } from './answer-events.ts';
import type { AnswerSource } from './answer-events.ts';
import type { Transform } from './transform.ts';

export interface CollectTransformInput extends AnswerSource {
  readonly client: ClientCodec;
  readonly answer: AnswerContext;
}

/** Gathers an answer of either form for a client that wants one JSON body; a failure throws, however late it comes. */
export function createCollectTransform(input: CollectTransformInput): Transform {
  const collector = createReplyCollector();
  const events = createAnswerEvents(input, collector.push);
  return {
    push: (chunk) => {
      events.push(chunk);
      return undefined;
    },
    end: () => {
      events.end();
      if (events.paused() !== undefined) return undefined;
      return writeJson(input.client.encodeReply(collector.finish(), input.answer));
    },
    done: events.done,
    cutShort: events.cutShort,
    paused: events.paused,
    next: events.next,
  };
}
