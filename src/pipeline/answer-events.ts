import type { DecodeContext, UpstreamCodec } from '../kernel/codec.ts';
import type { Edit } from '../kernel/edit.ts';
import { createStopFilter } from '../kernel/stop-filter.ts';
import type { Emit, StreamEvent } from '../kernel/stream-event.ts';
import { createCallRestorer } from '../fitting/restore-calls.ts';
import type { RestoredTool } from '../fitting/restore-calls.ts';
import { createBodyDecoder } from './body-decoder.ts';
import type { BodyDecoder, BodyForm } from './body-decoder.ts';
import { createHopJoiner } from './join-hops.ts';

/** How the bytes of one answer are to be understood. */
export interface AnswerSource {
  readonly form: BodyForm;
  readonly upstream: UpstreamCodec;
  readonly context: DecodeContext;
  /** Tools whose calls have to be turned back into the client's form; mostly none. */
  readonly restored: ReadonlyMap<string, RestoredTool>;
  /** Stop sequences that the upstream was not told; mostly none. */
  readonly stops: readonly string[];
  /** Sees every event before it is written: gives the one to write, and may put others in front of it. */
  readonly observe: (event: StreamEvent, emit: Emit) => StreamEvent;
}

/** A decoder that may end the answer before its upstream does, or have it continued in another response. */
export interface AnswerEvents extends BodyDecoder {
  /** True when what the upstream still says is not wanted. */
  readonly cutShort: () => boolean;
  /** The edits to the request under which the upstream goes on with an answer that it broke off. */
  readonly paused: () => readonly Edit[] | undefined;
  /** From now on reads the response in which the answer goes on. */
  readonly next: () => void;
}

/** The events of one answer, as its client is meant to see them. */
export function createAnswerEvents(source: AnswerSource, emit: Emit): AnswerEvents {
  const { form, upstream, context, restored, stops, observe } = source;
  const tell: Emit = (event) => emit(observe(event, emit));
  const filter = stops.length === 0 ? undefined : createStopFilter(stops, tell);
  const filtered = filter?.push ?? tell;
  const restoring = restored.size === 0 ? filtered : createCallRestorer(restored, filtered);
  const joiner = upstream.resumes === true ? createHopJoiner(restoring) : undefined;
  const start = (): BodyDecoder => createBodyDecoder(form, upstream, context, joiner?.push ?? restoring);

  let decoder = start();
  const cutShort = filter?.stopped ?? (() => false);
  return {
    push: (chunk) => decoder.push(chunk),
    end: () => decoder.end(),
    done: () => cutShort() || decoder.done(),
    cutShort,
    paused: () => (cutShort() ? undefined : joiner?.paused()),
    next: () => {
      joiner?.next();
      decoder = start();
    },
  };
}
