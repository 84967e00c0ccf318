import { describe, expect, it } from 'vitest';
import { fitTools } from '../../src/fitting/fit-tools.ts';
import type { FunctionTool, Tool, ToolCallPart, ToolChoice } from '../../src/kernel/conversation.ts';
import type { ToolRules } from '../../src/kernel/tool-rules.ts';
import { emptyRequest } from '../support/empty-request.ts';
import { assistant, call, NARROW, recordedLosses, WIDE } from './support.ts';

const fn = (name: string, more: Partial<FunctionTool> = {}): FunctionTool => ({
  ...{ kind: 'function', at: 'tools[0]', name },
  ...more,
});
const TOOLS = [fn('a'), fn('b'), fn('c.c'), fn('d', { namespace: 'ns' })];

interface Asked {
  readonly tools?: readonly Tool[];
  readonly rules?: ToolRules;
  readonly called?: readonly ToolCallPart[];
}

/** The choice and the names of the tools under which it goes out. */
function chosen(
  toolChoice: ToolChoice,
  { tools = TOOLS, rules = NARROW, called = [] }: Asked = {},
): { toolChoice: ToolChoice | undefined; names: readonly string[] } {
  const { request } = fitTools(
    { ...emptyRequest, tools, toolChoice, turns: [assistant(...called)] },
    { toolRules: rules, capabilities: {}, losses: recordedLosses().losses },
  );
  const names = request.tools.flatMap((tool) => (tool.kind === 'hosted' ? [] : [tool.name]));
  return { toolChoice: request.toolChoice, names };
}

const allowed = (mode: 'auto' | 'required', ...names: string[]): ToolChoice => ({
  type: 'allowed',
  mode,
  names,
});
const refusal = expect.objectContaining({
  kind: 'invalid-request',
  status: 400,
  details: expect.objectContaining({ param: 'toolChoice' }) as unknown,
}) as Error;

describe('a choice among tools', () => {
  it.each<ToolChoice>([{ type: 'auto' }, { type: 'none' }, { type: 'required' }])(
    'of the type $type goes on as it is, with all tools, C090',
    (choice) => {
      expect(chosen(choice)).toEqual({ toolChoice: choice, names: ['a', 'b', 'c_c', 'ns__d'] });
    },
  );

  it.each<[string, ToolChoice, string]>([
    ['by its name', { type: 'tool', name: 'a' }, 'a'],
    ['by the name that has to be rewritten', { type: 'tool', name: 'c.c' }, 'c_c'],
    ['by name and namespace', { type: 'tool', name: 'd', namespace: 'ns' }, 'ns__d'],
    ['by its name within a namespace that is not named', { type: 'tool', name: 'd' }, 'ns__d'],
    ['by the flat name', { type: 'tool', name: 'ns__d' }, 'ns__d'],
  ])('demands a tool %s', (_name, choice, name) => {
    expect(chosen(choice).toolChoice).toEqual({ type: 'tool', name });
  });

  it.each<[string, ToolChoice, Asked]>([
    ['a tool that is not there', { type: 'tool', name: 'z' }, {}],
    ['a tool of a namespace that has none of that name', { type: 'tool', name: 'a', namespace: 'ns' }, {}],
    ["a tool of the client's own service, C079", { type: 'hosted', name: 'file_search' }, {}],
    ['any tool, where there is none', { type: 'required' }, { tools: [] }],
    ['one of some tools that are not there', allowed('required', 'y', 'z'), {}],
    ['one of no tools', allowed('required'), { rules: WIDE }],
  ])('is refused when it demands %s', (_name, choice, asked) => {
    expect(() => chosen(choice, asked)).toThrow(refusal);
  });

  it('is refused when only tools of another service could be called', () => {
    const hosted: Tool = { kind: 'hosted', at: 'tools[0]', protocol: 'openai-responses', type: 'x', raw: {} };
    expect(() => chosen({ type: 'required' }, { tools: [hosted] })).toThrow(refusal);
  });
});

describe('a choice that is limited to some tools', () => {
  it.each(['auto', 'required'] as const)('keeps to them where the dialect can say so: %s, C089', (mode) => {
    expect(chosen(allowed(mode, 'c.c', 'a', 'gone'), { rules: WIDE })).toEqual({
      toolChoice: allowed(mode, 'c_c', 'a'),
      names: ['a', 'b', 'c_c', 'ns__d'],
    });
  });

  it.each(['auto', 'required'] as const)('limits the offer where it cannot: %s', (mode) => {
    expect(chosen(allowed(mode, 'c.c', 'a', 'gone'))).toEqual({
      toolChoice: { type: mode },
      names: ['a', 'c_c'],
    });
  });

  it('keeps a tool on offer that the history calls', () => {
    const called = [call('1', { name: 'b' }), call('2', { name: 'd', namespace: 'ns' })];
    expect(chosen(allowed('auto', 'a'), { called }).names).toEqual(['a', 'b', 'ns__d']);
  });

  it('finds tools within namespaces', () => {
    expect(chosen(allowed('auto', 'd')).names).toEqual(['ns__d']);
  });

  it.each([NARROW, WIDE])('lets no tool be called when none of them is there', (rules) => {
    expect(chosen(allowed('auto', 'z'), { rules })).toEqual({
      toolChoice: { type: 'none' },
      names: ['a', 'b', 'c_c', 'ns__d'],
    });
  });
});
