import { describe, expect, it } from 'vitest';
import { replayReply } from '../../src/kernel/replay-reply.ts';
import type { Block } from '../../src/kernel/reply.ts';
import type { StreamEvent } from '../../src/kernel/stream-event.ts';

const opaque = { issuer: 'a', family: 'f', kind: 'signature', data: 'sig' } as const;

/** The events between start and end of a reply of one block. */
function told(block: Block): StreamEvent[] {
  const events: StreamEvent[] = [];
  replayReply({ id: 'r', model: 'm', blocks: [block], stop: { reason: 'stop' } }, (event) =>
    events.push(event),
  );
  return events.slice(1, -1);
}

const blockEnd: StreamEvent = { type: 'block-end', index: 0 };

describe('replayReply', () => {
  it('tells start, token counts and end around the blocks', () => {
    const usage = {
      inputTokens: 3,
      cacheReadTokens: 0,
      cacheWriteTokens: 0,
      outputTokens: 1,
      reasoningTokens: 0,
    };
    const events: StreamEvent[] = [];
    replayReply(
      { id: 'r', model: 'm', createdAt: 9, blocks: [], stop: { reason: 'length' }, usage },
      (event) => events.push(event),
    );
    expect(events).toEqual([
      { type: 'reply-start', id: 'r', model: 'm', createdAt: 9 },
      { type: 'usage', usage },
      { type: 'reply-end', stop: { reason: 'length' } },
    ]);
  });

  it('tells text, then what it cites and how likely it was', () => {
    const cited = { kind: 'url', url: 'https://x.test' } as const;
    const logprobs = [{ token: 'abc', logprob: -1, top: [] }];
    expect(told({ kind: 'text', text: 'abc', annotations: [cited], phase: 'final', logprobs })).toEqual([
      { type: 'block-start', index: 0, block: { kind: 'text', phase: 'final' } },
      { type: 'block-delta', index: 0, text: 'abc' },
      { type: 'annotation', index: 0, annotation: cited },
      { type: 'logprobs', index: 0, tokens: logprobs },
      blockEnd,
    ]);
  });

  it('tells reasoning: the summary by parts, the words, the state', () => {
    expect(told({ kind: 'reasoning', raw: 'hm', summary: ['', 'two'], opaque })).toEqual([
      { type: 'block-start', index: 0, block: { kind: 'reasoning' } },
      { type: 'reasoning-delta', index: 0, form: 'summary', part: 0, text: '' },
      { type: 'reasoning-delta', index: 0, form: 'summary', part: 1, text: 'two' },
      { type: 'reasoning-delta', index: 0, form: 'raw', part: 0, text: 'hm' },
      { type: 'opaque', index: 0, opaque },
      blockEnd,
    ]);
  });

  it('tells a tool call with its state at once and its arguments as they stand', () => {
    const identity = { id: 'c', callKind: 'custom', name: 'f', namespace: 'n' } as const;
    const call = { kind: 'tool-call', ...identity, opaque } as const;
    expect(told({ ...call, args: '{"a": 1.0}' })).toEqual([
      { type: 'block-start', index: 0, block: call },
      { type: 'block-delta', index: 0, text: '{"a": 1.0}' },
      blockEnd,
    ]);
  });

  it.each<Block>([
    { kind: 'text', text: '', annotations: [] },
    { kind: 'refusal', text: '' },
    { kind: 'reasoning', raw: '', summary: [] },
    { kind: 'tool-call', id: 'c', callKind: 'function', name: 'f', args: '' },
    { kind: 'hosted', protocol: 'anthropic-messages', raw: { type: 'server_tool_use' } },
  ])('opens and closes an empty $kind block and tells nothing inside', (block) => {
    expect(told(block).map(({ type }) => type)).toEqual(['block-start', 'block-end']);
  });
});
