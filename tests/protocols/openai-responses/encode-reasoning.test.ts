import { describe, expect, it } from 'vitest';
import type { StreamEvent } from '../../../src/kernel/stream-event.ts';
import { encodeEvents, encodeStreamed, replyWith, wireEvents } from './support.ts';

const start: StreamEvent = { type: 'reply-start', id: 'u', model: 'm', createdAt: 1795800000 };
const begin: StreamEvent = { type: 'block-start', index: 0, block: { kind: 'reasoning' } };
const close: StreamEvent = { type: 'block-end', index: 0 };
const end: StreamEvent = { type: 'reply-end', stop: { reason: 'stop' } };
const thought = (form: 'raw' | 'summary', part: number, text: string): StreamEvent => ({
  type: 'reasoning-delta',
  index: 0,
  form,
  part,
  text,
});
const encode = (...events: StreamEvent[]) => wireEvents(encodeEvents([start, begin, ...events, close, end]));

describe('openai-responses reasoning items', () => {
  it('tells reasoning as summary parts, and its state in the finished item', () => {
    const state = { issuer: 'openai', family: '', kind: 'encrypted_content', data: 'gAAA' } as const;
    const events = encode(thought('summary', 0, 'One'), thought('summary', 1, 'Two'), {
      type: 'opaque',
      index: 0,
      opaque: state,
    });
    expect(events[2]).toMatchObject({ item: { type: 'reasoning', summary: [], status: 'in_progress' } });
    expect(events.slice(3, 11).map(({ type }) => type.replace('response.', ''))).toEqual([
      'reasoning_summary_part.added',
      'reasoning_summary_text.delta',
      'reasoning_summary_text.done',
      'reasoning_summary_part.done',
      'reasoning_summary_part.added',
      'reasoning_summary_text.delta',
      'reasoning_summary_text.done',
      'reasoning_summary_part.done',
    ]);
    expect(events.at(-2)).toMatchObject({
      type: 'response.output_item.done',
      item: { summary: [{ type: 'summary_text', text: 'One' }, { text: 'Two' }], encrypted_content: 'gAAA' },
    });
  });

  it("tells the model's own words as a summary too, because that is what clients show", () => {
    const events = encode(thought('raw', 0, 'Hm, '), thought('raw', 0, 'yes.'), end);
    expect(events.at(-1)?.['response']).toMatchObject({
      output: [{ summary: [{ text: 'Hm, yes.' }], content: [{ type: 'reasoning_text', text: 'Hm, yes.' }] }],
    });
  });

  it('passes no state of another dialect off as its own', () => {
    const opaque = { issuer: 'anthropic', family: '', kind: 'signature', data: 'sig' } as const;
    const reply = replyWith([{ kind: 'reasoning', raw: 'x', summary: [], opaque }]);
    expect(JSON.stringify(encodeStreamed(reply))).not.toContain('sig"');
  });
});
