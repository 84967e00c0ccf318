import { assertNever } from '../../kernel/assert-never.ts';
import type { AnswerContext, StreamEncoder } from '../../kernel/codec.ts';
import type { Annotation, OpaqueState } from '../../kernel/conversation.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { NO_USAGE } from '../../kernel/reply.ts';
import type { Stop, TokenLogprob, Usage } from '../../kernel/reply.ts';
import type { BlockHead, ReasoningDelta, ReplyStart } from '../../kernel/stream-event.ts';
import { encodeAnnotation } from './annotations.ts';
import { callArguments, callStart, completionId, createChunkWriter, createdSeconds } from './chunk-text.ts';
import type { ChunkWriter } from './chunk-text.ts';
import { encodeStreamError } from './errors.ts';
import { encodeLogprobs, wantsLogprobs } from './logprobs.ts';
import { encodeDetails } from './reasoning-details.ts';
import { PASSAGE_GAP } from './reasoning-text.ts';
import { gapBefore } from './text-phase.ts';
import { encodeStop } from './stop-reason.ts';
import { encodeUsage } from './usage.ts';

type OpenBlock = TextBlock | ReasoningBlock | CallBlock | { readonly kind: 'refusal' | 'hosted' };

interface TextBlock {
  readonly kind: 'text';
  readonly phase: string | undefined;
  /** Where the block begins within the message's content. */
  start: number;
  length: number;
  readonly annotations: Annotation[];
}
interface ReasoningBlock {
  readonly kind: 'reasoning';
  form: ReasoningDelta['form'] | undefined;
  part: number;
  /** The block's own text as it was told, which its state belongs to. */
  text: string;
  opaque: OpaqueState | undefined;
}
interface CallBlock {
  readonly kind: 'tool-call';
  readonly position: number;
  readonly callKind: 'function' | 'custom';
  empty: boolean;
}

/** What has been told of one answer so far. */
interface Progress {
  readonly context: AnswerContext;
  writer: ChunkWriter;
  readonly blocks: Map<number, OpenBlock>;
  textLength: number;
  /** That of the text so far, of its last block. */
  phase: string | undefined;
  callCount: number;
  reasoned: boolean;
  refused: boolean;
  usage: Usage | undefined;
}

/**
 * Writes chunks. Calls may overlap, for a client tells them apart by their index, which counts calls and not blocks;
 * everything else goes out in the order of its events.
 */
export function createStreamEncoder(context: AnswerContext): StreamEncoder {
  const usageAsked = context.request?.wantUsageChunk === true;
  const begin = ({ id, createdAt }: ReplyStart): ChunkWriter =>
    createChunkWriter(
      completionId(id, context),
      createdSeconds(createdAt, context),
      context.model,
      usageAsked,
    );
  const progress: Progress = {
    context,
    writer: createChunkWriter('', 0, context.model, usageAsked), // until the start names the answer
    blocks: new Map(),
    textLength: 0,
    phase: undefined,
    callCount: 0,
    reasoned: false,
    refused: false,
    usage: undefined,
  };

  const push: StreamEncoder['push'] = (event) => {
    switch (event.type) {
      case 'reply-start':
        progress.writer = begin(event);
        progress.usage = event.usage;
        return progress.writer.chunk('{"role":"assistant","content":""}');
      case 'block-start':
        return open(progress, event.index, event.block);
      case 'block-delta':
        return grow(progress, event.index, event.text);
      case 'reasoning-delta':
        return reason(progress, event);
      case 'opaque':
        return keep(progress, event.index, event.opaque);
      case 'annotation':
        return cite(progress, event.index, event.annotation);
      case 'logprobs':
        return weigh(progress, event.index, event.tokens);
      case 'block-end':
        return close(progress, event.index);
      case 'usage':
        progress.usage = event.usage;
        return '';
      case 'reply-end':
        return finish(progress, event.stop);
      case 'error':
        return encodeStreamError(event.error);
      default:
        return assertNever(event, 'event');
    }
  };
  return { push };
}

function open(progress: Progress, index: number, head: BlockHead): string {
  switch (head.kind) {
    case 'text':
      progress.blocks.set(index, {
        kind: 'text',
        phase: head.phase,
        start: progress.textLength,
        length: 0,
        annotations: [],
      });
      return '';
    case 'reasoning':
      progress.blocks.set(index, {
        kind: 'reasoning',
        form: undefined,
        part: 0,
        text: '',
        opaque: undefined,
      });
      return '';
    case 'tool-call': {
      const position = progress.callCount++;
      progress.blocks.set(index, {
        kind: 'tool-call',
        position,
        callKind: head.callKind,
        empty: true,
      });
      return progress.writer.chunk(callStart(position, head, progress.context.native));
    }
    case 'refusal':
    case 'hosted': // ran at the upstream; this dialect has no place for it
      progress.blocks.set(index, { kind: head.kind });
      return '';
    default:
      return assertNever(head, 'block');
  }
}

function grow(progress: Progress, index: number, text: string): string {
  if (text === '') return '';
  const block = progress.blocks.get(index);
  switch (block?.kind) {
    case 'text':
      return growText(progress, block, text);
    case 'refusal':
      progress.refused = true;
      return progress.writer.chunk(`{"refusal":${JSON.stringify(text)}}`);
    case 'tool-call':
      block.empty = false;
      return progress.writer.chunk(callArguments(block.position, block.callKind, text));
    default: // other blocks have no text of their own
      return '';
  }
}

function growText(progress: Progress, block: TextBlock, text: string): string {
  const gap = gapBefore(progress.textLength > 0, progress.phase, block.phase);
  if (block.length === 0) block.start = progress.textLength + gap.length;
  progress.phase = block.phase;
  block.length += text.length;
  progress.textLength += gap.length + text.length;
  return progress.writer.chunk(`{"content":${JSON.stringify(gap + text)}}`);
}

/** Of a block that tells both its own words and a summary, the form that came first is shown. */
function reason(progress: Progress, { index, form, part, text }: ReasoningDelta): string {
  const block = progress.blocks.get(index);
  if (block?.kind !== 'reasoning' || text === '' || (block.form ?? form) !== form) return '';
  const gap = block.form === undefined || block.part === part ? '' : PASSAGE_GAP;
  const lead = block.form === undefined && progress.reasoned ? PASSAGE_GAP : gap;
  block.form = form;
  block.part = part;
  block.text += gap + text;
  progress.reasoned = true;
  return progress.writer.chunk(`{"reasoning_content":${JSON.stringify(lead + text)}}`);
}

/**
 * SDKs overwrite members they do not know instead of joining them, so citations and the states of reasoning wait and
 * go out once, whole.
 */
function cite(progress: Progress, index: number, annotation: Annotation): string {
  const block = progress.blocks.get(index);
  if (block?.kind === 'text') block.annotations.push(annotation);
  return '';
}

function keep(progress: Progress, index: number, opaque: OpaqueState): string {
  const block = progress.blocks.get(index);
  if (block?.kind === 'reasoning') block.opaque = opaque;
  return '';
}

function weigh(
  { blocks, context, writer }: Progress,
  index: number,
  tokens: readonly TokenLogprob[],
): string {
  return blocks.get(index)?.kind === 'text' && wantsLogprobs(context)
    ? writer.logprobsChunk(JSON.stringify(encodeLogprobs(tokens)))
    : '';
}

function close(progress: Progress, index: number): string {
  const block = progress.blocks.get(index);
  return block?.kind === 'tool-call' && block.callKind === 'function' && block.empty
    ? progress.writer.chunk(callArguments(block.position, 'function', '{}'))
    : '';
}

function finish({ writer, blocks, refused, usage, context }: Progress, stop: Stop): string {
  const end = encodeStop(stop, refused);
  const all = [...blocks.values()];
  const details = encodeDetails(
    all.filter((block) => block.kind === 'reasoning'),
    context.native,
  );
  const citations = all.flatMap((block) =>
    block.kind === 'text' ? block.annotations.map((cited) => encodeAnnotation(cited, block)) : [],
  );
  return [
    details.length === 0 ? '' : writer.chunk(`{"reasoning_details":${JSON.stringify(details)}}`),
    citations.length === 0 ? '' : writer.chunk(`{"annotations":${JSON.stringify(citations)}}`),
    end.refusal === undefined ? '' : writer.chunk(`{"refusal":${JSON.stringify(end.refusal)}}`),
    writer.chunk('{}', end.finish),
    context.request?.wantUsageChunk === true ? writer.usageChunk(JSON.stringify(totals(usage, context))) : '',
    'data: [DONE]\n\n',
  ].join('');
}

/** What the upstream counted, else what can be guessed of the input. */
const totals = (usage: Usage | undefined, { estimatedInput }: AnswerContext): JsonObject =>
  encodeUsage(usage ?? { ...NO_USAGE, inputTokens: estimatedInput });
