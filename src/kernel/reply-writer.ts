import type { BlockEvent } from './block-queue.ts';
import type { Annotation, OpaqueState } from './conversation.ts';
import type { GatewayError } from './gateway-error.ts';
import type { JsonObject } from './json.ts';
import type { Stop, TokenLogprob, Usage } from './reply.ts';
import type { BlockHead, Emit, ReplyStart } from './stream-event.ts';

/**
 * Keeps a decoder inside the event grammar: one start, deltas only inside open blocks, every block closed before the
 * one end, silence afterwards. Calls that would break it do nothing.
 */
export interface ReplyWriter {
  /** The first call counts. */
  readonly begin: (start: Omit<ReplyStart, 'type'>) => void;
  /** Opens the next block and returns its index. */
  readonly open: (block: BlockHead) => number;
  readonly text: (index: number, text: string) => void;
  readonly reasoning: (index: number, text: string, form?: 'raw' | 'summary', part?: number) => void;
  readonly opaque: (index: number, opaque: OpaqueState) => void;
  readonly annotate: (index: number, annotation: Annotation) => void;
  readonly logprobs: (index: number, tokens: readonly TokenLogprob[]) => void;
  readonly close: (index: number) => void;
  /** A snapshot of everything used so far. */
  readonly usage: (usage: Usage) => void;
  /** Closes what is open and ends the answer; `native` is the upstream's own answer object. */
  readonly finish: (stop: Stop, native?: JsonObject) => void;
  /** Ends the answer with a failure. */
  readonly fail: (error: GatewayError) => void;
  readonly begun: () => boolean;
  readonly done: () => boolean;
}

export function createReplyWriter(emit: Emit): ReplyWriter {
  const open = new Set<number>();
  const callIds = new Set<string>();
  let next = 0;
  let begun = false;
  let done = false;

  const begin: ReplyWriter['begin'] = (start) => {
    if (begun || done) return;
    begun = true;
    emit({ type: 'reply-start', ...start });
  };
  const close = (index: number): void => {
    if (!done && open.delete(index)) emit({ type: 'block-end', index });
  };
  const tell = (event: Exclude<BlockEvent, { readonly type: 'block-start' | 'block-end' }>): void => {
    if (!done && open.has(event.index)) emit(event);
  };

  return {
    begin,
    open: (block) => {
      const index = next++;
      if (done) return index;
      begin({ id: '', model: '' });
      open.add(index);
      emit({ type: 'block-start', index, block: withNewId(block, callIds) });
      return index;
    },
    text: (index, text) => {
      if (text !== '') tell({ type: 'block-delta', index, text });
    },
    reasoning: (index, text, form = 'raw', part = 0) => {
      if (text !== '') tell({ type: 'reasoning-delta', index, form, part, text });
    },
    opaque: (index, opaque) => tell({ type: 'opaque', index, opaque }),
    annotate: (index, annotation) => tell({ type: 'annotation', index, annotation }),
    logprobs: (index, tokens) => {
      if (tokens.length > 0) tell({ type: 'logprobs', index, tokens });
    },
    close,
    usage: (usage) => {
      if (done) return;
      begin({ id: '', model: '' });
      emit({ type: 'usage', usage });
    },
    finish: (stop, native) => {
      if (done) return;
      begin({ id: '', model: '' });
      for (const index of [...open]) close(index);
      done = true;
      emit({ type: 'reply-end', stop, ...(native !== undefined && { native }) });
    },
    fail: (error) => {
      if (done) return;
      done = true;
      emit({ type: 'error', error });
    },
    begun: () => begun,
    done: () => done,
  };
}

/** Some services give two calls one id; a client could not tell their results apart. */
function withNewId(block: BlockHead, taken: Set<string>): BlockHead {
  if (block.kind !== 'tool-call') return block;
  let id = block.id;
  for (let copy = 2; taken.has(id); copy++) id = `${block.id}_${copy}`;
  taken.add(id);
  return id === block.id ? block : { ...block, id };
}
