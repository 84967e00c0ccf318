import { describe, expect, it } from 'vitest';
import type { ChatRequest, FunctionTool, Tool } from '../../../src/kernel/conversation.ts';
import { calls, encode, results, user } from './setup.ts';

const tool = (name: string, fields: Partial<FunctionTool> = {}): FunctionTool => ({
  kind: 'function',
  name,
  ...fields,
});
const EMPTY = { type: 'object', properties: {} };
const F = tool('f');
const G = tool('g');
const WIRE_F = { name: 'f', input_schema: EMPTY };
const WIRE_G = { name: 'g', input_schema: EMPTY };
const sent = (fields: Partial<ChatRequest>): { tools: unknown; choice: unknown; notes: string } => {
  const { body, notes } = encode(fields);
  return { tools: body['tools'], choice: body['tool_choice'], notes };
};
const closed = { type: 'object', properties: { a: { type: 'string' } }, additionalProperties: false };

describe('anthropic-messages tools', () => {
  it('have a schema even without parameters (C084)', () => {
    expect(sent({ tools: [F] })).toEqual({ tools: [WIRE_F], choice: undefined, notes: '' });
  });

  it('carry description, schema and strictness', () => {
    expect(
      sent({ tools: [tool('f', { description: 'd', schema: closed, strict: true, namespace: 'ns' })] }).tools,
    ).toEqual([{ name: 'ns__f', description: 'd', input_schema: closed, strict: true }]);
  });

  it.each([
    ['the schema is open', { type: 'object', properties: {} }, {}],
    ['the schema has limits', { ...closed, properties: { a: { type: 'string', maxLength: 3 } } }, {}],
    ['the model has no strict tools', closed, { strictTools: false }],
  ])('lose strictness, not keywords, when %s', (_what, schema, capabilities) => {
    const { body, notes } = encode({ tools: [tool('f', { schema, strict: true })] }, capabilities);
    expect(body['tools']).toEqual([{ name: 'f', input_schema: schema }]);
    expect(notes).toBe('tools[0].strict=dropped');
  });

  it('say nothing of strictness that is off', () => {
    expect(sent({ tools: [tool('f', { schema: closed, strict: false })] })).toEqual({
      tools: [{ name: 'f', input_schema: closed }],
      choice: undefined,
      notes: '',
    });
  });

  it.each([
    [{ type: 'grammar', syntax: 'lark', definition: 'start: "a"' }],
    [{ type: 'grammar', grammar: { syntax: 'lark', definition: 'start: "a"' } }],
  ])('for free text become functions with one argument, told of %j (C074)', (format) => {
    const custom: Tool = { kind: 'custom', name: 'patch', description: 'Edits.', format };
    expect(sent({ tools: [custom] })).toEqual({
      tools: [
        {
          name: 'patch',
          description: 'Edits.\n\nThe input has to match this lark grammar:\nstart: "a"',
          input_schema: { type: 'object', properties: { input: { type: 'string' } }, required: ['input'] },
        },
      ],
      choice: undefined,
      notes: 'tools[0]=emulated',
    });
  });

  it('for free text need no description', () => {
    expect(sent({ tools: [{ kind: 'custom', name: 'patch' }] }).tools).toEqual([
      {
        name: 'patch',
        input_schema: { type: 'object', properties: { input: { type: 'string' } }, required: ['input'] },
      },
    ]);
  });

  it('of other services are dropped, its own are kept (C078)', () => {
    const own = { type: 'web_search_20250305', name: 'web_search' };
    const tools: Tool[] = [
      { kind: 'hosted', protocol: 'openai-responses', type: 'web_search', raw: { type: 'web_search' } },
      { kind: 'hosted', protocol: 'anthropic-messages', type: 'web_search_20250305', raw: own },
      { kind: 'hosted', protocol: 'anthropic-messages', type: 'nameless', raw: { type: 'nameless' } },
      F,
    ];
    expect(sent({ tools })).toEqual({
      tools: [own, { type: 'nameless' }, WIRE_F],
      choice: undefined,
      notes: 'tools[0]=dropped',
    });
  });

  it('that come to one name are refused (C077)', () => {
    expect(() => sent({ tools: [tool('ns__f'), tool('f', { namespace: 'ns' })] })).toThrow(
      'tools: two tools have the name ns__f',
    );
  });

  it('that the history calls are named even when the client sends none', () => {
    const { tools, choice, notes } = sent({ turns: [user('a'), calls('c1', 'c2'), results('c1', 'c2')] });
    expect(tools).toEqual([WIRE_F]);
    expect(choice).toEqual({ type: 'none' });
    expect(notes).toBe('tools=emulated');
  });
});

describe('anthropic-messages tool choice', () => {
  it.each<[string, Partial<ChatRequest>, unknown]>([
    ['auto', { toolChoice: { type: 'auto' } }, { type: 'auto' }],
    ['required as any (C088)', { toolChoice: { type: 'required' } }, { type: 'any' }],
    ['none (C090)', { toolChoice: { type: 'none' } }, { type: 'none' }],
    ['one tool', { toolChoice: { type: 'tool', name: 'g' } }, { type: 'tool', name: 'g' }],
    [
      'no parallel calls (C087)',
      { parallelToolCalls: false },
      { type: 'auto', disable_parallel_tool_use: true },
    ],
    [
      'one tool, once',
      { toolChoice: { type: 'tool', name: 'g' }, parallelToolCalls: false },
      { type: 'tool', name: 'g', disable_parallel_tool_use: true },
    ],
    [
      'none, which has no calls to be parallel',
      { toolChoice: { type: 'none' }, parallelToolCalls: false },
      { type: 'none' },
    ],
    ['parallel calls, the default', { parallelToolCalls: true }, undefined],
  ])('says %s', (_what, fields, choice) => {
    expect(sent({ tools: [F, G], ...fields })).toEqual({ tools: [WIRE_F, WIRE_G], choice, notes: '' });
  });

  it.each([
    ['auto', 'auto'],
    ['required', 'any'],
  ] as const)('cuts the offer to the allowed tools, %s (C089)', (mode, type) => {
    expect(sent({ tools: [F, G], toolChoice: { type: 'allowed', mode, names: ['g'] } })).toEqual({
      tools: [WIRE_G],
      choice: { type },
      notes: '',
    });
  });

  it('keeps a tool that the history calls', () => {
    const fields: Partial<ChatRequest> = {
      tools: [F, G],
      toolChoice: { type: 'allowed', mode: 'auto', names: ['g'] },
      turns: [user('a'), calls('c1'), results('c1')],
    };
    expect(sent(fields).tools).toEqual([WIRE_F, WIRE_G]);
  });

  it.each<Partial<ChatRequest>>([
    { toolChoice: { type: 'required' } },
    { toolChoice: { type: 'tool', name: 'f' } },
    { toolChoice: { type: 'allowed', mode: 'required', names: ['x'] }, tools: [F] },
    { toolChoice: { type: 'tool', name: 'x' }, tools: [F] },
    {
      toolChoice: { type: 'tool', name: 'file_search' },
      tools: [F, { kind: 'hosted', protocol: 'openai-responses', type: 'file_search', raw: {} }],
    },
  ])('is refused when it forces what is not there: %j (C079)', (fields) => {
    expect(() => sent(fields)).toThrow(/^tool_choice: /);
  });

  it('is not said without tools', () => {
    expect(sent({ toolChoice: { type: 'auto' }, parallelToolCalls: false })).toEqual({
      tools: undefined,
      choice: undefined,
      notes: '',
    });
  });
});
