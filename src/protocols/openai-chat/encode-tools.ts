import { assertNever } from '../../kernel/assert-never.ts';
import type { EncodeContext } from '../../kernel/codec.ts';
import type { ChatRequest, FunctionTool, ToolChoice } from '../../kernel/conversation.ts';
import { fillFunction, fitFunction } from '../../kernel/fit-schemas.ts';
import type { Json, JsonObject } from '../../kernel/json.ts';
import { isOpenai } from './vendor.ts';

/** The members `tools`, `tool_choice` and `parallel_tool_calls`; none without tools, for each alone is refused. */
export function encodeTools(request: ChatRequest, context: EncodeContext): JsonObject {
  const { toolChoice, parallelToolCalls } = request;
  const tools = request.tools.filter((tool) => tool.kind === 'function');
  if (tools.length === 0) return {};
  return {
    tools: tools.map((tool) => encodeTool(tool, context)),
    ...(toolChoice !== undefined && { tool_choice: encodeChoice(toolChoice) }),
    ...(parallelToolCalls !== undefined && { parallel_tool_calls: parallelToolCalls }),
  };
}

function encodeTool(tool: FunctionTool, context: EncodeContext): JsonObject {
  const { name, description, schema, strict } = isOpenai(context.capabilities)
    ? fitFunction(tool, context)
    : fillFunction(tool, context);
  return {
    type: 'function',
    function: {
      name,
      ...(description !== undefined && { description }),
      ...(schema !== undefined && { parameters: schema }),
      ...(strict === true && { strict }),
    },
  };
}

function encodeChoice(choice: ToolChoice): Json {
  switch (choice.type) {
    case 'auto':
    case 'required':
    case 'none':
      return choice.type;
    case 'tool':
      return { type: 'function', function: { name: choice.name } };
    case 'allowed': // the tools have been limited to those that are allowed
      return choice.mode;
    case 'hosted': // refused before
      return 'auto';
    default:
      return assertNever(choice, 'tool choice');
  }
}
