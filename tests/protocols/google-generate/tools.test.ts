import { describe, expect, it } from 'vitest';
import type { FunctionTool, Tool, ToolChoice } from '../../../src/kernel/conversation.ts';
import { encode, upstream } from './support.ts';

const tool = (name: string, more: Partial<FunctionTool> = {}): Tool => ({
  kind: 'function',
  at: 'tools[0]',
  name,
  ...more,
});
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

  it('cleans schemas, and names the tool whose schema says less than it did (C085)', () => {
    const schema = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      properties: { format: { const: 'json' }, count: { type: 'integer', exclusiveMinimum: 0 } },
      patternProperties: { '^x': {} },
    };
    const { body, notes } = encode({ tools: [tool('a', { schema })] });
    expect(body['tools']).toMatchObject([
      {
        functionDeclarations: [
          {
            parametersJsonSchema: {
              type: 'object',
              properties: { format: { enum: ['json'] }, count: { type: 'integer', minimum: 1 } },
            },
          },
        ],
      },
    ]);
    expect(JSON.stringify(body)).not.toMatch(/\$schema|patternProperties|exclusiveMinimum|const/);
    expect(notes).toBe('tools[0]=simplified');
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
    expect(notes).toBe('tools[0]=simplified');
  });

  it('says nothing of a choice where there are no tools', () => {
    const { body } = encode({ toolChoice: { type: 'auto' } });
    expect(body).not.toHaveProperty('tools');
    expect(body).not.toHaveProperty('toolConfig');
  });

  it('notes what it has no word for', () => {
    const tools = [tool('a', { strict: true, cache: { ttl: '5m' } }), tool('b', { strict: false })];
    expect(encode({ tools, parallelToolCalls: false }).notes).toBe(
      'parallelToolCalls=dropped,cacheMark=dropped,tools[0].strict=dropped',
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
      { mode: 'VALIDATED', allowedFunctionNames: ['a', 'b'] },
    ],
  ])('writes the choice %j (C089)', (toolChoice, functionCallingConfig) => {
    expect(encode({ tools: two, toolChoice }).body['toolConfig']).toEqual({ functionCallingConfig });
  });

  it.each([
    ['ns.read:all-1', 'ns.read:all-1'],
    ['1st', '_1st'],
    ['läsen', 'l_sen'],
  ])('lets the tool %s be called %s', (name, wire) => {
    expect(encode({ tools: [tool(name)] }).body['tools']).toEqual([
      { functionDeclarations: [{ name: wire }] },
    ]);
  });

  it('takes names of up to 128 and ids of up to 256 characters', () => {
    expect([upstream.toolRules.names.max, upstream.toolRules.ids.max]).toEqual([128, 256]);
  });
});
