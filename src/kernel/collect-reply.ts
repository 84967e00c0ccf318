import { assertNever } from './assert-never.ts';
import type { Annotation, OpaqueState } from './conversation.ts';
import { GatewayError } from './gateway-error.ts';
import type { Block, Reply, TokenLogprob, Usage } from './reply.ts';
import type { BlockHead, Emit, ReplyEnd, ReplyStart, StreamEvent } from './stream-event.ts';

const MAX_SUMMARY_PARTS = 1024;

interface OpenBlock {
  readonly head: BlockHead;
  text: string;
  readonly summary: string[];
  readonly annotations: Annotation[];
  readonly logprobs: TokenLogprob[];
  opaque: OpaqueState | undefined;
}

/** Folds the events of one answer into a {@link Reply}. */
export interface ReplyCollector {
  readonly push: Emit;
  /**
   * The whole answer.
   *
   * @throws the error that ended the stream; `stream-cut` when it never ended.
   */
  readonly finish: () => Reply;
}

export function createReplyCollector(): ReplyCollector {
  const blocks: OpenBlock[] = [];
  let start: ReplyStart | undefined;
  let end: ReplyEnd | undefined;
  let usage: Usage | undefined;
  let failure: GatewayError | undefined;

  const push: Emit = (event) => {
    switch (event.type) {
      case 'reply-start':
        start = event;
        usage = event.usage;
        break;
      case 'block-start':
        blocks[event.index] = openBlock(event.block);
        break;
      case 'usage':
        usage = event.usage;
        break;
      case 'reply-end':
        end = event;
        break;
      case 'error':
        failure = event.error;
        break;
      default:
        grow(blocks[event.index], event);
    }
  };

  const finish = (): Reply => {
    if (failure !== undefined) throw failure;
    if (start === undefined || end === undefined) {
      throw new GatewayError('stream-cut', 'the upstream closed the stream before the answer was complete');
    }
    return {
      id: start.id,
      model: start.model,
      ...(start.createdAt !== undefined && { createdAt: start.createdAt }),
      blocks: blocks.filter((block) => block as OpenBlock | undefined).map(closeBlock),
      stop: end.stop,
      ...(usage !== undefined && { usage }),
      ...(end.native !== undefined && { native: end.native }),
    };
  };

  return { push, finish };
}

/** Folds a finished list of events; throws as {@link ReplyCollector.finish} does. */
export function collectReply(events: Iterable<StreamEvent>): Reply {
  const collector = createReplyCollector();
  for (const event of events) collector.push(event);
  return collector.finish();
}

const openBlock = (head: BlockHead): OpenBlock => ({
  head,
  text: '',
  summary: [],
  annotations: [],
  logprobs: [],
  opaque: undefined,
});

type InnerEvent = Exclude<
  StreamEvent,
  { readonly type: 'reply-start' | 'block-start' | 'usage' | 'reply-end' | 'error' }
>;

function grow(block: OpenBlock | undefined, event: InnerEvent): void {
  if (block === undefined) return;
  switch (event.type) {
    case 'block-delta':
      block.text += event.text;
      break;
    case 'reasoning-delta':
      if (event.form === 'raw') block.text += event.text;
      else growSummary(block.summary, event.part, event.text);
      break;
    case 'opaque':
      block.opaque = event.opaque;
      break;
    case 'annotation':
      block.annotations.push(event.annotation);
      break;
    case 'logprobs':
      for (const token of event.tokens) block.logprobs.push(token);
      break;
    case 'block-end':
      break;
    default:
      assertNever(event, 'event');
  }
}

/** Part numbers come from the upstream: an absurd one must not become a list that fills the memory. */
function growSummary(summary: string[], part: number, text: string): void {
  const index = Math.min(Math.max(0, Math.trunc(part)), MAX_SUMMARY_PARTS - 1);
  summary[index] = (summary[index] ?? '') + text;
}

function closeBlock({ head, text, summary, annotations, logprobs, opaque }: OpenBlock): Block {
  switch (head.kind) {
    case 'text':
      return { ...head, text, annotations, ...(logprobs.length > 0 && { logprobs }) };
    case 'refusal':
      return { ...head, text };
    case 'reasoning':
      return {
        ...head,
        raw: text,
        summary: Array.from(summary, (part: string | undefined) => part ?? ''),
        ...(opaque !== undefined && { opaque }),
      };
    case 'tool-call':
      return { ...head, args: text };
    case 'hosted':
      return head;
    default:
      return assertNever(head, 'block');
  }
}
