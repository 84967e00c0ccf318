import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../../src/kernel/json.ts';
import { decode, refusalOf, user } from './client-request.ts';

const toolsOf = (...tools: readonly Json[]): readonly unknown[] => decode({ tools }).request.tools;
const schema = { type: 'object', properties: { a: { type: 'string' } } };
const grammar = { type: 'grammar', syntax: 'lark', definition: 'start: "a"' };

describe('openai-responses tools', () => {
  it.each<[string, JsonObject, JsonObject]>([
    [
      'a function',
      {
        type: 'function',
        name: 'f',
        description: 'd',
        parameters: schema,
        strict: true,
        defer_loading: true,
      },
      { kind: 'function', name: 'f', description: 'd', schema, strict: true },
    ],
    [
      'a function that leaves everything open',
      { type: 'function', name: 'f', description: null, parameters: null, strict: null },
      { kind: 'function', name: 'f' },
    ],
    [
      'a tool held to a grammar (C074)',
      { type: 'custom', name: 'apply_patch', description: 'd', format: grammar },
      { kind: 'custom', name: 'apply_patch', description: 'd', format: grammar },
    ],
    [
      'a tool for free text',
      { type: 'custom', name: 'say', format: { type: 'text' } },
      { kind: 'custom', name: 'say', format: { type: 'text' } },
    ],
  ])('reads %s', (_what, tool, expected) => {
    expect(decode({ tools: [tool] })).toMatchObject({ notes: '' });
    expect(toolsOf(tool)).toEqual([{ at: 'tools[0]', ...expected }]);
  });

  it('reads the tools of a namespace each for itself (C076)', () => {
    const tools = [
      { type: 'custom', name: 'top' },
      {
        type: 'namespace',
        name: 'mcp__gh',
        description: 'All of GitHub.',
        tools: [
          { type: 'function', name: 'search', parameters: schema },
          { type: 'custom', name: 'note' },
          { type: 'web_search' },
        ],
      },
    ];
    const { request, notes } = decode({ tools });
    expect(request.tools).toEqual([
      { kind: 'custom', at: 'tools[0]', name: 'top' },
      { kind: 'function', at: 'tools[1].tools[0]', name: 'search', namespace: 'mcp__gh', schema },
      { kind: 'custom', at: 'tools[1].tools[1]', name: 'note', namespace: 'mcp__gh' },
      expect.objectContaining({ kind: 'hosted', type: 'web_search' }),
    ]);
    expect(notes).toBe('tools[1].description=ignored');
  });

  it('leaves tools that share a name apart, each with its place (C077)', () => {
    const child = { type: 'function', name: 'f' };
    const tools = toolsOf(
      { type: 'function', name: 'ns__f' },
      { type: 'namespace', name: 'ns', tools: [child, child] },
    );
    expect(tools).toMatchObject([
      { at: 'tools[0]' },
      { at: 'tools[1].tools[0]' },
      { at: 'tools[1].tools[1]' },
    ]);
  });

  it.each([
    'web_search',
    'web_search_preview',
    'image_generation',
    'file_search',
    'code_interpreter',
    'computer',
    'mcp',
    'tool_search',
    'programmatic_tool_calling',
    'next_month',
  ])('reads %s as a tool of the service (C078)', (type) => {
    const raw = { type, external_web_access: true };
    expect(toolsOf(raw)).toEqual([
      { kind: 'hosted', at: 'tools[0]', protocol: 'openai-responses', type, raw },
    ]);
  });

  it.each([
    ['local_shell', ['type', 'command']],
    ['shell', ['commands']],
    ['apply_patch', ['type', 'path']],
  ])('reads %s as a function that the client runs', (type, needed) => {
    expect(toolsOf({ type })).toMatchObject([
      {
        kind: 'function',
        at: 'tools[0]',
        name: type,
        builtin: type,
        schema: { type: 'object', required: needed },
      },
    ]);
  });

  it.each<[JsonObject, string, string]>([
    [{ type: 'local' }, 'function', ''],
    [{ type: 'local', skills: [] }, 'function', 'tools[0].environment.skills=ignored'],
    [{ type: 'container_auto' }, 'hosted', ''],
    [{ type: 'container_reference', container_id: 'c' }, 'hosted', ''],
  ])('reads a shell in the environment %j as a %s', (environment, kind, notes) => {
    expect(decode({ tools: [{ type: 'shell', environment }] })).toMatchObject({
      request: { tools: [{ kind }] },
      notes,
    });
  });

  it.each(['additional_tools', 'tool_search_output'])(
    'adds the tools of an item of type %s (C080)',
    (type) => {
      const tools = [
        { type: 'function', name: 'a' },
        { type: 'function', name: 'b' },
        { type: 'web_search' },
      ];
      const namespace = { type: 'namespace', name: 'ns', tools: [{ type: 'function', name: 'a' }] };
      const later = [{ type: 'function', name: 'b', description: 'new' }, namespace];
      const { request, notes } = decode({
        tools,
        input: [user, { type, id: 'x', role: 'developer', tools: later }],
      });
      expect(request.tools).toMatchObject([
        { name: 'a', at: 'tools[0]' },
        { type: 'web_search' },
        { name: 'b', description: 'new', at: 'input[1].tools[0]' },
        { name: 'a', namespace: 'ns', at: 'input[1].tools[1].tools[0]' },
      ]);
      expect(request.tools).toHaveLength(4);
      expect(request.turns).toHaveLength(1);
      expect(notes).toBe('');
    },
  );

  it('notes what else a tool holds', () => {
    const tools = [
      { type: 'function', name: 'f', output_schema: {} },
      { type: 'custom', name: 'c', allowed_callers: ['direct'] },
      { type: 'namespace', name: 'n', tools: [], icon: 'x' },
    ];
    expect(decode({ tools }).notes).toBe(
      'tools[0].output_schema=ignored,tools[1].allowed_callers=ignored,tools[2].icon=ignored',
    );
  });

  it.each<[Json, string]>([
    ['f', 'tools[0]'],
    [{}, 'tools[0].type'],
    [{ type: 'function' }, 'tools[0].name'],
    [{ type: 'function', name: '' }, 'tools[0].name'],
    [{ type: 'function', function: { name: 'f' } }, 'tools[0].name'],
    [{ type: 'function', name: 'f', parameters: [] }, 'tools[0].parameters'],
    [{ type: 'function', name: 'f', strict: 'yes' }, 'tools[0].strict'],
    [{ type: 'custom', name: '' }, 'tools[0].name'],
    [{ type: 'custom', name: 'c', format: 'text' }, 'tools[0].format'],
    [{ type: 'namespace', tools: [] }, 'tools[0].name'],
    [{ type: 'namespace', name: 'n' }, 'tools[0].tools'],
    [{ type: 'namespace', name: 'n', tools: [{ type: 'function', name: '' }] }, 'tools[0].tools[0].name'],
  ])('refuses %j', (tool, param) => {
    expect(refusalOf({ tools: [tool] })).toMatchObject({ kind: 'invalid-request', param });
  });
});

describe('openai-responses tool choice', () => {
  const tools = [
    { type: 'function', name: 'f' },
    { type: 'shell' },
    { type: 'file_search', vector_store_ids: [] },
  ];

  it.each<[Json, JsonObject]>([
    ['auto', { type: 'auto' }],
    ['required', { type: 'required' }],
    ['none', { type: 'none' }],
    [
      { type: 'function', name: 'f' },
      { type: 'tool', name: 'f' },
    ],
    [
      { type: 'function', name: 'f', namespace: 'ns' },
      { type: 'tool', name: 'f', namespace: 'ns' },
    ],
    [
      { type: 'custom', name: 'apply_patch' },
      { type: 'tool', name: 'apply_patch' },
    ],
    [{ type: 'shell' }, { type: 'tool', name: 'shell' }],
    [{ type: 'apply_patch' }, { type: 'hosted', name: 'apply_patch' }],
  ])('reads %j', (tool_choice, expected) => {
    expect(decode({ tools, tool_choice })).toMatchObject({ request: { toolChoice: expected }, notes: '' });
  });

  it('reads a tool of the service as what nobody else has (C079)', () => {
    expect(decode({ tools, tool_choice: { type: 'file_search' } }).request.toolChoice).toEqual({
      type: 'hosted',
      name: 'file_search',
    });
  });

  it('reads the tools that may be called (C089)', () => {
    const allowed = [
      { type: 'function', name: 'f' },
      { name: 'g' },
      { type: 'custom', name: 'h' },
      { type: 'shell' },
    ];
    const tool_choice = {
      type: 'allowed_tools',
      mode: 'required',
      tools: [...allowed, { type: 'file_search' }],
    };
    expect(decode({ tools, tool_choice })).toMatchObject({
      request: { toolChoice: { type: 'allowed', mode: 'required', names: ['f', 'g', 'h', 'shell'] } },
      notes: 'tool_choice.tools[4]=dropped',
    });
  });

  it('lets the model choose among the allowed when nothing is said of it', () => {
    const tool_choice = { type: 'allowed_tools', tools: [{ type: 'function', name: 'f' }] };
    expect(decode({ tools, tool_choice }).request.toolChoice).toMatchObject({ mode: 'auto' });
  });

  it.each<[Json, string]>([
    ['any', 'tool_choice'],
    [5, 'tool_choice'],
    [{}, 'tool_choice.type'],
    [{ type: 'function' }, 'tool_choice.name'],
    [{ type: 'custom', name: '' }, 'tool_choice.name'],
    [{ type: 'allowed_tools' }, 'tool_choice.tools'],
    [{ type: 'allowed_tools', mode: 'all', tools: [] }, 'tool_choice.mode'],
    [{ type: 'allowed_tools', tools: [{}] }, 'tool_choice.tools[0].name'],
  ])('refuses %j', (tool_choice, param) => {
    expect(refusalOf({ tools, tool_choice })).toMatchObject({ kind: 'invalid-request', param });
  });
});
