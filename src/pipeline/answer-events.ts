import type { DecodeContext, UpstreamCodec } from '../kernel/codec.ts';
import { createStopFilter } from '../kernel/stop-filter.ts';
import type { Emit, StreamEvent } from '../kernel/stream-event.ts';
import { createBodyDecoder } from './body-decoder.ts';
import type { BodyDecoder, BodyForm } from './body-decoder.ts';

/** How the bytes of one answer are to be understood. */
export interface AnswerSource {
  readonly form: BodyForm;
  readonly upstream: UpstreamCodec;
  readonly context: DecodeContext;
  /** Stop sequences that the upstream was not told; mostly none. */
  readonly stops: readonly string[];
  /** Sees every event before it is written. */
  readonly observe: (event: StreamEvent) => void;
}

/** A decoder that may end the answer before its upstream does. */
export interface AnswerEvents extends BodyDecoder {
  /** True when what the upstream still says is not wanted. */
  readonly cutShort: () => boolean;
}

/** The events of one answer, as its client is meant to see them. */
export function createAnswerEvents(source: AnswerSource, emit: Emit): AnswerEvents {
  const tell: Emit = (event) => {
    source.observe(event);
    emit(event);
  };
  const filter = source.stops.length === 0 ? undefined : createStopFilter(source.stops, tell);
  const decoder = createBodyDecoder(source.form, source.upstream, source.context, filter?.push ?? tell);
  const cutShort = filter?.stopped ?? (() => false);
  return { push: decoder.push, end: decoder.end, done: () => cutShort() || decoder.done(), cutShort };
}
