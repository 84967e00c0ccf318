import type { AnswerContext, ClientCodec, DecodeContext, UpstreamCodec } from '../kernel/codec.ts';
import { createReplyCollector } from '../kernel/collect-reply.ts';
import { writeJson } from '../kernel/json.ts';
import type { StreamEvent } from '../kernel/stream-event.ts';
import { createBodyDecoder } from './body-decoder.ts';
import type { BodyForm } from './body-decoder.ts';
import type { Transform } from './transform.ts';

export interface CollectTransformInput {
  readonly form: BodyForm;
  readonly upstream: UpstreamCodec;
  readonly context: DecodeContext;
  readonly client: ClientCodec;
  readonly answer: AnswerContext;
  readonly observe: (event: StreamEvent) => void;
}

/** Gathers an answer of either form for a client that wants one JSON body; a failure throws, however late it comes. */
export function createCollectTransform(input: CollectTransformInput): Transform {
  const collector = createReplyCollector();
  const decoder = createBodyDecoder(input.form, input.upstream, input.context, (event) => {
    input.observe(event);
    collector.push(event);
  });
  return {
    push: (chunk) => {
      decoder.push(chunk);
      return undefined;
    },
    end: () => {
      decoder.end();
      return writeJson(input.client.encodeReply(collector.finish(), input.answer));
    },
    done: decoder.done,
  };
}
