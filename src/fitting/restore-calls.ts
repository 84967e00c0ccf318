import { findJson, findObject, findString } from '../kernel/json.ts';
import type { BlockHead, Emit } from '../kernel/stream-event.ts';

/** A tool as its client knows it. */
export interface RestoredTool {
  readonly name: string;
  readonly namespace?: string;
  readonly callKind: 'function' | 'custom';
}

type CallHead = Extract<BlockHead, { readonly kind: 'tool-call' }>;

/**
 * Turns calls back into the client's form: its names and namespaces, and free text for the tools that were wrapped as
 * functions. That text is told when it is whole, for it comes inside of JSON.
 */
export function createCallRestorer(tools: ReadonlyMap<string, RestoredTool>, emit: Emit): Emit {
  const wrapped = new Map<number, string>(); // arguments so far, by block
  const start = (index: number, head: CallHead, tool: RestoredTool): void => {
    if (tool.callKind === 'custom' && head.callKind === 'function') wrapped.set(index, '');
    emit({ type: 'block-start', index, block: { ...head, ...tool } });
  };
  return (event) => {
    if (event.type === 'block-start') {
      const tool = event.block.kind === 'tool-call' ? tools.get(event.block.name) : undefined;
      if (tool !== undefined && event.block.kind === 'tool-call') {
        start(event.index, event.block, tool);
        return;
      }
    } else if (event.type === 'block-delta' && wrapped.has(event.index)) {
      wrapped.set(event.index, `${wrapped.get(event.index) ?? ''}${event.text}`);
      return;
    } else if (event.type === 'block-end') {
      const args = wrapped.get(event.index);
      wrapped.delete(event.index);
      const text = args === undefined ? '' : unwrapInput(args);
      if (text !== '') emit({ type: 'block-delta', index: event.index, text });
    }
    emit(event);
  };
}

/** The arguments of a function that stands for a tool of free text. */
export const wrapInput = (text: string): string => JSON.stringify({ input: text });

/** The free text in such arguments, or in whatever the model made of the form: a bare string, plain text, nothing. */
export function unwrapInput(args: string): string {
  const json = findJson(args);
  const text = findString(findObject(json)?.['input']) ?? findString(json);
  if (text !== undefined) return text;
  return args.trim() === '{}' ? '' : args;
}
