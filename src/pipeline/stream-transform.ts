import type { StreamEncoder } from '../kernel/codec.ts';
import type { GatewayError } from '../kernel/gateway-error.ts';
import { createAnswerEvents } from './answer-events.ts';
import type { AnswerSource } from './answer-events.ts';
import type { Transform } from './transform.ts';

export interface StreamTransformInput extends AnswerSource {
  readonly encoder: StreamEncoder;
  /** True once something has gone to the client: a failure is then told inside the stream. */
  readonly committed: () => boolean;
}

/** The translate lane towards a client that wants a stream: what one chunk brings goes out as one piece of text. */
export function createStreamTransform(input: StreamTransformInput): Transform {
  const { encoder, committed } = input;
  let text = '';
  let failure: GatewayError | undefined;
  const events = createAnswerEvents(input, (event) => {
    if (event.type === 'error' && text === '' && !committed()) failure = event.error;
    else text += encoder.push(event);
  });
  const take = (): string | undefined => {
    if (failure !== undefined) throw failure;
    const out = text;
    text = '';
    return out === '' ? undefined : out;
  };
  return {
    push: (chunk) => {
      events.push(chunk);
      return take();
    },
    end: () => {
      events.end();
      return take();
    },
    done: events.done,
    cutShort: events.cutShort,
  };
}
