import { assertNever } from '../../kernel/assert-never.ts';
import type { EncodeContext } from '../../kernel/codec.ts';
import type { ChatRequest, CustomTool, FunctionTool, Tool, ToolChoice } from '../../kernel/conversation.ts';
import { fitFunction } from '../../kernel/fit-schemas.ts';
import { findObject } from '../../kernel/json.ts';
import type { Json, JsonObject } from '../../kernel/json.ts';

type Offer = Pick<ChatRequest, 'tools' | 'toolChoice' | 'parallelToolCalls'>;

/** The tools and the choice among them, as members of a request; none without tools. */
export function encodeToolMembers(
  { tools, toolChoice, parallelToolCalls }: Offer,
  context: EncodeContext,
): JsonObject {
  const offered = tools.filter(isOwn).map((tool) => encodeTool(fitTool(tool, context)));
  if (offered.length === 0) return {};
  return {
    tools: offered,
    ...(toolChoice !== undefined && { tool_choice: encodeToolChoice(toolChoice, tools) }),
    ...(parallelToolCalls !== undefined && { parallel_tool_calls: parallelToolCalls }),
  };
}

type OwnTool = FunctionTool | CustomTool;

/** Tools that run at some service were taken out before, where that was noted. */
const isOwn = (tool: Tool): tool is OwnTool => tool.kind !== 'hosted';

const fitTool = (tool: OwnTool, context: EncodeContext): OwnTool =>
  tool.kind === 'function' ? fitFunction(tool, context) : tool;

/** One tool that the client runs, in the flat form of this dialect. */
export function encodeTool(tool: OwnTool): JsonObject {
  const description = tool.description === undefined ? {} : { description: tool.description };
  if (tool.kind === 'custom') {
    const format = tool.format === undefined ? {} : { format: flatFormat(tool.format) };
    return { type: 'custom', name: tool.name, ...description, ...format };
  }
  return {
    type: 'function',
    name: tool.name,
    ...description,
    parameters: tool.schema ?? { type: 'object', properties: {} },
    strict: tool.strict ?? false, // left out, the service would try strict mode
  };
}

/** Chat Completions nests the grammar in a member of its own. */
const flatFormat = (format: JsonObject): JsonObject => {
  const grammar = findObject(format['grammar']);
  return grammar === undefined ? format : { type: 'grammar', ...grammar };
};

/** The choice in wire form; a name is a function unless the tools know it as another kind. */
export function encodeToolChoice(choice: ToolChoice, tools: readonly Tool[]): Json {
  const named = (name: string): JsonObject => ({ type: kindOf(name, tools), name });
  switch (choice.type) {
    case 'auto':
    case 'required':
    case 'none':
      return choice.type;
    case 'tool':
      return {
        ...named(choice.name),
        ...(choice.namespace !== undefined && { namespace: choice.namespace }),
      };
    case 'hosted':
      return { type: choice.name };
    case 'allowed':
      return { type: 'allowed_tools', mode: choice.mode, tools: choice.names.map(named) };
    default:
      return assertNever(choice, 'tool choice');
  }
}

const kindOf = (name: string, tools: readonly Tool[]): 'custom' | 'function' =>
  tools.some((tool) => tool.kind === 'custom' && tool.name === name) ? 'custom' : 'function';
