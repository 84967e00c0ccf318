import type { Edit } from '../kernel/edit.ts';
import { NO_USAGE } from '../kernel/reply.ts';
import type { Stop, Usage } from '../kernel/reply.ts';
import type { Emit, ErrorEvent, ReplyStart } from '../kernel/stream-event.ts';

/** Makes one answer of an answer that an upstream breaks off, or fumbles before its first word, and gives when asked again. */
export interface HopJoiner {
  readonly push: Emit;
  /** The edits under which the upstream goes on; `undefined` while it speaks and when it is done. */
  readonly paused: () => readonly Edit[] | undefined;
  /** The upstream goes on: what follows is the next piece of the same answer. */
  readonly next: () => void;
}

const MAX_HOPS = 5;

/** Later pieces lose their start, their blocks are counted on, and usage is summed up. */
export function createHopJoiner(emit: Emit): HopJoiner {
  let hops = 0;
  let firstIndex = 0;
  let nextIndex = 0;
  let before = NO_USAGE;
  let current: Usage | undefined;
  let pause: readonly Edit[] | undefined;
  let called = false;

  const count = (usage: Usage): void => {
    current = usage;
    emit({ type: 'usage', usage: add(before, usage) });
  };
  const begin = (event: ReplyStart): void => {
    if (hops > 0) {
      if (event.usage !== undefined) count(event.usage);
      return;
    }
    current = event.usage;
    emit(event);
  };
  const push: Emit = (event) => {
    switch (event.type) {
      case 'reply-start':
        begin(event);
        break;
      case 'usage':
        count(event.usage);
        break;
      case 'reply-end':
        if (event.stop.resume !== undefined && hops < MAX_HOPS) pause = event.stop.resume;
        else emit({ type: 'reply-end', stop: withCalls(event.stop, called && hops > 0) });
        break;
      case 'error':
        if (hops === 0 && isFalseStart(event, nextIndex)) pause = [];
        else emit(event);
        break;
      default:
        if (event.type === 'block-start') {
          nextIndex = firstIndex + event.index + 1;
          called ||= event.block.kind === 'tool-call';
        }
        emit({ ...event, index: firstIndex + event.index });
    }
  };
  return {
    push,
    paused: () => pause,
    next: () => {
      hops++;
      firstIndex = nextIndex;
      before = add(before, current ?? NO_USAGE);
      current = undefined;
      pause = undefined;
    },
  };
}

/** A slip that may be repeated: the client has heard nothing of the answer yet. */
const isFalseStart = ({ error }: ErrorEvent, told: number): boolean =>
  error.details.mayRepeat === true && told === 0;

/** The last piece may know nothing of calls in the pieces before it. */
const withCalls = (stop: Stop, called: boolean): Stop =>
  called && stop.reason === 'stop' ? { ...stop, reason: 'tool-calls' } : stop;

const add = (a: Usage, b: Usage): Usage => ({
  inputTokens: a.inputTokens + b.inputTokens,
  cacheReadTokens: a.cacheReadTokens + b.cacheReadTokens,
  cacheWriteTokens: a.cacheWriteTokens + b.cacheWriteTokens,
  outputTokens: a.outputTokens + b.outputTokens,
  reasoningTokens: a.reasoningTokens + b.reasoningTokens,
});
