import type { Emit, StreamEvent } from './stream-event.ts';

/** Watches an answer for stop sequences that its upstream does not know. */
export interface StopFilter {
  readonly push: Emit;
  /** True once a sequence was met: the answer has been ended, and what the upstream still says is not passed on. */
  readonly stopped: () => boolean;
}

/**
 * Ends the answer in front of the first stop sequence in its text, as an upstream would that knows them. Text that may
 * be the beginning of one is held back until it is clear; reasoning and tool calls are not searched.
 */
export function createStopFilter(sequences: readonly string[], emit: Emit): StopFilter {
  const open = new Set<number>();
  const held = new Map<number, string>(); // by text block
  let stopped = false;

  const tell = (index: number, text: string): void => {
    if (text !== '') emit({ type: 'block-delta', index, text });
  };
  const close = (index: number): void => {
    open.delete(index);
    emit({ type: 'block-end', index });
  };
  const search = (index: number, text: string): void => {
    const match = firstMatch(text, sequences);
    if (match === undefined) {
      const keep = heldLength(text, sequences);
      held.set(index, text.slice(text.length - keep));
      tell(index, text.slice(0, text.length - keep));
      return;
    }
    tell(index, text.slice(0, match.at));
    stopped = true;
    for (const block of [...open]) close(block);
    emit({ type: 'reply-end', stop: { reason: 'stop-sequence', sequence: match.sequence } });
  };
  const watch = (event: StreamEvent): void => {
    if (event.type === 'block-start') {
      open.add(event.index);
      if (event.block.kind === 'text') held.set(event.index, '');
    } else if (event.type === 'block-end') {
      tell(event.index, held.get(event.index) ?? '');
      held.delete(event.index);
      close(event.index);
      return;
    }
    emit(event);
  };

  return {
    push: (event) => {
      if (stopped) return;
      const before = event.type === 'block-delta' ? held.get(event.index) : undefined;
      if (event.type === 'block-delta' && before !== undefined) search(event.index, before + event.text);
      else watch(event);
    },
    stopped: () => stopped,
  };
}

/** The sequence that is met first; of several at one place the longest. */
function firstMatch(
  text: string,
  sequences: readonly string[],
): { at: number; sequence: string } | undefined {
  let best: { at: number; sequence: string } | undefined;
  for (const sequence of sequences) {
    const at = text.indexOf(sequence);
    if (at < 0 || sequence === '') continue;
    const better =
      best === undefined || at < best.at || (at === best.at && sequence.length > best.sequence.length);
    if (better) best = { at, sequence };
  }
  return best;
}

/** How many characters at the end of `text` may be the beginning of a sequence. */
function heldLength(text: string, sequences: readonly string[]): number {
  let longest = 0;
  for (const sequence of sequences) {
    const most = Math.min(sequence.length - 1, text.length);
    for (let length = most; length > longest; length--) {
      if (text.endsWith(sequence.slice(0, length))) longest = length;
    }
  }
  return longest;
}
