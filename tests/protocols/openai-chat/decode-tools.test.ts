import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/kernel/json.ts';
import { decode } from './support.ts';

const toolsOf = (members: JsonObject) => decode(members).request.tools;
const choiceOf = (members: JsonObject) => decode(members).request.toolChoice;

describe('openai-chat tools', () => {
  it('reads functions, custom tools and what runs at the vendor', () => {
    const parameters = { type: 'object', properties: { a: { type: 'string' } } };
    const format = { type: 'grammar', grammar: { syntax: 'lark', definition: 'start: "a"' } };
    const hosted = { type: 'web_search', web_search: { enable: true } };
    expect(
      toolsOf({
        tools: [
          {
            type: 'function',
            function: { name: 'f', description: 'does f', parameters, strict: false },
            cache_control: { type: 'ephemeral' },
          },
          { type: 'function', function: { name: 'bare', parameters: null } },
          { type: 'custom', custom: { name: 'g', description: 'does g', format } },
          hosted,
        ],
      }),
    ).toEqual([
      {
        kind: 'function',
        at: 'tools[0]',
        name: 'f',
        description: 'does f',
        schema: parameters,
        strict: false,
        cache: { ttl: '5m' },
      },
      { kind: 'function', at: 'tools[1]', name: 'bare' },
      { kind: 'custom', at: 'tools[2]', name: 'g', description: 'does g', format },
      { kind: 'hosted', at: 'tools[3]', protocol: 'openai-chat', type: 'web_search', raw: hosted },
    ]);
  });

  it('reads the old functions too (C092)', () => {
    expect(toolsOf({ functions: [{ name: 'f', parameters: { type: 'object' } }] })).toEqual([
      { kind: 'function', at: 'functions[0]', name: 'f', schema: { type: 'object' } },
    ]);
  });

  it.each([
    [{ tools: {} }, 'tools'],
    [{ tools: ['f'] }, 'tools[0]'],
    [{ tools: [{}] }, 'tools[0].type'],
    [{ tools: [{ type: 'function' }] }, 'tools[0].function'],
    [{ tools: [{ type: 'function', function: {} }] }, 'tools[0].function.name'],
    [{ tools: [{ type: 'function', function: { name: '' } }] }, 'tools[0].function.name'],
    [{ tools: [{ type: 'custom', custom: { name: '' } }] }, 'tools[0].custom.name'],
    [{ functions: [{ name: '' }] }, 'functions[0].name'],
    [{ tool_choice: { type: 'function', function: { name: '' } } }, 'tool_choice.function.name'],
    [{ tools: [{ type: 'function', function: { name: 'f', strict: 1 } }] }, 'tools[0].function.strict'],
    [{ tools: [{ type: 'custom', custom: { name: 'f', format: 'x' } }] }, 'tools[0].custom.format'],
    [{ functions: [{ name: 'f', parameters: [] }] }, 'functions[0].parameters'],
    [{ tool_choice: 'any' }, 'tool_choice'],
    [{ tool_choice: 5 }, 'tool_choice'],
    [{ tool_choice: { type: 'function' } }, 'tool_choice.function'],
    [{ tool_choice: { type: 'function', function: {} } }, 'tool_choice.function.name'],
    [{ tool_choice: { type: 'allowed_tools', allowed_tools: {} } }, 'tool_choice.allowed_tools.tools'],
    [
      { tool_choice: { type: 'allowed_tools', allowed_tools: { tools: [{ type: 'function' }] } } },
      'tool_choice.allowed_tools.tools[0].name',
    ],
    [{ function_call: 'required' }, 'function_call'],
    [{ function_call: {} }, 'function_call.name'],
  ])('refuses %j, naming %s', (members, param) => {
    expect(() => decode(members)).toThrow(
      expect.objectContaining({ details: expect.objectContaining({ param }) as object }) as Error,
    );
  });
});

describe('openai-chat tool choice', () => {
  it.each([
    [{ tool_choice: 'auto' }, { type: 'auto' }],
    [{ tool_choice: 'required' }, { type: 'required' }],
    [{ tool_choice: 'none' }, { type: 'none' }],
    [{ tool_choice: { type: 'function', function: { name: 'f' } } }, { type: 'tool', name: 'f' }],
    [{ tool_choice: { type: 'custom', custom: { name: 'g' } } }, { type: 'tool', name: 'g' }],
    [{ tool_choice: { type: 'web_search' } }, { type: 'hosted', name: 'web_search' }],
    [{ function_call: 'none' }, { type: 'none' }],
    [{ function_call: { name: 'f' } }, { type: 'tool', name: 'f' }],
    [{ function_call: 'none', tool_choice: 'auto' }, { type: 'auto' }],
    [{}, undefined],
  ])('reads %j', (members, expected) => {
    expect(choiceOf(members)).toEqual(expected);
  });

  it('reads a list of allowed tools', () => {
    const tools = [
      { type: 'function', function: { name: 'f' } },
      { type: 'custom', custom: { name: 'g' } },
      { name: 'h' },
    ];
    const allowed = (mode?: string) =>
      choiceOf({ tool_choice: { type: 'allowed_tools', allowed_tools: { mode, tools } } });
    expect([allowed('required'), allowed()]).toEqual([
      { type: 'allowed', mode: 'required', names: ['f', 'g', 'h'] },
      { type: 'allowed', mode: 'auto', names: ['f', 'g', 'h'] },
    ]);
  });
});
