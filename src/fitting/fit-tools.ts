import type { Capabilities } from '../kernel/capabilities.ts';
import type { ChatRequest, CustomTool, FunctionTool, ToolCallPart, Turn } from '../kernel/conversation.ts';
import { findObject, findString } from '../kernel/json.ts';
import type { Losses } from '../kernel/losses.ts';
import type { ToolRules, WordRule } from '../kernel/tool-rules.ts';
import { without } from '../kernel/without.ts';
import { fitCallIds } from './call-ids.ts';
import { fitChoice } from './fit-choice.ts';
import { wrapInput } from './restore-calls.ts';
import type { RestoredTool } from './restore-calls.ts';
import { createToolNames } from './tool-names.ts';
import type { ToolNames } from './tool-names.ts';

export interface FitToolsContext {
  readonly toolRules: ToolRules;
  readonly capabilities: Capabilities;
  readonly losses: Losses;
}

export interface FittedTools {
  readonly request: ChatRequest;
  /** By the name that the upstream knows: the tools whose calls have to be turned back into the client's form. */
  readonly restored: ReadonlyMap<string, RestoredTool>;
}

type OfferedTool = FunctionTool | CustomTool;

/**
 * The tools, the choice among them and the calls of the history as the rules take them.
 *
 * @throws GatewayError `invalid-request` when two tools share a name, or one is demanded that cannot be offered.
 */
export function fitTools(
  request: ChatRequest,
  { toolRules, capabilities, losses }: FitToolsContext,
): FittedTools {
  const rules = limitedBy(capabilities, toolRules);
  const offered = offeredTools(request, losses);
  const names = createToolNames(offered, rules.names);
  const called = new Set(callsOf(request.turns).map((call) => names.wireName(call)));
  const fitted = names.distinct.map((tool) => fitTool(tool, { names, rules, losses }));
  const choice = fitChoice(request, { tools: fitted, names, rules, called });
  const turns = request.turns.map((turn) => fitTurn(turn, names, !rules.customTools));
  return {
    request: {
      ...without(request, 'toolChoice'),
      turns: fitCallIds(turns, rules.ids),
      tools: choice.tools,
      ...(choice.toolChoice !== undefined && { toolChoice: choice.toolChoice }),
    },
    restored: new Map(names.distinct.flatMap((tool) => restoredTool(tool, names))),
  };
}

/** What is known of the model is stricter, or laxer, than what its dialect says in general. */
function limitedBy({ toolNameMax, toolIdMax }: Capabilities, rules: ToolRules): ToolRules {
  const limit = (rule: WordRule, max: number | undefined): WordRule =>
    max === undefined ? rule : { ...rule, max };
  return { ...rules, names: limit(rules.names, toolNameMax), ids: limit(rules.ids, toolIdMax) };
}

/** Tools that run at the client's own service are left out: no other service has them. */
function offeredTools({ tools }: ChatRequest, losses: Losses): readonly OfferedTool[] {
  return tools.filter((tool) => {
    if (tool.kind === 'hosted') losses.note(tool.at, 'dropped');
    return tool.kind !== 'hosted';
  });
}

interface ToolFit {
  readonly names: ToolNames;
  readonly rules: ToolRules;
  readonly losses: Losses;
}

function fitTool(tool: OfferedTool, { names, rules, losses }: ToolFit): OfferedTool {
  const name = names.wireName(tool);
  const flat = without(tool, 'namespace');
  if (flat.kind === 'custom' && !rules.customTools) {
    losses.note(tool.at, 'emulated');
    return wrapTool({ ...flat, name });
  }
  if (flat.kind === 'function' && flat.builtin !== undefined) losses.note(tool.at, 'emulated');
  return { ...flat, name };
}

/** A tool for free text as a function with that text as its one argument. */
function wrapTool({ at, name, description, format }: CustomTool): FunctionTool {
  const grammar = findObject(format?.['grammar']) ?? format;
  const definition = findString(grammar?.['definition']);
  const syntax = findString(grammar?.['syntax']) ?? '';
  const rule =
    definition === undefined ? [] : [`The input has to match this ${syntax} grammar:\n${definition}`];
  const words = [...(description === undefined ? [] : [description]), ...rule].join('\n\n');
  const schema = {
    type: 'object',
    properties: { input: { type: 'string', description: 'The whole input, as plain text.' } },
    required: ['input'],
    additionalProperties: false,
  };
  return { kind: 'function', at, name, schema, ...(words !== '' && { description: words }) };
}

function fitTurn(turn: Turn, names: ToolNames, wraps: boolean): Turn {
  if (turn.role !== 'assistant') return turn;
  return {
    ...turn,
    parts: turn.parts.map((part) => (part.kind === 'tool-call' ? fitCall(part, names, wraps) : part)),
  };
}

function fitCall(call: ToolCallPart, names: ToolNames, wraps: boolean): ToolCallPart {
  const named = { ...without(call, 'namespace'), name: names.wireName(call) };
  return wraps && call.callKind === 'custom'
    ? { ...named, callKind: 'function', args: wrapInput(call.args) }
    : named;
}

const callsOf = (turns: readonly Turn[]): readonly ToolCallPart[] =>
  turns
    .flatMap((turn) => (turn.role === 'assistant' ? turn.parts : []))
    .filter((part) => part.kind === 'tool-call');

/** Nothing to restore where the client's name went out as it was. */
function restoredTool(tool: OfferedTool, names: ToolNames): readonly (readonly [string, RestoredTool])[] {
  const wire = names.wireName(tool);
  const { name, namespace, kind } = tool;
  if (wire === name && namespace === undefined && kind === 'function') return [];
  return [[wire, { name, callKind: kind, ...(namespace !== undefined && { namespace }) }]];
}
