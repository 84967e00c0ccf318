import { describe, expect, it } from 'vitest';
import type { AssistantPart, OpaqueState, ToolResult, Turn } from '../../../src/kernel/conversation.ts';
import type { Json } from '../../../src/kernel/json.ts';
import { encode, inputOf, user } from './support.ts';

const assistant = (...parts: AssistantPart[]): Turn => ({ role: 'assistant', at: 'messages[1]', parts });
const tool = (...results: ToolResult[]): Turn => ({ role: 'tool', at: 'messages[2]', results });
const call = (id: string, callKind: 'function' | 'custom' = 'function', args = '{}'): AssistantPart => ({
  kind: 'tool-call',
  id,
  callKind,
  name: 'f',
  args,
});
const result = (callId: string, text: string, members: Partial<ToolResult> = {}): ToolResult => ({
  callId,
  callKind: 'function',
  parts: [{ kind: 'text', text }],
  ...members,
});
const outputs = (turns: readonly Turn[]): Json[] => (inputOf(turns) as Json[]).slice(1);
const state = (members: Partial<OpaqueState> = {}): OpaqueState => ({
  issuer: 'openai',
  family: 'gpt-5',
  kind: 'encrypted_content',
  data: 'gAAA',
  ...members,
});

describe('the conversation of an openai-responses request', () => {
  it('is written as items without ids', () => {
    const turns = [
      user('hi'),
      assistant(
        { kind: 'text', text: 'Hello' },
        { kind: 'refusal', text: 'No.' },
        call('c', 'function', '{"n":12345678901234567890}'),
      ),
      tool(result('c', 'done')),
    ];
    expect(inputOf(turns)).toEqual([
      { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'hi' }] },
      {
        type: 'message',
        role: 'assistant',
        content: [
          { type: 'output_text', text: 'Hello', annotations: [] },
          { type: 'refusal', refusal: 'No.' },
        ],
      },
      { type: 'function_call', call_id: 'c', name: 'f', arguments: '{"n":12345678901234567890}' },
      { type: 'function_call_output', call_id: 'c', output: 'done' },
    ]);
  });

  it('keeps the order of text and calls within an answer, its phase and its citations', () => {
    const text: AssistantPart = {
      kind: 'text',
      text: 'After',
      annotations: [{ kind: 'url', url: 'https://example.com/' }],
    };
    const turn: Turn = {
      role: 'assistant',
      at: 'messages[0]',
      parts: [call('a'), text],
      phase: 'commentary',
    };
    expect(inputOf([turn, tool(result('a', 'x'))])).toMatchObject([
      { type: 'function_call' },
      {
        type: 'message',
        phase: 'commentary',
        content: [{ annotations: [{ end_index: 5, start_index: 0 }] }],
      },
      { type: 'function_call_output' },
    ]);
  });

  it('carries custom calls as such, with their results, whatever the results believe', () => {
    const turns = [
      assistant({ ...call('c', 'custom', '*** x'), namespace: 'n' } as AssistantPart),
      tool(result('c', 'ok')),
    ];
    expect(inputOf(turns)).toEqual([
      { type: 'custom_tool_call', call_id: 'c', name: 'f', namespace: 'n', input: '*** x' },
      { type: 'custom_tool_call_output', call_id: 'c', output: 'ok' },
    ]);
  });

  it('gives a call without arguments an empty object', () => {
    expect(inputOf([assistant(call('c', 'function', '')), tool(result('c', ''))])).toMatchObject([
      { arguments: '{}' },
      { output: '' },
    ]);
  });

  it('keeps system text where it stands', () => {
    const turn: Turn = { role: 'developer', at: 'messages[1]', parts: [{ kind: 'text', text: 'Hush.' }] };
    const texts = [{ type: 'input_text', text: 'Hush.' }];
    expect(inputOf([user('hi'), turn])).toMatchObject([
      {},
      { type: 'message', role: 'developer', content: texts },
    ]);
    expect(inputOf([turn], { developerRole: false })).toMatchObject([{ role: 'system' }]);
  });

  it('marks system text as a reminder for a model that takes none there', () => {
    const parts = [
      { kind: 'text', text: 'a' },
      { kind: 'text', text: 'b' },
    ] as const;
    const turns: Turn[] = [{ role: 'system', at: 'messages[3]', parts }];
    const { body, notes } = encode({ turns }, { midSystem: false });
    expect(body['input']).toEqual([
      {
        type: 'message',
        role: 'user',
        content: [{ type: 'input_text', text: '<system-reminder>\na\n\nb\n</system-reminder>' }],
      },
    ]);
    expect(notes).toBe('messages[3]=folded');
  });

  it('leaves out empty turns and texts, and the name of a user', () => {
    const turns: Turn[] = [
      { role: 'user', at: 'messages[0]', parts: [{ kind: 'text', text: 'hi' }], name: 'ada' },
      { role: 'system', at: 'messages[1]', parts: [] },
      assistant({ kind: 'text', text: '' }),
    ];
    const { body, notes } = encode({ turns });
    expect(body['input']).toHaveLength(1);
    expect(notes).toBe('messages[0].name=dropped');
  });
});

describe('calls and results', () => {
  it('are put together in the order of the calls, before what was said between', () => {
    const turns = [assistant(call('a'), call('b')), user('wait'), tool(result('b', 'B'), result('a', 'A'))];
    expect(inputOf(turns)).toMatchObject([
      { call_id: 'a' },
      { call_id: 'b' },
      { type: 'function_call_output', call_id: 'a', output: 'A' },
      { type: 'function_call_output', call_id: 'b', output: 'B' },
      { type: 'message', role: 'user' },
    ]);
  });

  it('get an error result where none came', () => {
    const { body, notes } = encode({ turns: [assistant(call('a')), user('go on')] });
    expect(body['input']).toMatchObject([
      { type: 'function_call' },
      { type: 'function_call_output', call_id: 'a', output: 'Error: no result was provided' },
      { role: 'user' },
    ]);
    expect(notes).toBe('messages[1]=repaired');
  });

  it('become user text when no call asked for them (C068)', () => {
    const { body, notes } = encode({ turns: [user('hi'), tool(result('gone', 'It rains.'))] });
    expect(body['input']).toMatchObject([
      {},
      { role: 'user', content: [{ type: 'input_text', text: '[result of tool call gone] It rains.' }] },
    ]);
    expect(notes).toBe('messages[2].tool_call_id=folded');
  });

  it.each<[string, ToolResult, string[]]>([
    ['no part', { callId: 'x', callKind: 'function', parts: [] }, ['input_text']],
    [
      'an image',
      {
        callId: 'x',
        callKind: 'function',
        parts: [{ kind: 'image', source: { type: 'url', url: 'https://example.com/a.png' } }],
      },
      ['input_text', 'input_image'],
    ],
  ])('become user text with %s too', (_name, stray, types) => {
    expect(inputOf([tool(stray)])).toMatchObject([{ content: types.map((type) => ({ type })) }]);
  });

  it('tell ids apart that were used again', () => {
    const turns = [
      assistant(call('a', 'function', '{"n":1}')),
      tool(result('a', 'one')),
      assistant(call('a', 'function', '{"n":2}')),
      tool(result('a', 'two'), result('a', 'three')),
    ];
    expect(inputOf(turns)).toMatchObject([
      { arguments: '{"n":1}' },
      { output: 'one' },
      { arguments: '{"n":2}' },
      { output: 'two' },
      { role: 'user', content: [{ text: '[result of tool call a] three' }] },
    ]);
  });

  it.each([
    ['gets the word in front', 'disk full', 'Error: disk full'],
    ['keeps a text that says so itself', 'error: disk full', 'error: disk full'],
  ])('a failed one %s', (_name, text, output) => {
    expect(outputs([assistant(call('a')), tool(result('a', text, { isError: true }))])).toMatchObject([
      { output },
    ]);
  });

  it('a failed one without text gets the word alone', () => {
    const failed = result('a', '', { isError: true, parts: [] });
    expect(outputs([assistant(call('a')), tool(failed)])).toMatchObject([{ output: 'Error' }]);
  });

  it('carry several parts and images as a list (C070)', () => {
    const parts = [
      { kind: 'text', text: 'Look:' },
      { kind: 'image', source: { type: 'base64', data: 'AAAA', mediaType: 'image/png' } },
    ] as const;
    expect(outputs([assistant(call('a')), tool(result('a', '', { parts }))])).toMatchObject([
      {
        output: [
          { type: 'input_text', text: 'Look:' },
          { type: 'input_image', image_url: 'data:image/png;base64,AAAA', detail: 'auto' },
        ],
      },
    ]);
  });
});

describe('reasoning of earlier turns', () => {
  const capabilities = { family: 'gpt-5' };
  const thinking = (opaque?: OpaqueState): AssistantPart => ({
    kind: 'reasoning',
    summary: ['Thought.'],
    ...(opaque !== undefined && { opaque }),
  });

  it('goes back to its issuer just before its call, state and all (C027)', () => {
    const turns = [assistant(thinking(state()), call('a')), tool(result('a', 'x'))];
    expect(inputOf(turns, capabilities)).toMatchObject([
      { type: 'reasoning', summary: [{ type: 'summary_text', text: 'Thought.' }], encrypted_content: 'gAAA' },
      { type: 'function_call' },
      { type: 'function_call_output' },
    ]);
  });

  it.each<[string, OpaqueState | undefined]>([
    ['without state', undefined],
    ['of another issuer', state({ issuer: 'xai' })],
    ['of another family', state({ family: 'gpt-4' })],
    ['with a state of another kind', state({ kind: 'signature' })],
  ])('is left out %s', (_name, opaque) => {
    const { body, notes } = encode(
      { turns: [assistant(thinking(opaque), { kind: 'text', text: 'x' })] },
      capabilities,
    );
    expect(body['input']).toMatchObject([{ type: 'message' }]);
    expect(notes).toBe('messages[1].reasoning=dropped');
  });

  it('is left out when nothing follows it', () => {
    const turns = [assistant({ kind: 'text', text: 'x' }, thinking(state()))];
    expect(inputOf(turns, capabilities)).toHaveLength(1);
  });

  it('includes hosted items of this dialect only', () => {
    const raw = { type: 'web_search_call', id: 'ws_1' };
    const turns = [
      assistant(
        { kind: 'hosted', protocol: 'openai-responses', raw },
        { kind: 'hosted', protocol: 'anthropic-messages', raw: {} },
      ),
    ];
    const { body, notes } = encode({ turns });
    expect(body['input']).toEqual([raw]);
    expect(notes).toBe('messages[1]=dropped');
  });
});
