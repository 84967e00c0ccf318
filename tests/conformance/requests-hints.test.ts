import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { dig, listAt, notesOf, startStage } from './support/stage.ts';

const HI = [{ role: 'user', content: 'Hi' }];

describe('cache marks', () => {
  const mark = (ttl: string) => ({ cache_control: { type: 'ephemeral', ttl } });
  const MARK = mark('5m');
  const everywhere = {
    ...MARK,
    system: [{ type: 'text', text: 'Be kind.', ...MARK }],
    tools: [{ name: 'look', input_schema: { type: 'object', properties: {} }, ...MARK }],
    messages: [
      { role: 'user', content: [{ type: 'text', text: 'Look!', ...MARK }] },
      { role: 'assistant', content: [{ type: 'tool_use', id: 'call_1', name: 'look', input: {}, ...MARK }] },
      {
        role: 'user',
        content: [
          {
            type: 'tool_result',
            tool_use_id: 'call_1',
            content: [{ type: 'text', text: 'Blue.', ...MARK }],
            ...MARK,
          },
          { type: 'text', text: 'And?', ...MARK },
        ],
      },
    ],
  };

  it('C117 are left out wherever they stand for a vendor that does not know them', async () => {
    const { ask, sent } = await startStage('common');
    const answer = await ask('messages', everywhere);
    expect(answer.status).toBe(200);
    expect(JSON.stringify(sent())).not.toMatch(/cache/);
    expect(listAt(sent(), 'messages')).toEqual([
      { role: 'system', content: 'Be kind.' },
      { role: 'user', content: 'Look!' },
      expect.objectContaining({ role: 'assistant' }),
      { role: 'tool', tool_call_id: 'call_1', name: 'look', content: 'Blue.' },
      { role: 'user', content: 'And?' },
    ]);
    expect(notesOf(answer)).toContain('cache_control=dropped');
  });

  const marked = (count: number, ttl: string) => ({
    messages: [
      {
        role: 'user',
        content: Array.from({ length: count }, (_, index) => ({
          type: 'text',
          text: `t${index}`,
          ...mark(ttl),
        })),
      },
    ],
  });
  const input = (sent: unknown) => listAt(sent, 'input', 0, 'content');

  it('C118 of an hour last twelve at a Responses model that takes any', async () => {
    const { ask, sent } = await startStage('openai', { capabilities: { cacheBreakpoints: true } });
    expect((await ask('messages', marked(1, '1h'))).status).toBe(200);
    expect(input(sent())).toEqual([
      { type: 'input_text', text: 't0', prompt_cache_breakpoint: { mode: 'explicit', ttl: '12h' } },
    ]);
  });

  it('C118 of five minutes last as long as that model likes', async () => {
    const { ask, sent } = await startStage('openai', { capabilities: { cacheBreakpoints: true } });
    expect((await ask('messages', marked(1, '5m'))).status).toBe(200);
    expect(input(sent())).toEqual([
      { type: 'input_text', text: 't0', prompt_cache_breakpoint: { mode: 'explicit' } },
    ]);
  });

  it('C118 are the last four, however many there are', async () => {
    const { ask, sent } = await startStage('openai', { capabilities: { cacheBreakpoints: true } });
    const answer = await ask('messages', marked(6, '1h'));
    expect(answer.status).toBe(200);
    const breakpoints = input(sent()).map((part) => dig(part, 'prompt_cache_breakpoint', 'ttl'));
    expect(breakpoints).toEqual([undefined, undefined, '12h', '12h', '12h', '12h']);
    expect(notesOf(answer)).toContain('cache_control=dropped');
  });
});

describe('the id of a user', () => {
  const asks = (user_id: string) => ({ messages: HI, metadata: { user_id } });

  it('C119 that is too long for Responses is its hash, always the same', async () => {
    const { ask, sent } = await startStage('openai');
    const id = `user_${'0123456789abcdef'.repeat(9)}_`;
    expect(id).toHaveLength(150);
    expect((await ask('messages', asks(id))).status).toBe(200);
    expect(sent()).toHaveProperty('safety_identifier', createHash('sha256').update(id).digest('hex'));
  });

  it('C119 that is short enough stays as it is', async () => {
    const { ask, sent } = await startStage('openai');
    expect((await ask('messages', asks('user_1'))).status).toBe(200);
    expect(sent()).toHaveProperty('safety_identifier', 'user_1');
  });
});
