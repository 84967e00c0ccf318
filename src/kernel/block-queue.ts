import type { StreamEvent } from './stream-event.ts';

/** An event that belongs to one block. */
export type BlockEvent = Extract<StreamEvent, { readonly index: number }>;

/**
 * Puts blocks that overlap one after the other: the one that started first passes through at once, the others wait
 * in the order of their starts. For dialects whose readers track a single open block.
 */
export function createBlockQueue(write: (event: BlockEvent) => void): (event: BlockEvent) => void {
  const waiting = new Map<number, BlockEvent[]>();
  let live: number | undefined;

  const pass = (event: BlockEvent): void => {
    live = event.type === 'block-end' ? undefined : event.index;
    write(event);
  };
  const release = (): void => {
    for (const [index, events] of waiting) {
      if (live !== undefined) return;
      waiting.delete(index);
      events.forEach(pass);
    }
  };

  return (event) => {
    if (event.index === live || (live === undefined && event.type === 'block-start')) {
      pass(event);
      if (event.type === 'block-end') release();
      return;
    }
    if (event.type === 'block-start') waiting.set(event.index, []);
    waiting.get(event.index)?.push(event);
  };
}
