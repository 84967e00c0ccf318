import { describe, expect, it } from 'vitest';
import type { Capabilities } from '../../../src/kernel/capabilities.ts';
import type { FunctionTool, ToolChoice } from '../../../src/kernel/conversation.ts';
import type { Json } from '../../../src/kernel/json.ts';
import { COMMON, encode, OPENAI } from './encode-support.ts';

const TOOL: FunctionTool = { kind: 'function', at: 'tools[0]', name: 'get_weather' };
const CLOSED = {
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
};
const SCHEMA = { type: 'object', properties: { city: { type: 'string' } } };

/** The definition of the one tool, and the notes. */
function encodeTool(tool: Partial<FunctionTool>, strictTools?: boolean, vendor: Capabilities = COMMON) {
  const can = { ...vendor, ...(strictTools !== undefined && { strictTools }) };
  const { body, notes } = encode({ tools: [{ ...TOOL, ...tool }] }, can);
  return { tools: body['tools'], notes };
}

describe('openai-chat tools', () => {
  it.each<[Partial<FunctionTool>, Json]>([
    [{}, { name: 'get_weather' }],
    [
      { description: 'Looks out.', schema: SCHEMA, strict: false },
      { name: 'get_weather', description: 'Looks out.', parameters: SCHEMA },
    ],
    [
      { schema: CLOSED, strict: true },
      { name: 'get_weather', parameters: CLOSED, strict: true },
    ],
  ])('of %j', (tool, definition) => {
    expect(encodeTool(tool)).toEqual({ tools: [{ type: 'function', function: definition }], notes: '' });
  });

  it('are not strict where the model cannot be', () => {
    expect(encodeTool({ schema: CLOSED, strict: true }, false)).toEqual({
      tools: [{ type: 'function', function: { name: 'get_weather', parameters: CLOSED } }],
      notes: 'tools[0].its.strict=dropped',
    });
  });

  it.each<[Partial<FunctionTool>, Json, string]>([
    [
      { schema: SCHEMA, strict: true },
      { name: 'get_weather', parameters: SCHEMA },
      'tools[0].its.strict=dropped',
    ],
    [{ strict: true }, { name: 'get_weather' }, 'tools[0].its.strict=dropped'],
    [
      { schema: { type: 'object' } },
      { name: 'get_weather', parameters: { type: 'object', properties: {} } },
      '',
    ],
    [{ schema: { anyOf: [SCHEMA] } }, { name: 'get_weather', parameters: SCHEMA }, 'tools[0]=merged'],
  ])('of %j say what OpenAI wants to read', (tool, definition, notes) => {
    const encoded = encodeTool(tool, undefined, OPENAI);
    expect(encoded).toEqual({ tools: [{ type: 'function', function: definition }], notes });
  });

  it.each<[Partial<FunctionTool>, Json]>([
    [
      { schema: SCHEMA, strict: true },
      { name: 'get_weather', parameters: SCHEMA, strict: true },
    ],
    [{ schema: { anyOf: [SCHEMA] } }, { name: 'get_weather', parameters: { anyOf: [SCHEMA] } }],
    [{ schema: { type: 'object' } }, { name: 'get_weather', parameters: { type: 'object', properties: {} } }],
  ])('of %j are only filled up for other vendors', (tool, definition) => {
    expect(encodeTool(tool)).toEqual({ tools: [{ type: 'function', function: definition }], notes: '' });
  });

  it.each<[ToolChoice, Json]>([
    [{ type: 'auto' }, 'auto'],
    [{ type: 'required' }, 'required'],
    [
      { type: 'tool', name: 'get_weather' },
      { type: 'function', function: { name: 'get_weather' } },
    ],
    [{ type: 'allowed', mode: 'required', names: ['get_weather'] }, 'required'],
    [{ type: 'hosted', name: 'web_search' }, 'auto'],
  ])('are chosen by %j', (toolChoice, expected) => {
    expect(encode({ tools: [TOOL], toolChoice }).body['tool_choice']).toEqual(expected);
  });

  it('stay when none may be called (C090)', () => {
    const { body } = encode({ tools: [TOOL], toolChoice: { type: 'none' } });
    expect(body).toMatchObject({ tool_choice: 'none', tools: [{ function: { name: 'get_weather' } }] });
  });

  it.each([true, false])('are called in parallel: %j (C086)', (parallelToolCalls) => {
    expect(encode({ tools: [TOOL], parallelToolCalls }).body['parallel_tool_calls']).toBe(parallelToolCalls);
  });

  it('that are none leave no member', () => {
    const { body } = encode({ toolChoice: { type: 'none' }, parallelToolCalls: false });
    expect(Object.keys(body)).toEqual(['messages', 'stream', 'stream_options']);
  });
});
