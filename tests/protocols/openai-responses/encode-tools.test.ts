import { describe, expect, it } from 'vitest';
import type { Tool, ToolChoice } from '../../../src/kernel/conversation.ts';
import type { Json, JsonObject } from '../../../src/kernel/json.ts';
import { encode } from './support.ts';

const weather: Tool = { kind: 'function', at: 'tools[0]', name: 'get_weather' };
const closed = { type: 'object', properties: {}, required: [], additionalProperties: false };
const patch: Tool = { kind: 'custom', at: 'tools[1]', name: 'apply_patch' };

describe('tools of an openai-responses request', () => {
  it.each<[string, Tool, JsonObject]>([
    [
      'a bare function, explicitly not strict (C083)',
      weather,
      {
        type: 'function',
        name: 'get_weather',
        parameters: { type: 'object', properties: {} },
        strict: false,
      },
    ],
    [
      'a function with everything',
      { ...weather, description: 'd', schema: closed, strict: true },
      {
        type: 'function',
        name: 'get_weather',
        description: 'd',
        parameters: closed,
        strict: true,
      },
    ],
    [
      'a tool that another dialect lays down, as a function like any other',
      { ...weather, name: 'bash', builtin: 'bash_20250124' },
      { type: 'function', name: 'bash', parameters: { type: 'object', properties: {} }, strict: false },
    ],
    ['a custom tool', patch, { type: 'custom', name: 'apply_patch' }],
    [
      'a grammar of this dialect',
      { ...patch, description: 'd', format: { type: 'grammar', syntax: 'lark', definition: 'x' } },
      {
        type: 'custom',
        name: 'apply_patch',
        description: 'd',
        format: { type: 'grammar', syntax: 'lark', definition: 'x' },
      },
    ],
    [
      'a grammar of Chat Completions',
      { ...patch, format: { type: 'grammar', grammar: { syntax: 'lark', definition: 'x' } } },
      { type: 'custom', name: 'apply_patch', format: { type: 'grammar', syntax: 'lark', definition: 'x' } },
    ],
  ])('are written: %s', (_name, tool, expected) => {
    expect(encode({ tools: [tool] }).body['tools']).toEqual([expected]);
  });

  it.each<[JsonObject | undefined, JsonObject, string]>([
    [{ type: 'object' }, { type: 'object', properties: {} }, 'tools[0].the_strictness=dropped'],
    [undefined, { type: 'object', properties: {} }, 'tools[0].the_strictness=dropped'],
    [
      { oneOf: [closed], additionalProperties: false },
      { additionalProperties: false, type: 'object', properties: {} },
      'tools[0]=merged',
    ],
  ])('are made what OpenAI takes: %j', (schema, parameters, notes) => {
    const { body, notes: noted } = encode({
      tools: [{ ...weather, ...(schema && { schema }), strict: true }],
    });
    expect(body['tools']).toMatchObject([{ parameters }]);
    expect(noted).toBe(notes);
  });

  it.each<[ToolChoice, Json]>([
    [{ type: 'auto' }, 'auto'],
    [{ type: 'required' }, 'required'],
    [{ type: 'none' }, 'none'],
    [
      { type: 'tool', name: 'get_weather' },
      { type: 'function', name: 'get_weather' },
    ],
    [
      { type: 'tool', name: 'apply_patch' },
      { type: 'custom', name: 'apply_patch' },
    ],
    [
      { type: 'allowed', mode: 'required', names: ['get_weather', 'apply_patch'] },
      {
        type: 'allowed_tools',
        mode: 'required',
        tools: [
          { type: 'function', name: 'get_weather' },
          { type: 'custom', name: 'apply_patch' },
        ],
      },
    ],
  ])('are chosen by %o', (toolChoice, expected) => {
    expect(encode({ tools: [weather, patch], toolChoice }).body['tool_choice']).toEqual(expected);
  });

  it.each([true, false])('may be called in parallel: %s', (parallelToolCalls) => {
    expect(encode({ tools: [weather], parallelToolCalls }).body['parallel_tool_calls']).toBe(
      parallelToolCalls,
    );
  });

  it('that are not there leave no choice behind', () => {
    const { body } = encode({ toolChoice: { type: 'auto' }, parallelToolCalls: false });
    expect(Object.keys(body)).toEqual(['input', 'stream', 'store', 'include']);
  });
});
