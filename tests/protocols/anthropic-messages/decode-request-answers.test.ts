import { describe, expect, it } from 'vitest';
import { answerOf, decodeText, refusalOf, turnsOf } from './decode-setup.ts';
import type { Block } from './decode-setup.ts';

const user = { role: 'user', content: 'hi' } as const;
const call = (id: string): Block => ({ type: 'tool_use', id, name: 'f', input: {} });
const callPart = (id: string) => ({ kind: 'tool-call', id, callKind: 'function', name: 'f', args: '{}' });
const thinking = (words: string, signature: string): Block => ({
  type: 'thinking',
  thinking: words,
  signature,
});

describe('anthropic-messages answers in the history', () => {
  it('keep their blocks in order', () => {
    const { parts } = answerOf(thinking('hm', 'sig'), { type: 'text', text: 'So:' }, call('a'), call('b'));
    expect(parts).toEqual([
      {
        kind: 'reasoning',
        raw: 'hm',
        opaque: { issuer: 'anthropic', family: '', kind: 'signature', data: 'sig' },
      },
      { kind: 'text', text: 'So:' },
      callPart('a'),
      callPart('b'),
    ]);
  });

  it('may be a string, or empty', () => {
    const turns = turnsOf(user, { role: 'assistant', content: 'Yes' }, { role: 'assistant', content: '' });
    expect(turns.slice(1)).toEqual([
      { role: 'assistant', at: 'messages[1]', parts: [{ kind: 'text', text: 'Yes' }] },
      { role: 'assistant', at: 'messages[2]', parts: [] },
    ]);
  });

  it('cite web pages, whole blocks at a time; other sources are noted', () => {
    const { parts, notes } = answerOf(
      {
        type: 'text',
        text: 'Rain.',
        citations: [
          {
            type: 'web_search_result_location',
            url: 'https://w',
            title: 'W',
            cited_text: '',
            encrypted_index: '',
          },
          {
            type: 'web_search_result_location',
            url: 'https://v',
            title: null,
            cited_text: '',
            encrypted_index: '',
          },
        ],
      },
      {
        type: 'text',
        text: 'Page 3.',
        citations: [
          {
            type: 'page_location',
            cited_text: '',
            document_index: 0,
            document_title: null,
            start_page_number: 3,
            end_page_number: 4,
          },
        ],
      },
    );
    expect(parts).toEqual([
      {
        kind: 'text',
        text: 'Rain.',
        annotations: [
          { kind: 'url', url: 'https://w', title: 'W', start: 0, end: 5 },
          { kind: 'url', url: 'https://v', start: 0, end: 5 },
        ],
      },
      { kind: 'text', text: 'Page 3.' },
    ]);
    expect(notes).toBe('messages[1].content[1].citations=dropped');
  });

  it('lose the blocks of tools that ran at Anthropic, and unknown ones, with a note each', () => {
    const { parts, notes } = answerOf(
      { type: 'server_tool_use', id: 'srv', name: 'web_search', input: {} },
      { type: 'web_search_tool_result', tool_use_id: 'srv', content: [] },
      { type: 'hologram' } as unknown as Block,
      { type: 'text', text: 'Found.' },
    );
    expect(parts).toEqual([{ kind: 'text', text: 'Found.' }]);
    expect(notes).toBe([0, 1, 2].map((index) => `messages[1].content[${index}]=dropped`).join());
  });

  it.each(['tool_result', 'image', 'document', 'search_result'])('cannot hold a block of type %s', (type) => {
    const error = refusalOf({ messages: [user, { role: 'assistant', content: [{ type }] }] });
    expect([error?.kind, error?.details.param]).toEqual(['invalid-request', 'messages[1].content[0]']);
  });
});

describe('anthropic-messages calls in the history', () => {
  it('keep the digits and keys of their input', () => {
    const input = '{"id":1234567890123456789,"__proto__":{"x":1},"rate":1.50,"list":[]}';
    const { request } = decodeText(
      `{"model":"m","max_tokens":9,"messages":[{"role":"assistant","content":[` +
        `{"type":"tool_use","id":"a","name":"f","input":${input},"cache_control":{"type":"ephemeral"}}]}]}`,
    );
    expect(request.turns).toMatchObject([
      {
        parts: [
          {
            args: '{"id":1234567890123456789,"__proto__":{"x":1},"rate":1.5,"list":[]}',
            cache: { ttl: '5m' },
          },
        ],
      },
    ]);
  });

  it('keep an id of any length, as their results do (C082)', () => {
    const id = 'x'.repeat(200);
    const [, assistant, tool] = turnsOf(
      user,
      { role: 'assistant', content: [call(id)] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: id, content: 'ok' }] },
    );
    expect(assistant).toMatchObject({ parts: [{ id }] });
    expect(tool).toMatchObject({ results: [{ callId: id }] });
  });

  it.each([undefined, null])('have no arguments when their input is %j', (input) => {
    expect(answerOf({ type: 'tool_use', id: 'a', name: 'f', input }).parts).toEqual([callPart('a')]);
  });

  it.each<[unknown, string]>([
    ['{"n": 1.0}', '{"n": 1.0}'],
    ['"{\\"n\\":1}"', '{"n":1}'],
    ['', '{}'],
    ['null', '{}'],
    [[], '{}'],
    ['ls', '{"_raw":"ls"}'],
    [[1], '{"_raw":"[1]"}'],
    [5, '{"_raw":"5"}'],
  ])('can be gone on with when a client kept their input as %j', (input, args) => {
    const { parts, notes } = answerOf({ type: 'tool_use', id: 'a', name: 'f', input });
    expect(parts).toEqual([{ ...callPart('a'), args }]);
    expect(notes).toBe('messages[1].content[0].input=repaired');
  });

  it.each([
    ['name', { id: 'a', name: '' }],
    ['name', { id: 'a' }],
    ['id', { id: '', name: 'f' }],
    ['id', { name: 'f' }],
    ['server_name', { type: 'mcp_tool_use', id: 'a', name: 'f' }],
  ])('are refused for their %s in %j', (member, members) => {
    const content = [{ type: 'tool_use', ...members }];
    const error = refusalOf({ messages: [{ role: 'assistant', content }] });
    expect([error?.kind, error?.details.param]).toEqual([
      'invalid-request',
      `messages[0].content[0].${member}`,
    ]);
  });

  it('to MCP servers are calls with results, with the answer in parts around them', () => {
    const turns = turnsOf(user, {
      role: 'assistant',
      content: [
        { type: 'text', text: 'Look:' },
        { type: 'mcp_tool_use', id: 'm', name: 'find', server_name: 'wiki', input: { q: 1 } },
        {
          type: 'mcp_tool_result',
          tool_use_id: 'm',
          content: [{ type: 'text', text: 'found' }],
          is_error: false,
        },
        { type: 'text', text: 'There.' },
      ],
    });
    expect(turns.slice(1)).toEqual([
      {
        role: 'assistant',
        at: 'messages[1]',
        parts: [
          { kind: 'text', text: 'Look:' },
          {
            kind: 'tool-call',
            id: 'm',
            callKind: 'function',
            name: 'find',
            namespace: 'wiki',
            args: '{"q":1}',
          },
        ],
      },
      {
        role: 'tool',
        at: 'messages[1]',
        results: [
          {
            at: 'messages[1].content[2].tool_use_id',
            callId: 'm',
            callKind: 'function',
            parts: [{ kind: 'text', text: 'found' }],
          },
        ],
      },
      { role: 'assistant', at: 'messages[1]', parts: [{ kind: 'text', text: 'There.' }] },
    ]);
  });
});

describe('anthropic-messages compaction', () => {
  const summary = { type: 'compaction', content: 'They talked about tides.' } as const;

  it('stands, as what a user says, for all that came before', () => {
    const turns = turnsOf(
      user,
      { role: 'assistant', content: 'old' },
      user,
      {
        role: 'assistant',
        content: [{ type: 'text', text: 'older' }, summary, { type: 'text', text: 'new' }],
      },
      { role: 'user', content: 'go on' },
    );
    expect(turns).toEqual([
      { role: 'user', at: 'messages[3]', parts: [{ kind: 'text', text: 'They talked about tides.' }] },
      { role: 'assistant', at: 'messages[3]', parts: [{ kind: 'text', text: 'new' }] },
      { role: 'user', at: 'messages[4]', parts: [{ kind: 'text', text: 'go on' }] },
    ]);
  });

  it('may be all of a message', () => {
    expect(turnsOf({ role: 'user', content: [summary] })).toEqual([
      { role: 'user', at: 'messages[0]', parts: [{ kind: 'text', text: 'They talked about tides.' }] },
    ]);
  });

  it.each([null, '', undefined])('changes nothing when it failed (%j)', (content) => {
    const { parts, notes } = answerOf({ type: 'compaction', content } as Block, { type: 'text', text: 'a' });
    expect([parts, notes]).toEqual([[{ kind: 'text', text: 'a' }], 'messages[1].content[0]=dropped']);
  });
});
