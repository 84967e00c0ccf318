import type { DecodeContext, StreamEncoder, UpstreamCodec } from '../kernel/codec.ts';
import type { GatewayError } from '../kernel/gateway-error.ts';
import type { StreamEvent } from '../kernel/stream-event.ts';
import { createBodyDecoder } from './body-decoder.ts';
import type { BodyForm } from './body-decoder.ts';
import type { Transform } from './transform.ts';

export interface StreamTransformInput {
  readonly form: BodyForm;
  readonly upstream: UpstreamCodec;
  readonly context: DecodeContext;
  readonly encoder: StreamEncoder;
  readonly observe: (event: StreamEvent) => void;
  /** True once something has gone to the client: a failure is then told inside the stream. */
  readonly committed: () => boolean;
}

/** The translate lane towards a client that wants a stream: what one chunk brings goes out as one piece of text. */
export function createStreamTransform(input: StreamTransformInput): Transform {
  const { encoder, observe, committed } = input;
  let text = '';
  let failure: GatewayError | undefined;
  const decoder = createBodyDecoder(input.form, input.upstream, input.context, (event) => {
    observe(event);
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
      decoder.push(chunk);
      return take();
    },
    end: () => {
      decoder.end();
      return take();
    },
    done: decoder.done,
  };
}
