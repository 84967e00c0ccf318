import { describe, expect, it } from 'vitest';
import type { CacheMark, ChatRequest, Turn } from '../../../src/kernel/conversation.ts';
import { writeJson } from '../../../src/kernel/json.ts';
import { assistant, call, encode, result, results, text, user } from './encode-support.ts';

const cache: CacheMark = { ttl: '5m' };
const MARK = { prompt_cache_breakpoint: { mode: 'explicit' } };
const MARKS = { cacheBreakpoints: true };
const system = [{ role: 'system', text: 'Be brief.', cache }] as const;
const marked = (words: string, ttl: CacheMark['ttl'] = '5m') => ({ ...text(words), cache: { ttl } });

describe('openai-chat cache marks', () => {
  const everywhere: Partial<ChatRequest> = {
    system,
    tools: [{ kind: 'function', at: 'tools[0]', name: 'f', cache }],
    turns: [
      user(marked('hi')),
      assistant({ ...text('Yes.'), cache }, call('call_1', '{}', { cache })),
      results(result('call_1', [marked('sun')], { cache })),
    ],
  };

  it.each([{}, { cacheBreakpoints: false }])(
    'are taken out, with one note, with %j (C117)',
    (capabilities) => {
      const { body, notes } = encode(everywhere, capabilities);
      expect(body['messages']).toMatchObject([
        { content: 'Be brief.' },
        { content: 'hi' },
        { content: 'Yes.' },
        { content: 'sun' },
      ]);
      expect(writeJson(body)).not.toContain('cache');
      expect(notes).toBe('its.cacheMark=dropped');
    },
  );

  it('stand on the parts of a model that takes them', () => {
    const turns = [user(marked('hi', '1h')), results(result('call_1', [text('a'), text('b')], { cache }))];
    const { body, notes } = encode({ system, turns }, MARKS);
    expect(body['messages']).toEqual([
      { role: 'system', content: [{ type: 'text', text: 'Be brief.', ...MARK }] },
      {
        role: 'user',
        content: [{ type: 'text', text: 'hi', prompt_cache_breakpoint: { mode: 'explicit', ttl: '12h' } }],
      },
      {
        role: 'tool',
        tool_call_id: 'call_1',
        content: [
          { type: 'text', text: 'a' },
          { type: 'text', text: 'b', ...MARK },
        ],
      },
    ]);
    expect(notes).toBe('');
  });

  it('are at most four, the last ones', () => {
    const turns: Turn[] = [user(marked('1'), marked('2'), text('-'), marked('3')), user(marked('4'))];
    const { body, notes } = encode({ system, turns }, MARKS);
    expect(body['messages']).toEqual([
      { role: 'system', content: 'Be brief.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: '1', ...MARK },
          { type: 'text', text: '2', ...MARK },
          { type: 'text', text: '-' },
          { type: 'text', text: '3', ...MARK },
        ],
      },
      { role: 'user', content: [{ type: 'text', text: '4', ...MARK }] },
    ]);
    expect(notes).toBe('its.cacheMark=dropped');
  });

  it('of tools and answers have no place', () => {
    const { notes } = encode({ turns: [user(text('hi')), assistant({ ...text('Yes.'), cache })] }, MARKS);
    expect(notes).toBe('its.cacheMark=dropped');
  });

  it('move with what they stand on', () => {
    const turns: Turn[] = [{ role: 'system', at: 'messages[3]', parts: [text('a'), marked('b')] }];
    expect(encode({ turns }, { ...MARKS, midSystem: false }).body['messages']).toEqual([
      {
        role: 'user',
        content: [{ type: 'text', text: '<system-reminder>\na\n\nb\n</system-reminder>', ...MARK }],
      },
    ]);
  });
});
