import { describe, expect, it } from 'vitest';
import type {
  AssistantPart,
  OpaqueState,
  ReasoningPart,
  TextPart,
  ToolResult,
  Turn,
} from '../../../src/kernel/conversation.ts';
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
  at: 'messages[2].tool_call_id',
  callId,
  callKind: 'function',
  parts: [{ kind: 'text', text }],
  ...members,
});
const outputs = (turns: readonly Turn[]): Json[] => (inputOf(turns) as Json[]).slice(1);
const said = (text: string): TextPart => ({
  kind: 'text',
  text,
});

describe('the conversation of an openai-responses request', () => {
  it('is written as items without ids', () => {
    const turns = [
      user('hi'),
      assistant(
        said('Hello'),
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

  it('keeps the order of text and calls within an answer, and its citations', () => {
    const text: AssistantPart = {
      ...said('After'),
      annotations: [{ kind: 'url', url: 'https://example.com/' }],
    };
    expect(inputOf([assistant(call('a'), text), tool(result('a', 'x'))])).toMatchObject([
      { type: 'function_call' },
      { type: 'message', content: [{ annotations: [{ end_index: 5, start_index: 0 }] }] },
      { type: 'function_call_output' },
    ]);
  });

  it('keeps neighbouring texts and refusals in one message', () => {
    expect(inputOf([assistant(said('One'), said('Two'), { kind: 'refusal', text: 'No.' })])).toMatchObject([
      { content: [{ text: 'One' }, { text: 'Two' }, { refusal: 'No.' }] },
    ]);
  });

  it('carries custom calls as such, with their results', () => {
    const turns = [assistant(call('c', 'custom', '*** x')), tool(result('c', 'ok', { callKind: 'custom' }))];
    expect(inputOf(turns)).toEqual([
      { type: 'custom_tool_call', call_id: 'c', name: 'f', input: '*** x' },
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
    const turns: Turn[] = [{ role: 'system', at: 'messages[3]', parts: [said('a'), said('b')] }];
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
      { role: 'user', at: 'messages[0]', parts: [said('hi')], name: 'ada' },
      { role: 'system', at: 'messages[1]', parts: [] },
      assistant(said('')),
    ];
    const { body, notes } = encode({ turns });
    expect(body['input']).toHaveLength(1);
    expect(notes).toBe('messages[0].name=dropped');
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

describe('results of an openai-responses request', () => {
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

  it.each([
    ['messages[2].tool_call_id', 'messages[2].content[0]'],
    ['messages[4].content[1].tool_use_id', 'messages[4].content[1].content[0]'],
  ])('are refused by the place of what cannot be sent, beside %s', (at, place) => {
    const source = { type: 'file', fileId: 'file_1', owner: 'anthropic-messages' } as const;
    const image = result('a', '', { at, parts: [{ kind: 'image', source }] });
    expect(() => encode({ turns: [assistant(call('a')), tool(image)] })).toThrow(`${place}: `);
  });
});

describe('reasoning of earlier turns', () => {
  const state: OpaqueState = {
    issuer: 'openai',
    family: 'gpt-5',
    kind: 'encrypted_content',
    data: 'gAAA',
  };
  const thinking = (members: Partial<ReasoningPart>): ReasoningPart => ({ kind: 'reasoning', ...members });

  it('goes back just before its call, state and all (C027)', () => {
    const thought = thinking({ summary: ['One.', 'Two.'], opaque: state });
    expect(inputOf([assistant(thought, call('a')), tool(result('a', 'x'))])).toEqual([
      {
        type: 'reasoning',
        summary: [
          { type: 'summary_text', text: 'One.' },
          { type: 'summary_text', text: 'Two.' },
        ],
        encrypted_content: 'gAAA',
      },
      { type: 'function_call', call_id: 'a', name: 'f', arguments: '{}' },
      { type: 'function_call_output', call_id: 'a', output: 'x' },
    ]);
  });

  it.each<[string, Partial<ReasoningPart>, Json]>([
    [
      'as one part of a summary where its parts are not known',
      { raw: 'Hm.' },
      [{ type: 'summary_text', text: 'Hm.' }],
    ],
    ['as state alone', {}, []],
  ])('goes back %s', (_name, members, summary) => {
    const turns = [assistant(thinking({ ...members, opaque: state }), said('x'))];
    expect(inputOf(turns)).toMatchObject([{ type: 'reasoning', summary }, { type: 'message' }]);
  });

  it('is left out without state', () => {
    const { body, notes } = encode({ turns: [assistant(thinking({ raw: 'Hm.' }), said('x'))] });
    expect(body['input']).toMatchObject([{ type: 'message' }]);
    expect(notes).toBe('');
  });

  it('is left out when nothing follows it, and says so', () => {
    const { body, notes } = encode({ turns: [assistant(said('x'), thinking({ opaque: state }))] });
    expect(body['input']).toMatchObject([{ type: 'message' }]);
    expect(notes).toBe('messages[1]=repaired');
  });
});
