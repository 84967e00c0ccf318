import { createBlockWriter } from './encode-block.ts';
import type { BlockEvent, BlockWriter } from './encode-block.ts';

/** Puts blocks that overlap one after the other: this dialect has one block open at a time. */
export interface BlockQueue {
  /** The wire text that this event sets free, perhaps none. */
  readonly push: (event: BlockEvent) => string;
}

/** The block that started first streams live; the others wait whole, in the order of their starts. */
export function createBlockQueue(): BlockQueue {
  const waiting = new Map<number, BlockEvent[]>();
  let live: { readonly index: number; readonly writer: BlockWriter } | undefined;
  let nextIndex = 0;

  const takeIndex = (): number => nextIndex++;
  const write = (event: BlockEvent): string => {
    if (event.type === 'block-start') {
      live = { index: event.index, writer: createBlockWriter(event.block, takeIndex) };
      return live.writer.start();
    }
    const text = live?.writer.push(event) ?? '';
    if (event.type === 'block-end') live = undefined;
    return text;
  };
  const release = (): string => {
    let text = '';
    for (const [index, events] of waiting) {
      waiting.delete(index);
      for (const event of events) text += write(event);
      if (live !== undefined) break;
    }
    return text;
  };

  return {
    push: (event) => {
      if (live === undefined || live.index === event.index) {
        const text = write(event);
        return event.type === 'block-end' ? text + release() : text;
      }
      if (event.type === 'block-start') waiting.set(event.index, []);
      waiting.get(event.index)?.push(event);
      return '';
    },
  };
}
