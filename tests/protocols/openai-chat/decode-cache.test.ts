import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/kernel/json.ts';
import { decode } from './support.ts';

const mark = { cache_control: { type: 'ephemeral' } };
const turnOf = (message: JsonObject) => decode({ messages: [message] }).request.turns[0];

describe('openai-chat cache mark of a whole message', () => {
  it('stands on the text of a system message', () => {
    const { request, notes } = decode({
      messages: [
        { role: 'system', content: 'a', ...mark },
        { role: 'user', content: 'b' },
      ],
    });
    expect([request.system, notes]).toEqual([[{ role: 'system', text: 'a', cache: { ttl: '5m' } }], '']);
  });

  it('stands on the last part that can bear it', () => {
    const content = [
      { type: 'text', text: 'a' },
      { type: 'text', text: 'b' },
      { type: 'input_audio', input_audio: { data: 'UklGRg==', format: 'wav' } },
    ];
    expect(turnOf({ role: 'user', content, ...mark })).toMatchObject({
      parts: [{ text: 'a' }, { text: 'b', cache: { ttl: '5m' } }, { kind: 'audio' }],
    });
  });

  it('gives way to a mark of the part itself', () => {
    const content = [{ type: 'text', text: 'a', cache_control: { type: 'ephemeral', ttl: '1h' } }];
    expect(turnOf({ role: 'user', content, ...mark })).toMatchObject({ parts: [{ cache: { ttl: '1h' } }] });
  });

  it('stands on the last call of an answer', () => {
    const tool_calls = [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } }];
    const turn = turnOf({ role: 'assistant', content: 'a', tool_calls, prompt_cache_breakpoint: {} });
    expect(turn).toMatchObject({ parts: [{ text: 'a' }, { kind: 'tool-call', cache: { ttl: '30m' } }] });
  });

  it('stands on the result of a tool', () => {
    expect(turnOf({ role: 'tool', tool_call_id: 'c', content: 'x', ...mark })).toMatchObject({
      results: [{ callId: 'c', cache: { ttl: '5m' } }],
    });
  });
});
