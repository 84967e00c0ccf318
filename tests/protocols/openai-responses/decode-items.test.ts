import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../../src/kernel/json.ts';
import { call, decodeItems, output, refusalOfItems, turnsOf, user } from './client-request.ts';

const text = (value: string): JsonObject => ({ kind: 'text', text: value });
const says = (content: Json, members: JsonObject = {}): JsonObject => ({
  type: 'message',
  role: 'assistant',
  content,
  ...members,
});
const said = (value: string, members: JsonObject = {}): JsonObject =>
  says([{ type: 'output_text', text: value, annotations: [] }], members);

describe('openai-responses messages', () => {
  it.each<[string, JsonObject]>([
    ['the easy form', { role: 'user', content: 'go' }],
    ['the easy form with its type', { type: 'message', role: 'user', content: 'go' }],
    ['a list of parts', { role: 'user', content: [{ type: 'input_text', text: 'go' }] }],
    ['text by another name', { role: 'user', content: [{ type: 'text', text: 'go' }] }],
    [
      'empty texts beside',
      {
        role: 'user',
        content: [
          { type: 'input_text', text: '' },
          { type: 'input_text', text: 'go' },
        ],
      },
    ],
    [
      'marks of its making',
      { type: 'message', id: 'msg_1', status: 'completed', role: 'user', content: 'go' },
    ],
    ['no type', { type: null, role: 'user', content: 'go' }],
  ])('reads what the user says: %s', (_form, item) => {
    expect(decodeItems(item)).toMatchObject({
      request: { turns: [{ role: 'user', at: 'input[0]', parts: [text('go')] }] },
      notes: '',
    });
  });

  it('reads an empty text as a user who says nothing', () => {
    expect(turnsOf({ role: 'user', content: '' })).toEqual([{ role: 'user', at: 'input[0]', parts: [] }]);
  });

  it('takes leading system and developer messages for the system prompt (C099)', () => {
    const { request } = decodeItems(
      { role: 'developer', content: 'A' },
      {
        type: 'message',
        role: 'system',
        content: [{ type: 'input_text', text: 'B', prompt_cache_breakpoint: {} }],
      },
      user,
    );
    expect(request.system).toEqual([
      { role: 'developer', text: 'A' },
      { role: 'system', text: 'B', cache: { ttl: '30m' } },
    ]);
    expect(request.turns).toEqual([{ role: 'user', at: 'input[2]', parts: [text('go')] }]);
  });

  it('leaves a later system message where it stands', () => {
    expect(turnsOf(user, { role: 'developer', content: 'C' }, { role: 'system', content: '' })).toMatchObject(
      [{ role: 'user' }, { role: 'developer', at: 'input[1]', parts: [text('C')] }],
    );
  });

  it('does not take a message behind the first answer for the system prompt', () => {
    const { request } = decodeItems(said('hello'), { role: 'developer', content: 'C' });
    expect(request.system).toEqual([]);
    expect(request.turns).toMatchObject([{ role: 'assistant' }, { role: 'developer' }]);
  });

  it.each<[string, Json]>([
    ['a string', 'yes'],
    ['what was put out', [{ type: 'output_text', text: 'yes', annotations: [], logprobs: [] }]],
    ['what was put in', [{ type: 'input_text', text: 'yes' }]],
  ])('reads what the assistant said: %s', (_form, content) => {
    expect(turnsOf(says(content))).toEqual([{ role: 'assistant', at: 'input[0]', parts: [text('yes')] }]);
  });

  it('keeps refusals and the phase of texts', () => {
    const content = [
      { type: 'output_text', text: 'wait' },
      { type: 'refusal', refusal: 'no' },
    ];
    expect(turnsOf(says(content, { phase: 'commentary' }))).toMatchObject([
      {
        parts: [
          { kind: 'text', text: 'wait', phase: 'commentary' },
          { kind: 'refusal', text: 'no' },
        ],
      },
    ]);
  });

  it('keeps web citations and notes those of files', () => {
    const annotations = [
      { type: 'url_citation', url: 'https://a.example', title: 'A', start_index: 0, end_index: 3 },
      { type: 'file_citation', file_id: 'file-1', filename: 'a.txt', index: 0 },
    ];
    const { request, notes } = decodeItems(says([{ type: 'output_text', text: 'yes', annotations }]));
    expect(request.turns).toMatchObject([
      { parts: [{ annotations: [{ kind: 'url', url: 'https://a.example', title: 'A', start: 0, end: 3 }] }] },
    ]);
    expect(notes).toBe('input[0].content[0].annotations=dropped');
  });

  it('notes what else a message and its parts hold', () => {
    const content = [{ type: 'input_text', text: 'go', tone: 'warm' }];
    expect(decodeItems({ role: 'user', content, name: 'Ann' }).notes).toBe(
      'input[0].name=ignored,input[0].content[0].tone=ignored',
    );
  });
});

describe('openai-responses turns', () => {
  it('joins neighbouring items of the assistant, and neighbouring results', () => {
    const turns = turnsOf(
      user,
      { type: 'reasoning', summary: [{ type: 'summary_text', text: 'hm' }] },
      said('I look.', { phase: 'commentary' }),
      call('c1'),
      call('c2'),
      output('c1'),
      output('c2'),
      said('Done.', { phase: 'final_answer' }),
    );
    expect(turns.map(({ role, at }) => [role, at])).toEqual([
      ['user', 'input[0]'],
      ['assistant', 'input[1]'],
      ['tool', 'input[5]'],
      ['assistant', 'input[7]'],
    ]);
    expect(turns).toMatchObject([
      {},
      { parts: [{ kind: 'reasoning' }, { kind: 'text', phase: 'commentary' }, { id: 'c1' }, { id: 'c2' }] },
      {
        results: [
          { at: 'input[5].call_id', callId: 'c1' },
          { at: 'input[6].call_id', callId: 'c2' },
        ],
      },
      { parts: [{ phase: 'final_answer' }] },
    ]);
  });

  it('keeps calls one after the other apart', () => {
    const turns = turnsOf(user, call('c1'), output('c1'), call('c2'), output('c2'));
    expect(turns.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool', 'assistant', 'tool']);
  });

  it('leaves a call that was never answered as it is (C067)', () => {
    expect(turnsOf(user, call('c1'), user).map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
  });

  it('leaves out an answer that comes to nothing', () => {
    expect(turnsOf(user, says('')).map(({ role }) => role)).toEqual(['user']);
  });

  it.each([
    'web_search_call',
    'file_search_call',
    'code_interpreter_call',
    'image_generation_call',
    'computer_call',
    'computer_call_output',
    'mcp_list_tools',
    'mcp_approval_request',
    'mcp_approval_response',
    'mcp_call',
    'tool_search_call',
  ])('drops a %s, which does not part its neighbours', (type) => {
    const { request, notes } = decodeItems(user, call('c1'), { type, id: 'x' }, call('c2'));
    expect(request.turns).toMatchObject([{ role: 'user' }, { parts: [{ id: 'c1' }, { id: 'c2' }] }]);
    expect(notes).toBe('input[2]=dropped');
  });
});

describe('openai-responses agent messages', () => {
  const told = (content: Json): JsonObject => ({
    type: 'agent_message',
    id: 'amsg_1',
    author: '/root',
    recipient: '/root/lister',
    content,
  });
  const cipher = { type: 'encrypted_content', encrypted_content: 'gAAAAABqdGVzdF9jaXBoZXI-_w==' };

  it('reads them as what a user says', () => {
    const task = { type: 'encrypted_content', encrypted_content: 'List the files.' };
    const head = { type: 'input_text', text: 'Sender: /root\nPayload:\n' };
    expect(decodeItems(told([head, task]))).toMatchObject({
      request: {
        turns: [{ role: 'user', parts: [text('Sender: /root\nPayload:\n'), text('List the files.')] }],
      },
      notes: '',
    });
  });

  it.each([
    ['text', 'done', [text('done')]],
    ['nothing', null, []],
  ])('reads one of %s', (_form, content, parts) => {
    expect(turnsOf(told(content))).toEqual([{ role: 'user', at: 'input[0]', parts }]);
  });

  it('refuses words that only their own service can read', () => {
    expect(refusalOfItems(told([cipher]))).toMatchObject({
      kind: 'invalid-request',
      param: 'input[0].content[0].encrypted_content',
    });
  });
});

describe('openai-responses refusals of items', () => {
  it.each<[string, JsonObject, string]>([
    ['a reference', { type: 'item_reference', id: 'msg_1' }, 'input[1]'],
    ['a reference without its type', { id: 'msg_1' }, 'input[1]'],
    ['a program', { type: 'program', id: 'p', call_id: 'c', code: '1' }, 'input[1]'],
    ['the output of a program', { type: 'program_output', id: 'p', call_id: 'c' }, 'input[1]'],
    ['a compacted conversation', { type: 'compaction', encrypted_content: 'gAAAA' }, 'input[1]'],
    ['one by its old name', { type: 'compaction_summary', encrypted_content: 'gAAAA' }, 'input[1]'],
    ['a wish to compact', { type: 'compaction_trigger' }, 'input[1]'],
    ['an item of next month', { type: 'dream' }, 'input[1].type'],
    ['a type that is a name of every object', { type: 'constructor' }, 'input[1].type'],
    ['no type', {}, 'input[1].type'],
    ['a type of another type', { type: 5 }, 'input[1].type'],
    ['an unknown role', { role: 'tool', content: 'a' }, 'input[1].role'],
    ['a role of another type', { role: 5, content: 'a' }, 'input[1].role'],
    ['no content', { role: 'user' }, 'input[1].content'],
    ['content of another type', { role: 'user', content: 5 }, 'input[1].content'],
    ['a part of another type', { role: 'user', content: ['a'] }, 'input[1].content[0]'],
    ['a part without a type', { role: 'user', content: [{ text: 'a' }] }, 'input[1].content[0].type'],
    [
      'a part without its text',
      { role: 'user', content: [{ type: 'input_text' }] },
      'input[1].content[0].text',
    ],
    [
      'sound',
      { role: 'user', content: [{ type: 'input_audio', input_audio: {} }] },
      'input[1].content[0].type',
    ],
    [
      'an image for the system',
      { role: 'system', content: [{ type: 'input_image' }] },
      'input[1].content[0].type',
    ],
    ['an image in an answer', says([{ type: 'input_image' }]), 'input[1].content[0].type'],
    ['a refusal without words', says([{ type: 'refusal' }]), 'input[1].content[0].refusal'],
    [
      'annotations that are no list',
      says([{ type: 'text', text: 'a', annotations: {} }]),
      'input[1].content[0].annotations',
    ],
    ['a phase of another type', says('a', { phase: 5 }), 'input[1].phase'],
    [
      'a mark of another type',
      { role: 'user', content: [{ type: 'text', text: 'a', prompt_cache_breakpoint: 1 }] },
      'input[1].content[0].prompt_cache_breakpoint',
    ],
  ])('names what is wrong: %s', (_what, item, param) => {
    expect(refusalOfItems(user, item)).toMatchObject({ kind: 'invalid-request', param });
  });
});
