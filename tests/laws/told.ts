import type { ProtocolId } from '../../src/kernel/conversation.ts';
import type { Block, Reply, StopReason, Usage } from '../../src/kernel/reply.ts';
import type { BlockHead, StreamEvent } from '../../src/kernel/stream-event.ts';
import { collectReply } from '../../src/kernel/collect-reply.ts';

/** What a client has of an answer; everything else the dialects have different places for, or none. */
export interface Told {
  readonly text: string;
  readonly refusal: string;
  /** Without line ends: where passages of reasoning are apart is each dialect's own. */
  readonly reasoning: string;
  readonly calls: readonly {
    readonly kind: string;
    readonly id: string;
    readonly name: string;
    readonly args: string;
  }[];
  readonly stop: StopReason;
  readonly usage: Usage | undefined;
}

type CallHead = Extract<BlockHead, { readonly kind: 'tool-call' }>;

/** What a reply that was read back holds. */
export function toldBy({ blocks, stop, usage }: Reply): Told {
  const textOf = (kind: 'text' | 'refusal'): string =>
    blocks.map((block) => (block.kind === kind ? block.text : '')).join('');
  return {
    text: textOf('text'),
    refusal: textOf('refusal'),
    reasoning: withoutLines(blocks.map(readable).join('')),
    calls: blocks.flatMap((block) =>
      block.kind === 'tool-call' ? [{ ...callOf(block), args: block.args }] : [],
    ),
    stop: stop.reason,
    usage,
  };
}

const readable = (block: Block): string =>
  block.kind === 'reasoning' ? block.summary.join('') || block.raw : '';
const withoutLines = (text: string): string => text.replaceAll('\n', '');

/** What of these events a client of this dialect is to hear. */
export function toldTo(protocol: ProtocolId, events: readonly StreamEvent[]): Told {
  const reply = collectReply(events);
  const inOrder = protocol === 'openai-chat' ? events : byBlock(events);
  const heads = new Map(
    events.flatMap((event) =>
      event.type === 'block-start' ? [[event.index, event.block.kind] as const] : [],
    ),
  );
  const textOf = (...kinds: readonly string[]): string =>
    inOrder
      .map((event) =>
        event.type === 'block-delta' && kinds.includes(heads.get(event.index) ?? '') ? event.text : '',
      )
      .join('');
  const told = {
    ...(protocol === 'anthropic-messages'
      ? { text: textOf('text', 'refusal'), refusal: '' } // it has no form for a refusal but the reason to stop
      : { text: textOf('text'), refusal: textOf('refusal') }),
    ...(protocol === 'openai-chat' && { text: passagesIn(events) }),
    reasoning: withoutLines(thoughtsIn(protocol, inOrder)),
    calls: reply.blocks.flatMap((block) =>
      block.kind === 'tool-call' ? [{ ...callOf(block), args: block.args }] : [],
    ),
  };
  return { ...told, stop: stopTo(protocol, reply.stop.reason, told), usage: usageTo(protocol, reply.usage) };
}

/** Chat Completions has no phases, so it parts text of one from text of another by a blank line. */
function passagesIn(events: readonly StreamEvent[]): string {
  const phases = new Map<number, string>();
  const said = events.flatMap((event) => {
    if (event.type === 'block-start' && event.block.kind === 'text')
      phases.set(event.index, event.block.phase ?? '');
    const phase = event.type === 'block-delta' && event.text !== '' ? phases.get(event.index) : undefined;
    return event.type === 'block-delta' && phase !== undefined ? [{ phase, text: event.text }] : [];
  });
  return said
    .map(({ phase, text }, at) => (at > 0 && said[at - 1]?.phase !== phase ? `\n\n${text}` : text))
    .join('');
}

/** Dialects that tell one block after the other keep the order of their starts. */
const byBlock = (events: readonly StreamEvent[]): readonly StreamEvent[] =>
  events.filter((event) => 'index' in event).toSorted((a, b) => a.index - b.index);

/** Of a block that has both forms, Responses tells both; the others the one that came first. */
function thoughtsIn(protocol: ProtocolId, events: readonly StreamEvent[]): string {
  const forms = new Map<number, string>();
  return events
    .map((event) => {
      if (event.type !== 'reasoning-delta' || event.text === '') return '';
      const form = forms.get(event.index) ?? event.form;
      forms.set(event.index, form);
      return form === event.form || protocol === 'openai-responses' ? event.text : '';
    })
    .join('');
}

const callOf = ({ id, name, namespace, callKind }: CallHead) => ({
  id,
  name: namespace === undefined ? name : `${namespace}__${name}`,
  kind: callKind,
});

/** What it has no word for; an answer that its own service would go on with has no one here who does. */
const MESSAGES_STOP: Partial<Readonly<Record<StopReason, StopReason>>> = {
  'content-filter': 'refusal',
  pause: 'length',
};

const CUT: readonly StopReason[] = ['length', 'context', 'pause'];

function stopTo(
  protocol: ProtocolId,
  reason: StopReason,
  { calls, refusal }: Pick<Told, 'calls' | 'refusal'>,
): StopReason {
  const natural = calls.length > 0 ? 'tool-calls' : refusal === '' ? 'stop' : 'refusal';
  if (protocol === 'anthropic-messages')
    return MESSAGES_STOP[reason] ?? (reason === 'stop' ? natural : reason);
  if (CUT.includes(reason)) return 'length';
  if (reason === 'content-filter') return 'content-filter';
  return reason === 'refusal' && refusal === '' ? 'content-filter' : natural;
}

/** Messages tells what was not cached, so that all of it is at least what was. */
function usageTo(protocol: ProtocolId, usage: Usage | undefined): Usage | undefined {
  if (usage === undefined || protocol !== 'anthropic-messages') return usage;
  const { inputTokens, cacheReadTokens, cacheWriteTokens } = usage;
  return { ...usage, inputTokens: Math.max(inputTokens, cacheReadTokens + cacheWriteTokens) };
}
