import { assertNever } from '../../kernel/assert-never.ts';
import type { ChatRequest, CustomTool, FunctionTool, Tool, ToolChoice } from '../../kernel/conversation.ts';
import { unsupportedField } from '../../kernel/gateway-error.ts';
import { findObject } from '../../kernel/json.ts';
import type { Json, JsonObject } from '../../kernel/json.ts';
import type { Losses } from '../../kernel/losses.ts';

type Offer = Pick<ChatRequest, 'tools' | 'toolChoice'>;

/**
 * The tools and the choice among them, as members of a request.
 *
 * @throws GatewayError `invalid-request` when the client forces a tool that cannot be offered here.
 */
export function encodeToolMembers(offer: Offer, losses: Losses): JsonObject {
  refuseForcedHosted(offer);
  const tools = encodeTools(offer.tools, losses);
  const { toolChoice } = offer;
  if (tools.length > 0) {
    return {
      tools,
      ...(toolChoice !== undefined && { tool_choice: encodeToolChoice(toolChoice, offer.tools) }),
    };
  }
  if (toolChoice?.type === 'required' || toolChoice?.type === 'tool') {
    throw unsupportedField(
      'tool_choice',
      'forces a tool, and none of the tools can be offered to this model',
    );
  }
  return {};
}

function refuseForcedHosted({ tools, toolChoice }: Offer): void {
  if (toolChoice?.type !== 'tool') return;
  const index = tools.findIndex((tool) => isForeign(tool) && namesHosted(tool, toolChoice.name));
  if (index < 0) return;
  throw unsupportedField(`tools[${index}]`, 'this tool of another service is forced by tool_choice');
}

const isForeign = (tool: Tool): boolean => tool.kind === 'hosted' && tool.protocol !== 'openai-responses';

const namesHosted = (tool: Tool, name: string): boolean =>
  tool.kind === 'hosted' && (tool.raw['name'] === name || tool.type === name);

/** The tools in their order; those of one namespace together, at the place of the first. */
export function encodeTools(tools: readonly Tool[], losses: Losses): readonly JsonObject[] {
  return tools.flatMap((tool, index): readonly JsonObject[] => {
    if (tool.kind === 'hosted') {
      if (!isForeign(tool)) return [tool.raw];
      losses.note(`tools[${index}]`, 'dropped');
      return [];
    }
    if (tool.namespace === undefined) return [encodeTool(tool)];
    const children = tools.filter((other) => isIn(other, tool.namespace));
    return children[0] === tool ? [encodeNamespace(tool.namespace, children.map(encodeTool))] : [];
  });
}

const isIn = (tool: Tool, namespace: string | undefined): tool is FunctionTool | CustomTool =>
  tool.kind !== 'hosted' && tool.namespace === namespace;

const encodeNamespace = (name: string, tools: readonly JsonObject[]): JsonObject => ({
  type: 'namespace',
  name,
  description: name, // required here, and told by nobody
  tools,
});

function encodeTool(tool: FunctionTool | CustomTool): JsonObject {
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

/** The choice in wire form; a name is a function unless the tools know it as custom. */
export function encodeToolChoice(choice: ToolChoice, tools: readonly Tool[]): Json {
  const named = (name: string): JsonObject => ({ type: kindOf(name, tools), name });
  switch (choice.type) {
    case 'auto':
    case 'required':
    case 'none':
      return choice.type;
    case 'tool':
      return named(choice.name);
    case 'allowed':
      return { type: 'allowed_tools', mode: choice.mode, tools: choice.names.map(named) };
    default:
      return assertNever(choice, 'tool choice');
  }
}

const kindOf = (name: string, tools: readonly Tool[]): 'custom' | 'function' =>
  tools.some((tool) => tool.kind === 'custom' && tool.name === name) ? 'custom' : 'function';
