import { assertNever } from './assert-never.ts';
import type { Block, Reply } from './reply.ts';
import type { BlockHead, Emit } from './stream-event.ts';

/** Tells a whole answer as a stream of events; `collectReply` gives the same answer back. */
export function replayReply(reply: Reply, emit: Emit): void {
  const { id, model, createdAt, usage, native } = reply;
  emit({ type: 'reply-start', id, model, ...(createdAt !== undefined && { createdAt }) });
  reply.blocks.forEach((block, index) => {
    emit({ type: 'block-start', index, block: headOf(block) });
    replayContent(block, index, emit);
    emit({ type: 'block-end', index });
  });
  if (usage !== undefined) emit({ type: 'usage', usage });
  emit({ type: 'reply-end', stop: reply.stop, ...(native !== undefined && { native }) });
}

function headOf(block: Block): BlockHead {
  switch (block.kind) {
    case 'text':
      return { kind: 'text', ...(block.phase !== undefined && { phase: block.phase }) };
    case 'tool-call': {
      const { kind, id, callKind, name, namespace, opaque } = block;
      return {
        ...{ kind, id, callKind, name },
        ...(namespace !== undefined && { namespace }),
        ...(opaque !== undefined && { opaque }),
      };
    }
    case 'refusal':
    case 'reasoning':
      return { kind: block.kind };
    case 'hosted':
      return block;
    default:
      return assertNever(block, 'block');
  }
}

function replayContent(block: Block, index: number, emit: Emit): void {
  switch (block.kind) {
    case 'text':
      replayText(block.text, index, emit);
      for (const annotation of block.annotations) emit({ type: 'annotation', index, annotation });
      if (block.logprobs !== undefined) emit({ type: 'logprobs', index, tokens: block.logprobs });
      break;
    case 'refusal':
      replayText(block.text, index, emit);
      break;
    case 'tool-call':
      replayText(block.args, index, emit);
      break;
    case 'reasoning':
      replayReasoning(block, index, emit);
      break;
    case 'hosted':
      break;
    default:
      assertNever(block, 'block');
  }
}

function replayText(text: string, index: number, emit: Emit): void {
  if (text !== '') emit({ type: 'block-delta', index, text });
}

function replayReasoning(block: Extract<Block, { kind: 'reasoning' }>, index: number, emit: Emit): void {
  block.summary.forEach((text, part) =>
    emit({ type: 'reasoning-delta', index, form: 'summary', part, text }),
  );
  if (block.raw !== '') emit({ type: 'reasoning-delta', index, form: 'raw', part: 0, text: block.raw });
  if (block.opaque !== undefined) emit({ type: 'opaque', index, opaque: block.opaque });
}
