import { describe, expect, it } from 'vitest';
import type { Tool, ToolChoice } from '../../../src/kernel/conversation.ts';
import { encode } from './support.ts';

const tool = (name: string, more: object = {}): Tool => ({ kind: 'function', name, ...more });
const hosted: Tool = { kind: 'hosted', protocol: 'openai-responses', type: 'web_search', raw: {} };
const two = [tool('a'), tool('b')];

describe('google-generate tools', () => {
  it('writes all functions into one tool', () => {
    const schema = { type: 'object', properties: { city: { type: 'string' } } };
    const { body, notes } = encode({ tools: [tool('a', { description: 'A.', schema }), tool('b')] });
    expect(body['tools']).toEqual([
      {
        functionDeclarations: [{ name: 'a', description: 'A.', parametersJsonSchema: schema }, { name: 'b' }],
      },
    ]);
    expect(notes).toBe('');
  });

  it('says that parameters are an object where the client did not', () => {
    expect(encode({ tools: [tool('a', { schema: {} })] }).body['tools']).toEqual([
      { functionDeclarations: [{ name: 'a', parametersJsonSchema: { type: 'object' } }] },
    ]);
  });

  it('writes the older form of schema for a model that reads no other', () => {
    const schema = { properties: { a: { type: ['string', 'null'] } }, additionalProperties: false };
    const { body, notes } = encode({ tools: [tool('a', { schema })] }, { jsonSchemaParams: false });
    expect(body['tools']).toEqual([
      {
        functionDeclarations: [
          {
            name: 'a',
            parameters: { type: 'object', properties: { a: { type: 'string', nullable: true } } },
          },
        ],
      },
    ]);
    expect(notes).toBe('tools.schema=simplified');
  });

  it('puts the namespace in front of the name', () => {
    expect(encode({ tools: [tool('read', { namespace: 'files' })] }).body['tools']).toEqual([
      { functionDeclarations: [{ name: 'files__read' }] },
    ]);
  });

  it.each([
    ['flat', { type: 'grammar', syntax: 'lark', definition: 'start: "a"' }],
    ['nested', { type: 'grammar', grammar: { syntax: 'lark', definition: 'start: "a"' } }],
  ])('makes a function of a custom tool with a %s grammar', (_form, format) => {
    const { body, notes } = encode({ tools: [{ kind: 'custom', name: 'patch', description: 'P.', format }] });
    expect(body['tools']).toEqual([
      {
        functionDeclarations: [
          {
            name: 'patch',
            description: 'P.\n\nThe input has to follow this grammar:\nstart: "a"',
            parametersJsonSchema: {
              type: 'object',
              properties: { input: { type: 'string' } },
              required: ['input'],
            },
          },
        ],
      },
    ]);
    expect(notes).toBe('tools.patch=emulated');
  });

  it('makes a function without description of a bare custom tool', () => {
    expect(encode({ tools: [{ kind: 'custom', name: 'note' }] }).body['tools']).toMatchObject([
      { functionDeclarations: [{ name: 'note', parametersJsonSchema: { required: ['input'] } }] },
    ]);
  });

  it('drops tools of other services, and the choice that is left without tools', () => {
    const { body, notes } = encode({ tools: [hosted], toolChoice: { type: 'auto' } });
    expect(body).not.toHaveProperty('tools');
    expect(body).not.toHaveProperty('toolConfig');
    expect(notes).toBe('tools.web_search=dropped');
  });

  it('notes what it has no word for', () => {
    const tools = [tool('a', { strict: true, cache: { ttl: '5m' } }), tool('b', { strict: false })];
    expect(encode({ tools, parallelToolCalls: false }).notes).toBe(
      'cache_control=dropped,tools.strict=dropped,parallel_tool_calls=dropped',
    );
  });

  it.each<[ToolChoice, object]>([
    [{ type: 'auto' }, { mode: 'AUTO' }],
    [{ type: 'none' }, { mode: 'NONE' }],
    [{ type: 'required' }, { mode: 'ANY' }],
    [
      { type: 'tool', name: 'b' },
      { mode: 'ANY', allowedFunctionNames: ['b'] },
    ],
    [
      { type: 'allowed', mode: 'required', names: ['a', 'b'] },
      { mode: 'ANY', allowedFunctionNames: ['a', 'b'] },
    ],
    [
      { type: 'allowed', mode: 'auto', names: ['a', 'b'] },
      { mode: 'AUTO', allowedFunctionNames: ['a', 'b'] },
    ],
  ])('writes the choice %j (C089)', (toolChoice, functionCallingConfig) => {
    expect(encode({ tools: two, toolChoice }).body['toolConfig']).toEqual({ functionCallingConfig });
  });

  it.each<[string, Tool[], ToolChoice]>([
    ['a tool of another service', [...two, hosted], { type: 'tool', name: 'web_search' }],
    ['any tool where none is left', [hosted], { type: 'required' }],
  ])('refuses to force %s (C079)', (_case, tools, toolChoice) => {
    expect(() => encode({ tools, toolChoice })).toThrow(
      expect.objectContaining({
        kind: 'invalid-request',
        details: { param: 'tool_choice', code: 'unsupported_parameter' },
      }),
    );
  });
});
