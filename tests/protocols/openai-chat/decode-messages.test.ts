import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/kernel/json.ts';
import { decode, decodeConversation } from './support.ts';

const turnsOf = (...messages: JsonObject[]) => decode({ messages }).request.turns;
const user = { role: 'user', content: 'hi' };
const text = (value: string) => ({ kind: 'text', text: value });

describe('openai-chat system messages', () => {
  it('takes the leading ones apart, one text per part, with their roles', () => {
    const { request } = decode({
      messages: [
        { role: 'system', content: 'one' },
        {
          role: 'developer',
          content: [
            { type: 'text', text: 'two' },
            { type: 'text', text: 'three' },
          ],
        },
        user,
      ],
    });
    expect(request).toMatchObject({
      system: [
        { role: 'system', text: 'one' },
        { role: 'developer', text: 'two' },
        { role: 'developer', text: 'three' },
      ],
      turns: [{ role: 'user', at: 'messages[2]' }],
    });
  });

  it('keeps a later one in its place', () => {
    expect(turnsOf(user, { role: 'developer', content: 'now in French' }, user)).toMatchObject([
      { role: 'user' },
      { role: 'developer', at: 'messages[1]', parts: [text('now in French')] },
      { role: 'user' },
    ]);
  });

  it('leaves out those without text', () => {
    const { request } = decode({
      messages: [{ role: 'system', content: '' }, user, { role: 'system', content: '' }],
    });
    expect([request.system, request.turns.length]).toEqual([[], 1]);
  });

  it.each([
    ['prompt_cache_breakpoint', { mode: 'explicit' }, '30m'],
    ['prompt_cache_breakpoint', { mode: 'explicit', ttl: '12h' }, '12h'],
    ['cache_control', { type: 'ephemeral' }, '5m'],
    ['cache_control', { type: 'ephemeral', ttl: '1h' }, '1h'],
  ])('reads the cache mark %s %j', (key, mark, ttl) => {
    const content = [{ type: 'text', text: 'a', [key]: mark }];
    expect(decode({ messages: [{ role: 'system', content }, user] }).request.system).toEqual([
      { role: 'system', text: 'a', cache: { ttl } },
    ]);
  });
});

describe('openai-chat user messages', () => {
  it('reads every kind of part in its order', () => {
    const content = [
      { type: 'text', text: 'look' },
      { type: 'image_url', image_url: { url: 'data:image/PNG;base64,AAAA', detail: 'high' } },
      { type: 'image_url', image_url: { url: 'https://example.com/a.png' } },
      { type: 'image_url', image_url: 'https://example.com/b.png' },
      { type: 'input_audio', input_audio: { data: 'UklGRg==', format: 'wav' } },
      { type: 'file', file: { file_data: 'data:application/pdf;base64,JVBERg==', filename: 'a.pdf' } },
      { type: 'file', file: { file_data: 'JVBERg==' } },
      { type: 'file', file: { file_data: 'https://example.com/a.pdf' } },
      { type: 'file', file: { file_id: 'file-1' } },
    ];
    expect(turnsOf({ role: 'user', content, name: 'Ann' })).toEqual([
      {
        role: 'user',
        at: 'messages[0]',
        name: 'Ann',
        parts: [
          text('look'),
          {
            kind: 'image',
            at: 'messages[0].content[1]',
            source: { type: 'base64', data: 'AAAA', mediaType: 'image/png' },
            detail: 'high',
          },
          {
            kind: 'image',
            at: 'messages[0].content[2]',
            source: { type: 'url', url: 'https://example.com/a.png' },
          },
          {
            kind: 'image',
            at: 'messages[0].content[3]',
            source: { type: 'url', url: 'https://example.com/b.png' },
          },
          { kind: 'audio', at: 'messages[0].content[4]', data: 'UklGRg==', format: 'wav' },
          {
            kind: 'document',
            at: 'messages[0].content[5]',
            source: { type: 'base64', data: 'JVBERg==', mediaType: 'application/pdf' },
            filename: 'a.pdf',
          },
          {
            kind: 'document',
            at: 'messages[0].content[6]',
            source: { type: 'base64', data: 'JVBERg==', mediaType: 'application/pdf' },
          },
          {
            kind: 'document',
            at: 'messages[0].content[7]',
            source: { type: 'url', url: 'https://example.com/a.pdf' },
          },
          {
            kind: 'document',
            at: 'messages[0].content[8]',
            source: { type: 'file', fileId: 'file-1', owner: 'openai-chat' },
          },
        ],
      },
    ]);
  });

  it('leaves out empty texts', () => {
    expect(turnsOf({ role: 'user', content: [{ type: 'text', text: '' }] })).toMatchObject([{ parts: [] }]);
  });
});

describe('openai-chat assistant messages', () => {
  it('reads reasoning, content, refusals and calls in this order', () => {
    const message = {
      role: 'assistant',
      reasoning_content: 'hm',
      content: [
        { type: 'text', text: 'a' },
        { type: 'refusal', refusal: 'no' },
        { type: 'text', text: 'b' },
      ],
      refusal: 'never',
      tool_calls: [
        { id: 'c1', type: 'function', function: { name: 'f', arguments: '{}' } },
        { id: 'c2', type: 'custom', custom: { name: 'g', input: 'free text' } },
      ],
    };
    expect(turnsOf(user, message)[1]).toEqual({
      role: 'assistant',
      at: 'messages[1]',
      parts: [
        { kind: 'reasoning', raw: 'hm' },
        text('a'),
        { kind: 'refusal', text: 'no' },
        text('b'),
        { kind: 'refusal', text: 'never' },
        { kind: 'tool-call', id: 'c1', callKind: 'function', name: 'f', args: '{}' },
        { kind: 'tool-call', id: 'c2', callKind: 'custom', name: 'g', args: 'free text' },
      ],
    });
  });

  it.each([{ content: null }, { content: '' }, {}])('has no text when it holds %j', (members) => {
    const tool_calls = [{ id: 'c', function: { name: 'f' } }];
    expect(turnsOf({ role: 'assistant', ...members, tool_calls })).toMatchObject([
      { parts: [{ kind: 'tool-call', args: '' }] },
    ]);
  });

  it('keeps arguments to the letter (C073)', () => {
    const args = String.raw`{\"id\":1234567890123456789, \"__proto__\":{\"a\":1}}`;
    const call = `{"id":"c","type":"function","function":{"name":"f","arguments":"${args}"}}`;
    expect(decodeConversation(`[{"role":"assistant","tool_calls":[${call}]}]`).turns).toMatchObject([
      { parts: [{ args: '{"id":1234567890123456789, "__proto__":{"a":1}}' }] },
    ]);
  });

  it('writes arguments that came as an object with every digit', () => {
    const call = '{"id":"c","custom":{"name":"f","input":{"id":1234567890123456789}}}';
    expect(decodeConversation(`[{"role":"assistant","tool_calls":[${call}]}]`).turns).toMatchObject([
      { parts: [{ callKind: 'custom', args: '{"id":1234567890123456789}' }] },
    ]);
  });

  it('keeps the citations of a single text', () => {
    const annotations = [
      { type: 'url_citation', url_citation: { url: 'https://a.example', start_index: 0 } },
    ];
    expect(turnsOf({ role: 'assistant', content: 'a', annotations })).toMatchObject([
      { parts: [{ text: 'a', annotations: [{ kind: 'url', url: 'https://a.example', start: 0 }] }] },
    ]);
  });
});

describe('openai-chat tool messages', () => {
  const calls = {
    role: 'assistant',
    tool_calls: [
      { id: 'c1', type: 'function', function: { name: 'f', arguments: '{}' } },
      { id: 'c2', type: 'custom', custom: { name: 'g', input: '' } },
    ],
  };

  it('makes one turn of neighbours, and knows which call was custom', () => {
    const image = { type: 'image_url', image_url: { url: 'https://example.com/a.png' } };
    const turns = turnsOf(
      calls,
      { role: 'tool', tool_call_id: 'c1', content: 'one', name: 'f' },
      { role: 'tool', tool_call_id: 'c2', content: [{ type: 'text', text: 'two' }, image] },
      user,
      { role: 'tool', tool_call_id: 'c9', content: '' },
    );
    expect(turns.slice(1)).toEqual([
      {
        role: 'tool',
        at: 'messages[1]',
        results: [
          {
            at: 'messages[1].tool_call_id',
            callId: 'c1',
            callKind: 'function',
            name: 'f',
            parts: [text('one')],
          },
          {
            at: 'messages[2].tool_call_id',
            callId: 'c2',
            callKind: 'custom',
            parts: [
              text('two'),
              {
                kind: 'image',
                at: 'messages[2].content[1]',
                source: { type: 'url', url: 'https://example.com/a.png' },
              },
            ],
          },
        ],
      },
      { role: 'user', at: 'messages[3]', parts: [text('hi')] },
      {
        role: 'tool',
        at: 'messages[4]',
        results: [{ at: 'messages[4].tool_call_id', callId: 'c9', callKind: 'function', parts: [] }],
      },
    ]);
  });

  it('pairs calls and results of the old form by their functions (C092)', () => {
    const call = (name: string) => ({
      role: 'assistant',
      content: null,
      function_call: { name, arguments: '{}' },
    });
    const turns = turnsOf(
      call('f'),
      { role: 'function', name: 'f', content: 'one' },
      call('f'),
      { role: 'function', name: 'f', content: null },
      { role: 'function', name: 'g', content: [{ type: 'text', text: 'stray' }] },
    );
    expect(turns).toMatchObject([
      { parts: [{ kind: 'tool-call', id: 'call_f_0', name: 'f', args: '{}' }] },
      { results: [{ callId: 'call_f_0', name: 'f', parts: [text('one')] }] },
      { parts: [{ id: 'call_f_1' }] },
      {
        results: [
          { at: 'messages[3].name', callId: 'call_f_1', parts: [] },
          { at: 'messages[4].name', callId: 'call_g_2', parts: [text('stray')] },
        ],
      },
    ]);
  });
});

describe('openai-chat notes on messages', () => {
  it('tells what of a message is not read', () => {
    const messages = [
      { role: 'system', content: 'a', name: 'n' },
      { ...user, weight: 1 },
      { role: 'assistant', content: 'a', audio: null, parsed: null, function_call: null, id: 'x' },
    ];
    expect(decode({ messages }).notes).toBe(
      'messages[0].name=ignored,messages[1].weight=ignored,messages[2].id=ignored',
    );
  });
});
