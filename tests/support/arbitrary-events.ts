import fc from 'fast-check';
import type { Annotation, OpaqueState } from '../../src/kernel/conversation.ts';
import type { Stop, TokenLogprob, Usage } from '../../src/kernel/reply.ts';
import type { BlockHead, ReplyStart, StreamEvent } from '../../src/kernel/stream-event.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 8 });
const word = fc.stringMatching(/^[a-z]{1,8}$/);
const tokens = fc.nat(1_000_000);

export const opaque: fc.Arbitrary<OpaqueState> = fc.record({
  issuer: word,
  family: word,
  kind: fc.constantFrom('signature', 'redacted', 'encrypted_content', 'thoughtSignature', 'none'),
  data: text,
});

export const annotation: fc.Arbitrary<Annotation> = fc.record(
  { kind: fc.constant('url' as const), url: fc.webUrl(), title: text, start: fc.nat(99), end: fc.nat(99) },
  { requiredKeys: ['kind', 'url'] },
);

const rival = fc.record(
  {
    token: text,
    logprob: fc.double({ min: -50, max: 0, noNaN: true }),
    bytes: fc.array(fc.nat(255), { maxLength: 4 }),
  },
  { requiredKeys: ['token', 'logprob'] },
);

export const logprobs: fc.Arbitrary<readonly TokenLogprob[]> = fc.array(
  fc.tuple(rival, fc.array(rival, { maxLength: 2 })).map(([token, top]) => ({ ...token, top })),
  { maxLength: 3 },
);

export const usage: fc.Arbitrary<Usage> = fc.record({
  inputTokens: tokens,
  cacheReadTokens: tokens,
  cacheWriteTokens: tokens,
  outputTokens: tokens,
  reasoningTokens: tokens,
});

const stop: fc.Arbitrary<Stop> = fc.record(
  {
    reason: fc.constantFrom(
      'stop',
      'stop-sequence',
      'tool-calls',
      'length',
      'context',
      'content-filter',
      'refusal',
      'pause',
    ),
    raw: word,
    sequence: text,
    explanation: text,
  },
  { requiredKeys: ['reason'] },
);

export const head: fc.Arbitrary<BlockHead> = fc.oneof(
  fc.record({ kind: fc.constant('text' as const), phase: word }, { requiredKeys: ['kind'] }),
  fc.record({ kind: fc.constant('refusal' as const) }),
  fc.record({ kind: fc.constant('reasoning' as const) }),
  fc.record(
    {
      kind: fc.constant('tool-call' as const),
      id: word,
      callKind: fc.constantFrom('function', 'custom'),
      name: word,
      namespace: word,
      opaque,
    },
    { requiredKeys: ['kind', 'id', 'callKind', 'name'] },
  ),
  fc.record({
    kind: fc.constant('hosted' as const),
    protocol: fc.constantFrom('openai-responses', 'anthropic-messages'),
    raw: fc.constantFrom({ type: 'web_search_call' }, [1, null]),
  }),
);

const replyStart: fc.Arbitrary<ReplyStart> = fc.record(
  { type: fc.constant('reply-start' as const), id: word, model: word, createdAt: tokens, usage },
  { requiredKeys: ['type', 'id', 'model'] },
);

/** What happens next: a new block, something inside the `pick`-th open block, or a count of tokens. */
const move = fc.record({
  kind: fc.constantFrom('open', 'inside', 'inside', 'inside', 'close', 'usage'),
  pick: fc.nat(7),
  head,
  text,
  form: fc.constantFrom('raw', 'summary'),
  part: fc.nat(3),
  extra: fc.constantFrom(undefined, 'annotation' as const, 'logprobs' as const),
  opaque,
  annotation,
  logprobs,
  usage,
});
type Move = typeof move extends fc.Arbitrary<infer T> ? T : never;

/** Whole streams that keep to the grammar, with blocks that overlap. */
export const grammaticalEvents: fc.Arbitrary<readonly StreamEvent[]> = fc
  .tuple(replyStart, fc.array(move, { maxLength: 30 }), stop)
  .map(([start, moves, reason]) => [start, ...play(moves), { type: 'reply-end', stop: reason }]);

function play(moves: readonly Move[]): StreamEvent[] {
  const events: StreamEvent[] = [];
  const open = new Map<number, BlockHead['kind']>();
  let count = 0;
  for (const next of moves) {
    const [index, kind] = [...open][next.pick % Math.max(1, open.size)] ?? [];
    if (next.kind === 'usage') {
      events.push({ type: 'usage', usage: next.usage });
    } else if (next.kind === 'open') {
      open.set(count, next.head.kind);
      events.push({ type: 'block-start', index: count++, block: next.head });
    } else if (index !== undefined && kind !== undefined) {
      if (next.kind === 'close') open.delete(index);
      events.push(
        ...(next.kind === 'close' ? [{ type: 'block-end' as const, index }] : inside(next, index, kind)),
      );
    }
  }
  return [...events, ...[...open.keys()].map((index): StreamEvent => ({ type: 'block-end', index }))];
}

function inside(next: Move, index: number, kind: BlockHead['kind']): StreamEvent[] {
  switch (kind) {
    case 'text':
      return [insideText(next, index)];
    case 'refusal':
    case 'tool-call':
      return [delta(next, index)];
    case 'reasoning': {
      if (next.extra !== undefined) return [{ type: 'opaque', index, opaque: next.opaque }];
      const part = next.form === 'raw' ? 0 : next.part;
      return [{ type: 'reasoning-delta', index, form: next.form, part, text: next.text }];
    }
    case 'hosted':
      return [];
  }
}

function insideText(next: Move, index: number): StreamEvent {
  if (next.extra === 'annotation') return { type: 'annotation', index, annotation: next.annotation };
  if (next.extra === 'logprobs') return { type: 'logprobs', index, tokens: next.logprobs };
  return delta(next, index);
}

const delta = (next: Move, index: number): StreamEvent => ({ type: 'block-delta', index, text: next.text });
