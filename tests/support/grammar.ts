import { assertNever } from '../../src/kernel/assert-never.ts';
import type { BlockHead, StreamEvent } from '../../src/kernel/stream-event.ts';

type Kind = BlockHead['kind'];

const KINDS_OF: Readonly<
  Record<'block-delta' | 'reasoning-delta' | 'opaque' | 'annotation' | 'logprobs', readonly Kind[]>
> = {
  'block-delta': ['text', 'refusal', 'tool-call'],
  'reasoning-delta': ['reasoning'],
  opaque: ['reasoning'],
  annotation: ['text'],
  logprobs: ['text'],
};

interface Progress {
  begun: boolean;
  ended: boolean;
  /** The kind of every block so far, and whether it is still open. */
  readonly blocks: { readonly kind: Kind; open: boolean }[];
}

/** What breaks the grammar of stream events first (`event 3, block-delta: …`), or `undefined` when nothing does. */
export function findGrammarFault(events: readonly StreamEvent[]): string | undefined {
  const progress: Progress = { begun: false, ended: false, blocks: [] };
  for (const [position, event] of events.entries()) {
    const fault = step(progress, event);
    if (fault !== undefined) return `event ${position}, ${event.type}: ${fault}`;
  }
  return progress.ended ? undefined : 'the events stop without an end';
}

/** Takes one event in; tells what is wrong with it. */
function step(progress: Progress, event: StreamEvent): string | undefined {
  if (progress.ended) return 'comes after the end';
  if (event.type === 'error') {
    progress.ended = true;
    return undefined;
  }
  if (event.type === 'reply-start') {
    if (progress.begun) return 'is the second start';
    progress.begun = true;
    return undefined;
  }
  if (!progress.begun) return 'comes before the start';
  return stepInside(progress, event);
}

type InnerEvent = Exclude<StreamEvent, { readonly type: 'error' | 'reply-start' }>;

function stepInside(progress: Progress, event: InnerEvent): string | undefined {
  const { blocks } = progress;
  switch (event.type) {
    case 'usage':
      return undefined;
    case 'reply-end':
      progress.ended = true;
      return blocks.some(({ open }) => open) ? 'leaves a block open' : undefined;
    case 'block-start':
      if (event.index !== blocks.length) return `has index ${event.index}, not ${blocks.length}`;
      blocks.push({ kind: event.block.kind, open: true });
      return undefined;
    case 'block-end':
      return endBlock(blocks[event.index]);
    case 'block-delta':
    case 'reasoning-delta':
    case 'opaque':
    case 'annotation':
    case 'logprobs': {
      const block = blocks[event.index];
      if (block?.open !== true) return `is outside of block ${event.index}`;
      return KINDS_OF[event.type].includes(block.kind) ? undefined : `has no place in a ${block.kind} block`;
    }
    default:
      return assertNever(event, 'event');
  }
}

function endBlock(block: Progress['blocks'][number] | undefined): string | undefined {
  if (block?.open !== true) return 'ends no open block';
  block.open = false;
  return undefined;
}
