import { describe, expect, it } from 'vitest';
import type { Tool, ToolChoice } from '../../../src/kernel/conversation.ts';
import type { Json, JsonObject } from '../../../src/kernel/json.ts';
import { encode } from './support.ts';

const weather: Tool = { kind: 'function', name: 'get_weather' };
const patch: Tool = { kind: 'custom', name: 'apply_patch' };
const foreign: Tool = {
  kind: 'hosted',
  protocol: 'anthropic-messages',
  type: 'web_search_20250305',
  raw: { type: 'web_search_20250305', name: 'web_search' },
};
const toolsOf = (...tools: Tool[]): Json | undefined => encode({ tools }).body['tools'];

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
      { ...weather, description: 'd', schema: { type: 'object', required: ['a'] }, strict: true },
      {
        type: 'function',
        name: 'get_weather',
        description: 'd',
        parameters: { type: 'object', required: ['a'] },
        strict: true,
      },
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
    [
      'a hosted tool of this dialect',
      { kind: 'hosted', protocol: 'openai-responses', type: 'web_search', raw: { type: 'web_search', x: 1 } },
      { type: 'web_search', x: 1 },
    ],
  ])('are written: %s', (_name, tool, expected) => {
    expect(toolsOf(tool)).toEqual([expected]);
  });

  it('are gathered by namespace at the place of the first', () => {
    const inClock = (name: string): Tool => ({ kind: 'function', name, namespace: 'clock' });
    expect(toolsOf(inClock('now'), weather, inClock('zone'))).toMatchObject([
      { type: 'namespace', name: 'clock', tools: [{ name: 'now' }, { name: 'zone' }] },
      { name: 'get_weather' },
    ]);
  });

  it('of another service are left out, and say so', () => {
    const { body, notes } = encode({ tools: [weather, foreign] });
    expect(body['tools']).toMatchObject([{ name: 'get_weather' }]);
    expect(notes).toBe('tools[1]=dropped');
  });

  it.each(['web_search', 'web_search_20250305'])(
    'of another service are refused when %s is forced',
    (name) => {
      const toolChoice: ToolChoice = { type: 'tool', name };
      expect(() => encode({ tools: [weather, foreign], toolChoice })).toThrow('tools[1]: ');
    },
  );

  it.each<[string, ToolChoice]>([
    ['any', { type: 'required' }],
    ['one', { type: 'tool', name: 'gone' }],
  ])('cannot be forced when none remains: %s', (_name, toolChoice) => {
    expect(() => encode({ tools: [foreign], toolChoice })).toThrow('tool_choice: ');
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
