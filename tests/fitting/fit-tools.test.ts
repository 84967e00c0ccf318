import { describe, expect, it } from 'vitest';
import { fitTools } from '../../src/fitting/fit-tools.ts';
import type { FittedTools } from '../../src/fitting/fit-tools.ts';
import type { Capabilities } from '../../src/kernel/capabilities.ts';
import type { ChatRequest, CustomTool, FunctionTool, HostedTool } from '../../src/kernel/conversation.ts';
import type { ToolRules } from '../../src/kernel/tool-rules.ts';
import { emptyRequest } from '../support/empty-request.ts';
import {
  assistant,
  call,
  callsOf,
  NARROW,
  recordedLosses,
  result,
  resultsOf,
  tool,
  WIDE,
} from './support.ts';

interface Fit extends FittedTools {
  readonly notes: readonly string[];
}

function fit(
  request: Partial<ChatRequest>,
  toolRules: ToolRules = NARROW,
  capabilities: Capabilities = {},
): Fit {
  const { losses, notes } = recordedLosses();
  return { ...fitTools({ ...emptyRequest, ...request }, { toolRules, capabilities, losses }), notes };
}

const read: FunctionTool = {
  ...{ kind: 'function', at: 'tools[0]', name: 'read', description: 'reads', strict: true },
  schema: { type: 'object' },
};
const patch: CustomTool = { kind: 'custom', at: 'tools[1]', name: 'apply_patch', description: 'patches' };
const search: HostedTool = {
  ...{ kind: 'hosted', at: 'tools[2]', protocol: 'openai-responses', type: 'web_search' },
  raw: { type: 'web_search' },
};

describe('fitTools', () => {
  it('changes nothing that is in form already', () => {
    const turns = [assistant(call('a', { name: 'read' })), tool(result('a', 'r', { name: 'read' }))];
    const request = { ...emptyRequest, tools: [read], turns, toolChoice: { type: 'auto' } } as const;
    expect(fit(request)).toEqual({ request, restored: new Map(), notes: [] });
  });

  it("leaves out tools that run at the client's own service, and notes them, C078", () => {
    const image: HostedTool = { ...search, at: 'tools[3]', type: 'image_generation' };
    const { request, notes } = fit({ tools: [read, search, image] });
    expect(request.tools).toEqual([read]);
    expect(notes).toEqual(['tools[2]=dropped', 'tools[3]=dropped']);
  });

  it('sends a legal name everywhere and remembers the own one, C081', () => {
    const name = `mcp.${'x'.repeat(86)}`;
    const { request, restored } = fit({
      tools: [{ ...read, name }],
      toolChoice: { type: 'tool', name },
      turns: [assistant(call('a', { name })), tool(result('a', 'r', { name }))],
    });
    const wire = request.tools.flatMap((each) => (each.kind === 'hosted' ? [] : [each.name]))[0] ?? '';
    expect(wire).toMatch(/^mcp_x{51}_[0-9a-f]{8}$/);
    expect([callsOf(request.turns)[0]?.name, resultsOf(request.turns)[0]?.name]).toEqual([wire, wire]);
    expect(request.toolChoice).toEqual({ type: 'tool', name: wire });
    expect(restored).toEqual(new Map([[wire, { name, callKind: 'function' }]]));
  });

  it('makes namespaces part of names and remembers them apart, C076', () => {
    const inner = { ...read, at: 'tools[0].tools[0]', namespace: 'files' };
    const { request, restored } = fit({
      tools: [inner],
      turns: [assistant(call('a', { name: 'read', namespace: 'files' })), tool(result('a', 'r'))],
    });
    expect(request.tools).toStrictEqual([{ ...read, at: 'tools[0].tools[0]', name: 'files__read' }]);
    expect(callsOf(request.turns)).toStrictEqual([call('a', { name: 'files__read' })]);
    expect(resultsOf(request.turns)[0]?.name).toBe('files__read');
    expect(restored.get('files__read')).toEqual({ name: 'read', namespace: 'files', callKind: 'function' });
  });

  it('keeps to what is known of the model where its dialect says something else', () => {
    const tight = fit(
      {
        tools: [{ ...read, name: 'x'.repeat(40) }],
        turns: [assistant(call('call_1234567890')), tool(result('a', 'r'))],
      },
      NARROW,
      { toolNameMax: 32, toolIdMax: 9 },
    );
    const [name] = tight.restored.keys();
    expect([name?.length, callsOf(tight.request.turns)[0]?.id.length]).toEqual([32, 9]);
    const lax = fit({ tools: [{ ...read, name: 'x'.repeat(100) }] }, NARROW, { toolNameMax: 128 });
    expect(lax.restored.size).toBe(0);
  });

  it('notes a tool whose form the model does not know by heart', () => {
    const { request, notes } = fit({ tools: [{ ...read, builtin: 'bash_20250124' }] });
    expect(request.tools).toEqual([{ ...read, builtin: 'bash_20250124' }]);
    expect(notes).toEqual(['tools[0]=emulated']);
  });

  it('names tools by their names alone when it refuses two of one name, C077', () => {
    const inner = { ...read, at: 'tools[1].tools[0]', namespace: 'ns' };
    expect(() => fit({ tools: [{ ...read, name: 'ns__read' }, inner] })).toThrow(/"read".*"ns".*"ns__read"/);
  });

  it('says nothing of a choice where the client made none', () => {
    expect(fit({ tools: [read] }).request).not.toHaveProperty('toolChoice');
  });
});

describe('tools for free text', () => {
  it('become functions with one text, C074', () => {
    const { request, restored, notes } = fit({ tools: [patch] });
    expect(request.tools).toEqual([
      {
        kind: 'function',
        at: 'tools[1]',
        name: 'apply_patch',
        description: 'patches',
        schema: {
          type: 'object',
          properties: { input: { type: 'string', description: expect.any(String) as string } },
          required: ['input'],
          additionalProperties: false,
        },
      },
    ]);
    expect(restored).toEqual(new Map([['apply_patch', { name: 'apply_patch', callKind: 'custom' }]]));
    expect(notes).toEqual(['tools[1]=emulated']);
  });

  it.each([
    ['as Responses writes it', { type: 'grammar', syntax: 'lark', definition: 'start: "x"' }],
    ['as Chat writes it', { type: 'grammar', grammar: { syntax: 'lark', definition: 'start: "x"' } }],
  ])('tell their grammar in the description, %s, C074', (_name, format) => {
    const [wrapped] = fit({ tools: [{ ...patch, format }] }).request.tools;
    expect(wrapped).toMatchObject({
      description: 'patches\n\nThe input has to match this lark grammar:\nstart: "x"',
    });
  });

  it.each([
    ['plain text', { type: 'text' }],
    ['a grammar without a definition', { type: 'grammar', grammar: {} }],
  ])('say nothing of a format that is %s', (_name, format) => {
    expect(fit({ tools: [{ ...patch, format }] }).request.tools[0]).toMatchObject({ description: 'patches' });
  });

  it('need no description', () => {
    const bare: CustomTool = { kind: 'custom', at: 'tools[0]', name: 'x' };
    expect(fit({ tools: [bare] }).request.tools[0]).not.toHaveProperty('description');
  });

  it('have their calls in the history wrapped in the same way, with their results, C075', () => {
    const { request } = fit({
      tools: [patch],
      turns: [
        assistant(call('a', { name: 'apply_patch', callKind: 'custom', args: '*** "x"\n' })),
        tool(result('a', 'r', { callKind: 'custom' })),
      ],
    });
    expect(callsOf(request.turns)).toEqual([
      call('a', { name: 'apply_patch', args: '{"input":"*** \\"x\\"\\n"}' }),
    ]);
    expect(resultsOf(request.turns)).toEqual([result('a', 'r', { name: 'apply_patch' })]);
  });

  it('stay what they are where the dialect knows them', () => {
    const turns = [
      assistant(call('a', { name: 'apply_patch', callKind: 'custom', args: 'x' })),
      tool(result('a', 'r', { name: 'apply_patch', callKind: 'custom' })),
    ];
    const { request, notes } = fit({ tools: [patch], turns }, WIDE);
    expect([request.tools, request.turns, notes]).toEqual([[patch], turns, []]);
  });
});
