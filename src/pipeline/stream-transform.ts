import type { StreamEncoder } from '../kernel/codec.ts';
import type { GatewayError } from '../kernel/gateway-error.ts';
import type { StreamEvent } from '../kernel/stream-event.ts';
import { createAnswerEvents } from './answer-events.ts';
import type { AnswerSource } from './answer-events.ts';
import type { Transform } from './transform.ts';

export interface StreamTransformInput extends AnswerSource {
  readonly encoder: StreamEncoder;
  /** True once something has gone to the client: a failure is then told inside the stream. */
  readonly committed: () => boolean;
  /** What the client reads of a failure in the middle of the answer. */
  readonly lateWords: (error: GatewayError) => GatewayError;
}

/**
 * The translate lane towards a client that wants a stream: what one chunk brings goes out as one piece of text. A start
 * alone is held until something follows it: some services open every stream with one and refuse the request after it,
 * and a refusal is better told as a status.
 */
export function createStreamTransform(input: StreamTransformInput): Transform {
  const { encoder, committed } = input;
  let text = '';
  let held: StreamEvent[] = [];
  let failure: GatewayError | undefined;
  const events = createAnswerEvents(input, (event) => {
    const nothingSaid = text === '' && !committed();
    if (event.type === 'error' && nothingSaid) failure = event.error;
    else if (isPrelude(event) && nothingSaid) held.push(event);
    else {
      for (const earlier of held) text += encoder.push(earlier);
      held = [];
      text += encoder.push(
        event.type === 'error' ? { ...event, error: input.lateWords(event.error) } : event,
      );
    }
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
    paused: events.paused,
    next: events.next,
  };
}

/** What says nothing of the answer itself. */
const isPrelude = ({ type }: StreamEvent): boolean => type === 'reply-start' || type === 'usage';
