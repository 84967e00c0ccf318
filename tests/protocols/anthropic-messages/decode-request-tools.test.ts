import { describe, expect, it } from 'vitest';
import { decode, decodeAny, refusalOf } from './decode-setup.ts';

const schema = { type: 'object', properties: { city: { type: 'string' } } } as const;
const toolOf = (tool: object) => decodeAny({ tools: [tool] }).request.tools[0];

describe('anthropic-messages tools', () => {
  it('are functions', () => {
    const { request, notes } = decode({
      tools: [
        { name: 'a', description: 'Does a.', input_schema: schema, strict: true },
        { type: 'custom', name: 'b', input_schema: schema, cache_control: { type: 'ephemeral', ttl: '1h' } },
        {
          type: null,
          name: 'c',
          input_schema: schema,
          defer_loading: true,
          eager_input_streaming: true,
          allowed_callers: ['direct'],
          input_examples: [{}],
        },
      ],
    });
    expect(request.tools).toEqual([
      { kind: 'function', at: 'tools[0]', name: 'a', description: 'Does a.', schema, strict: true },
      { kind: 'function', at: 'tools[1]', name: 'b', schema, cache: { ttl: '1h' } },
      { kind: 'function', at: 'tools[2]', name: 'c', schema },
    ]);
    expect(notes).toBe('');
  });

  it('need no schema', () => {
    expect(toolOf({ name: 'a' })).toEqual({ kind: 'function', at: 'tools[0]', name: 'a' });
  });

  it.each([
    ['bash_20250124', 'bash', ['command', 'restart']],
    ['bash_20241022', 'bash', ['command', 'restart']],
    [
      'text_editor_20250728',
      'str_replace_based_edit_tool',
      ['command', 'path', 'view_range', 'file_text', 'old_str', 'new_str', 'insert_text', 'insert_line'],
    ],
    [
      'text_editor_20250124',
      'str_replace_editor',
      ['command', 'path', 'view_range', 'file_text', 'old_str', 'new_str', 'insert_line'],
    ],
    [
      'memory_20250818',
      'memory',
      [
        ...['command', 'path', 'view_range', 'file_text', 'old_str', 'new_str', 'insert_line', 'insert_text'],
        ...['old_path', 'new_path'],
      ],
    ],
  ])('of type %s are functions of a form that is laid down', (type, name, members) => {
    const tool = toolOf({ type, name, cache_control: { type: 'ephemeral' } });
    expect(tool).toMatchObject({
      kind: 'function',
      at: 'tools[0]',
      name,
      builtin: type,
      cache: { ttl: '5m' },
    });
    const properties = tool?.kind === 'function' ? tool.schema?.['properties'] : undefined;
    expect(Object.keys(properties ?? {})).toEqual(members);
  });

  it.each([
    ['text_editor_20250429', ['view', 'create', 'str_replace', 'insert']],
    ['text_editor_20241022', ['view', 'create', 'str_replace', 'insert', 'undo_edit']],
    ['memory_20250818', ['view', 'create', 'str_replace', 'insert', 'delete', 'rename']],
  ])('of type %s know the commands %j', (type, commands) => {
    expect(toolOf({ type, name: 'x' })).toMatchObject({
      schema: { properties: { command: { enum: commands } } },
    });
  });

  it('of a form that is laid down cannot be strict', () => {
    const { request, notes } = decodeAny({ tools: [{ type: 'bash_20250124', name: 'bash', strict: true }] });
    expect(request.tools[0]).not.toHaveProperty('strict');
    expect(notes).toBe('tools[0].strict=dropped');
  });

  it.each([
    'web_search_20250305',
    'code_execution_20250825',
    'computer_20250124',
    'bash_code_execution_1',
    'mcp_toolset',
    'tool_search_tool_regex',
  ])('of type %s run at Anthropic', (type) => {
    const raw = { type, name: 'x', max_uses: 3 };
    expect(toolOf(raw)).toEqual({
      kind: 'hosted',
      at: 'tools[0]',
      protocol: 'anthropic-messages',
      type,
      raw,
    });
  });

  it.each([
    ['tools', {}],
    ['tools[0]', [1]],
    ['tools[0].name', [{}]],
    ['tools[0].name', [{ name: '' }]],
    ['tools[0].type', [{ type: 1, name: 'a' }]],
    ['tools[0].description', [{ name: 'a', description: [] }]],
    ['tools[0].input_schema', [{ name: 'a', input_schema: '{}' }]],
    ['tools[0].strict', [{ name: 'a', strict: 'yes' }]],
    ['tools[0].cache_control', [{ name: 'a', cache_control: 1 }]],
  ])('are refused at %s when they are %j', (path, tools) => {
    expect(refusalOf({ tools })?.details.param).toBe(path);
  });
});

describe('anthropic-messages tool_choice', () => {
  const tools = [{ name: 'f' }, { type: 'web_search_20250305', name: 'web_search' }];
  const choiceOf = (choice: object) => decodeAny({ tools, tool_choice: choice }).request;

  it.each([
    [{ type: 'auto' }, { type: 'auto' }],
    [{ type: 'none' }, { type: 'none' }],
    [{ type: 'any' }, { type: 'required' }],
    [
      { type: 'tool', name: 'f' },
      { type: 'tool', name: 'f' },
    ],
    [
      { type: 'tool', name: 'absent' },
      { type: 'tool', name: 'absent' },
    ],
    [
      { type: 'tool', name: 'web_search' },
      { type: 'hosted', name: 'web_search_20250305' },
    ],
  ])('reads %j', (choice, canonical) => {
    expect(choiceOf(choice).toolChoice).toEqual(canonical);
  });

  it.each([
    [true, false],
    [false, undefined],
    [null, undefined],
  ])('reads disable_parallel_tool_use %j (C086)', (value, parallel) => {
    expect(choiceOf({ type: 'auto', disable_parallel_tool_use: value }).parallelToolCalls).toBe(parallel);
  });

  it.each([
    ['tool_choice', 'auto'],
    ['tool_choice.type', {}],
    ['tool_choice.type', { type: 'required' }],
    ['tool_choice.name', { type: 'tool' }],
    ['tool_choice.name', { type: 'tool', name: '' }],
    ['tool_choice.disable_parallel_tool_use', { type: 'auto', disable_parallel_tool_use: 1 }],
  ])('is refused at %s when it is %j', (path, choice) => {
    expect(refusalOf({ tools, tool_choice: choice })?.details.param).toBe(path);
  });
});
