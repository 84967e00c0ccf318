import { assertNever } from '../kernel/assert-never.ts';
import type { ChatRequest, CustomTool, FunctionTool, ToolChoice } from '../kernel/conversation.ts';
import { unsupportedField } from '../kernel/gateway-error.ts';
import type { ToolRules } from '../kernel/tool-rules.ts';
import type { ToolNames } from './tool-names.ts';

export interface ChoiceContext {
  /** With their wire names. */
  readonly tools: readonly (FunctionTool | CustomTool)[];
  readonly names: ToolNames;
  readonly rules: ToolRules;
  /** Wire names of the tools that the history calls. */
  readonly called: ReadonlySet<string>;
}

/** The tools that are offered, and what is demanded of them. */
export interface Choice {
  readonly tools: readonly (FunctionTool | CustomTool)[];
  readonly toolChoice: ToolChoice | undefined;
}

/**
 * Holds the choice against the tools.
 *
 * @throws GatewayError `invalid-request` when it demands a tool that is not there.
 */
export function fitChoice({ toolChoice, names: words }: ChatRequest, context: ChoiceContext): Choice {
  const { tools, names } = context;
  const refuse = (reason: string): never => {
    throw unsupportedField(words.toolChoice, reason);
  };
  switch (toolChoice?.type) {
    case undefined:
    case 'auto':
    case 'none':
      return { tools, toolChoice };
    case 'required':
      return tools.length > 0
        ? { tools, toolChoice }
        : refuse('demands a call, but there is no tool to call');
    case 'hosted':
      return refuse(`demands ${toolChoice.name}, which no other service than its own can run`);
    case 'tool': {
      const tool = findTool(toolChoice, context);
      if (tool === undefined) return refuse(`demands ${toolChoice.name}, which is not among the tools`);
      return { tools, toolChoice: { type: 'tool', name: tool.name } };
    }
    case 'allowed':
      return limitTools(toolChoice, { ...context, names }, refuse);
    default:
      return assertNever(toolChoice, 'tool choice');
  }
}

/** The tool of a name, wherever it stands when the choice names no namespace. */
function findTool(
  wanted: { readonly name: string; readonly namespace?: string },
  { tools, names }: ChoiceContext,
): FunctionTool | CustomTool | undefined {
  const exact = tools.find(({ name }) => name === names.wireName(wanted));
  if (exact !== undefined || wanted.namespace !== undefined) return exact;
  const original = names.distinct.find(({ name }) => name === wanted.name);
  return original === undefined ? undefined : tools.find(({ name }) => name === names.wireName(original));
}

type AllowedChoice = Extract<ToolChoice, { readonly type: 'allowed' }>;

/** Where a choice cannot be limited, the offer is; a tool that the history calls has to stay. */
function limitTools(
  choice: AllowedChoice,
  context: ChoiceContext,
  refuse: (reason: string) => never,
): Choice {
  const { tools, rules, called } = context;
  const found = choice.names.map((name) => findTool({ name }, context));
  const names = found.filter((tool) => tool !== undefined).map(({ name }) => name);
  if (choice.mode === 'required' && names.length === 0) refuse('demands a tool that is not among the tools');
  if (names.length === 0) return { tools, toolChoice: { type: 'none' } };
  if (rules.allowedTools) return { tools, toolChoice: { ...choice, names } };
  return {
    tools: tools.filter(({ name }) => names.includes(name) || called.has(name)),
    toolChoice: { type: choice.mode },
  };
}
