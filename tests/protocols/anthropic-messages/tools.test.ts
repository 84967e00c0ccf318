import { describe, expect, it } from 'vitest';
import type { ChatRequest, FunctionTool } from '../../../src/kernel/conversation.ts';
import { anthropicMessages } from '../../../src/protocols/anthropic-messages/index.ts';
import { calls, encode, results, user } from './setup.ts';

const tool = (name: string, fields: Partial<FunctionTool> = {}): FunctionTool => ({
  kind: 'function',
  name,
  at: 'tools[0]',
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

  it('carry description, schema and strictness, built in or not', () => {
    const fields = { description: 'd', schema: closed, strict: true, builtin: 'shell' };
    expect(sent({ tools: [tool('f', fields)] }).tools).toEqual([
      { name: 'f', description: 'd', input_schema: closed, strict: true },
    ]);
  });

  it.each([
    ['the schema is open', { type: 'object', properties: {} }, {}],
    ['the schema has limits', { ...closed, properties: { a: { type: 'string', maxLength: 3 } } }, {}],
    ['the model has no strict tools', closed, { strictTools: false }],
  ])('lose strictness, not keywords, when %s', (_what, schema, capabilities) => {
    const { body, notes } = encode({ tools: [tool('f', { schema, strict: true })] }, capabilities);
    expect(body['tools']).toEqual([{ name: 'f', input_schema: schema }]);
    expect(notes).toBe('tools[0].its.strict=dropped');
  });

  it('say nothing of strictness that is off', () => {
    expect(sent({ tools: [tool('f', { schema: closed, strict: false })] })).toEqual({
      tools: [{ name: 'f', input_schema: closed }],
      choice: undefined,
      notes: '',
    });
  });

  it('have one schema where alternatives were given', () => {
    const schema = { anyOf: [{ properties: { a: { type: 'string' } } }] };
    expect(sent({ tools: [tool('f', { schema, at: 'tools[3]' })] })).toMatchObject({
      tools: [{ input_schema: { type: 'object', properties: { a: { type: 'string' } } } }],
      notes: 'tools[3]=merged',
    });
  });

  it('that the history calls are named even when the client sends none', () => {
    const { tools, choice, notes } = sent({ turns: [user('a'), calls('c1', 'c2'), results('c1', 'c2')] });
    expect(tools).toEqual([WIRE_F]);
    expect(choice).toEqual({ type: 'none' });
    expect(notes).toBe('its.tools=emulated');
  });

  it('take names and ids of letters, digits, _ and -', () => {
    const { names, ids, customTools, allowedTools } = anthropicMessages.upstream.toolRules;
    expect('a.b:c-d_E9'.replace(names.illegal, '')).toBe('abc-d_E9');
    expect('toolu_a.b-9'.replace(ids.illegal, '')).toBe('toolu_ab-9');
    expect({ max: [names.max, ids.max], customTools, allowedTools }).toEqual({
      max: [128, 256],
      customTools: false,
      allowedTools: false,
    });
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
    [
      'some of the tools, when all are offered, as any of them',
      { toolChoice: { type: 'allowed', mode: 'required', names: ['f', 'g'] } },
      { type: 'any' },
    ],
    [
      'some of the tools, none demanded',
      { toolChoice: { type: 'allowed', mode: 'auto', names: ['f', 'g'] } },
      { type: 'auto' },
    ],
    [
      "a tool of the client's own service, as if unsaid",
      { toolChoice: { type: 'hosted', name: 'x' } },
      { type: 'auto' },
    ],
  ])('says %s', (_what, fields, choice) => {
    expect(sent({ tools: [F, G], ...fields })).toEqual({ tools: [WIRE_F, WIRE_G], choice, notes: '' });
  });

  it('keeps the tools of a history that may call no more (C090)', () => {
    const turns = [user('a'), calls('c1'), results('c1')];
    expect(sent({ tools: [F, G], toolChoice: { type: 'none' }, turns })).toEqual({
      tools: [WIRE_F, WIRE_G],
      choice: { type: 'none' },
      notes: '',
    });
  });

  it('is not said without tools', () => {
    expect(sent({ toolChoice: { type: 'auto' }, parallelToolCalls: false })).toEqual({
      tools: undefined,
      choice: undefined,
      notes: '',
    });
  });
});
