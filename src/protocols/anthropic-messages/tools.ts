import { assertNever } from '../../kernel/assert-never.ts';
import type { EncodeContext } from '../../kernel/codec.ts';
import type { ChatRequest, CustomTool, FunctionTool, Tool, ToolChoice } from '../../kernel/conversation.ts';
import { invalidField } from '../../kernel/gateway-error.ts';
import { findObject, findString } from '../../kernel/json.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { withCacheMark } from './cache-marks.ts';
import { encodeInputSchema, hasChoice } from './input-schema.ts';
import { isFitting } from './schema-fit.ts';
import { wireToolName } from './tool-name.ts';

/**
 * The members `tools` and `tool_choice`, as far as there is anything to say.
 *
 * @throws GatewayError `invalid-request` when two tools come to one name, or a tool is forced that is not there.
 */
export function encodeTools(request: ChatRequest, context: EncodeContext): JsonObject {
  const called = calledNames(request);
  const offered = requireUniqueNames(
    request.tools.flatMap((tool, index) => encodeTool(tool, index, context)),
  );
  const tools = offered.filter(isAllowed(request.toolChoice, called));
  if (tools.length === 0) return encodeAbsentTools(request, called, context);
  const choice = encodeChoice(request, tools);
  return { tools: tools.map(({ wire }) => wire), ...(choice !== undefined && { tool_choice: choice }) };
}

interface WireTool {
  readonly name: string;
  readonly wire: JsonObject;
}

function encodeTool(tool: Tool, index: number, context: EncodeContext): WireTool[] {
  const at = `tools[${index}]`;
  const name = tool.kind === 'hosted' ? (findString(tool.raw['name']) ?? tool.type) : wireToolName(tool);
  switch (tool.kind) {
    case 'function':
      return [{ name, wire: encodeFunction(tool, at, context) }];
    case 'custom':
      context.losses.note(at, 'emulated');
      return [{ name, wire: encodeCustom(tool) }];
    case 'hosted':
      if (tool.protocol === 'anthropic-messages') return [{ name, wire: tool.raw }];
      context.losses.note(at, 'dropped');
      return [];
    default:
      return assertNever(tool, 'tool');
  }
}

function encodeFunction(tool: FunctionTool, at: string, { capabilities, losses }: EncodeContext): JsonObject {
  const schema = encodeInputSchema(tool.schema);
  if (hasChoice(tool.schema)) losses.note(`${at}.parameters`, 'merged');
  const strict = tool.strict === true && capabilities.strictTools !== false && isFitting(schema);
  if (tool.strict === true && !strict) losses.note(`${at}.strict`, 'dropped');
  const wire = {
    name: wireToolName(tool),
    ...(tool.description !== undefined && { description: tool.description }),
    input_schema: schema,
    ...(strict && { strict: true }),
  };
  return withCacheMark(wire, tool.cache);
}

/** A tool for free text, as a function with that text as its one argument. */
function encodeCustom(tool: CustomTool): JsonObject {
  const grammar = findObject(tool.format?.['grammar']) ?? tool.format;
  const definition = findString(grammar?.['definition']);
  const syntax = findString(grammar?.['syntax']) ?? '';
  const rule =
    definition === undefined ? [] : [`The input has to match this ${syntax} grammar:\n${definition}`];
  const description = [...(tool.description === undefined ? [] : [tool.description]), ...rule].join('\n\n');
  return {
    name: wireToolName(tool),
    ...(description !== '' && { description }),
    input_schema: { type: 'object', properties: { input: { type: 'string' } }, required: ['input'] },
  };
}

function requireUniqueNames(tools: readonly WireTool[]): readonly WireTool[] {
  const names = new Set<string>();
  for (const { name } of tools) {
    if (names.has(name)) throw invalidField('tools', `two tools have the name ${name}`);
    names.add(name);
  }
  return tools;
}

/** Names of the tools that the history calls. */
function calledNames({ turns }: ChatRequest): ReadonlySet<string> {
  const parts = turns.flatMap((turn) => (turn.role === 'assistant' ? turn.parts : []));
  return new Set(parts.filter((part) => part.kind === 'tool-call').map(wireToolName));
}

/** A list of allowed tools cuts the offer; what the history calls has to stay. */
function isAllowed(choice: ToolChoice | undefined, called: ReadonlySet<string>): (tool: WireTool) => boolean {
  if (choice?.type !== 'allowed') return () => true;
  return ({ name }) => choice.names.includes(name) || called.has(name);
}

/** A history with calls wants their tools defined; where the client sent none, they are named but not to be called. */
function encodeAbsentTools(
  { toolChoice }: ChatRequest,
  called: ReadonlySet<string>,
  { losses }: EncodeContext,
): JsonObject {
  if (isForced(toolChoice)) throw invalidField('tool_choice', 'forces a call, but there is no such tool');
  if (called.size === 0) return {};
  losses.note('tools', 'emulated');
  return {
    tools: [...called].map((name) => ({ name, input_schema: encodeInputSchema(undefined) })),
    tool_choice: { type: 'none' },
  };
}

const isForced = (choice: ToolChoice | undefined): boolean =>
  choice?.type === 'required' ||
  choice?.type === 'tool' ||
  (choice?.type === 'allowed' && choice.mode === 'required');

function encodeChoice(request: ChatRequest, tools: readonly WireTool[]): JsonObject | undefined {
  const { toolChoice, parallelToolCalls } = request;
  const choice = toolChoice === undefined ? undefined : encodeChoiceType(toolChoice, tools);
  if (parallelToolCalls !== false || choice?.['type'] === 'none') return choice;
  return { ...(choice ?? { type: 'auto' }), disable_parallel_tool_use: true };
}

function encodeChoiceType(choice: ToolChoice, tools: readonly WireTool[]): JsonObject {
  switch (choice.type) {
    case 'auto':
    case 'none':
      return { type: choice.type };
    case 'required':
      return { type: 'any' };
    case 'allowed':
      return { type: choice.mode === 'required' ? 'any' : 'auto' };
    case 'tool': {
      const name = wireToolName(choice);
      if (tools.some((tool) => tool.name === name)) return { type: 'tool', name };
      throw invalidField('tool_choice', `forces ${name}, which is not among the tools of this model`);
    }
    default:
      return assertNever(choice, 'tool choice');
  }
}
