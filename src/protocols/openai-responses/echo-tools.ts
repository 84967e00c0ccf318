import type { CustomTool, FunctionTool, Tool, ToolChoice } from '../../kernel/conversation.ts';
import type { Json, JsonObject } from '../../kernel/json.ts';
import { encodeTool, encodeToolChoice } from './tools.ts';

/** The tools in the form that the client gave them; those of one namespace together, at the place of the first. */
export const echoTools = (tools: readonly Tool[]): readonly JsonObject[] =>
  tools.flatMap((tool): readonly JsonObject[] => {
    if (tool.kind === 'hosted') return [tool.raw];
    if (tool.namespace === undefined) return [echoTool(tool)];
    const children = tools.filter((other) => isIn(other, tool.namespace));
    return children[0] === tool ? [echoNamespace(tool.namespace, children.map(echoTool))] : [];
  });

const echoTool = (tool: FunctionTool | CustomTool): JsonObject =>
  tool.kind === 'function' && tool.builtin !== undefined ? { type: tool.builtin } : encodeTool(tool);

const isIn = (tool: Tool, namespace: string | undefined): tool is FunctionTool | CustomTool =>
  tool.kind !== 'hosted' && tool.namespace === namespace;

const echoNamespace = (name: string, tools: readonly JsonObject[]): JsonObject => ({
  type: 'namespace',
  name,
  description: name, // required here, and kept by nobody
  tools,
});

/** The choice in the form that the client gave it: a built-in tool is chosen by its type. */
export function echoToolChoice(choice: ToolChoice, tools: readonly Tool[]): Json {
  const chosen = tools.find((tool) => choice.type === 'tool' && isNamed(tool, choice.name));
  return chosen?.kind === 'function' && chosen.builtin !== undefined
    ? { type: chosen.builtin }
    : encodeToolChoice(choice, tools);
}

const isNamed = (tool: Tool, name: string): boolean => tool.kind !== 'hosted' && tool.name === name;
