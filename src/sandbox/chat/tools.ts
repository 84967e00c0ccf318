import { findObject, findString, listOf } from '../../kernel/json.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { Choice, OfferedTool } from '../question.ts';
import { findSchemaFault } from '../schema-fault.ts';
import { isOpenai } from './is-openai.ts';
import { refuse, refuseValue } from './refuse.ts';

const NAME = /^[a-zA-Z0-9_-]{1,64}$/;

/** @throws Refusal for a tool without a proper name, and for `tools: []`. */
export function readTools(body: JsonObject): readonly OfferedTool[] {
  const entries = listOf(body['tools']);
  if (body['tools'] !== undefined && entries.length === 0) {
    refuse("Invalid 'tools': empty array. Expected an array with minimum length 1.", 'tools', 'empty_array');
  }
  const functions = listOf(body['functions']).map((entry) => ({ type: 'function', function: entry }));
  return [...entries, ...functions].map((entry, index) =>
    readTool(findObject(entry) ?? {}, `tools[${index}]`, isOpenai(body)),
  );
}

function readTool(tool: JsonObject, path: string, isPicky: boolean): OfferedTool {
  const kind = tool['type'];
  if (kind !== 'function' && kind !== 'custom') {
    return refuseValue(`${path}.type`, findString(kind) ?? '', ['function', 'custom']);
  }
  const inner = findObject(tool[kind]);
  const param = `${path}.${kind}.name`;
  const name = findString(inner?.['name']);
  if (name === undefined)
    return refuse(`Missing required parameter: '${param}'.`, param, 'missing_required_parameter');
  if (!NAME.test(name)) {
    refuse(`Invalid '${param}': string does not match pattern '${NAME.source}'.`, param, 'invalid_value');
  }
  if (tool['cache_control'] !== undefined)
    refuse(`Extra inputs are not permitted, field: '${path}.cache_control'`);
  const schema = findObject(inner?.['parameters']);
  if (schema !== undefined && isPicky)
    checkSchema(name, schema, inner?.['strict'] === true, `${path}.function.parameters`);
  return { name, kind, schema };
}

function checkSchema(name: string, schema: JsonObject, isStrict: boolean, param: string): void {
  const fault = findSchemaFault(schema, isStrict);
  if (fault === undefined) return;
  refuse(`Invalid schema for function '${name}': ${fault}`, param, 'invalid_function_parameters');
}

/** A choice, and the tools that it leaves. */
interface Chosen {
  readonly choice: Choice;
  readonly tools: readonly OfferedTool[];
}

/** @throws Refusal for a choice without tools, or one that names no offered tool. */
export function readChoice(body: JsonObject, tools: readonly OfferedTool[]): Chosen {
  const value = body['tool_choice'] ?? body['function_call'] ?? 'auto';
  if (body['tool_choice'] !== undefined && tools.length === 0) {
    refuse(
      "Invalid value for 'tool_choice': 'tool_choice' is only allowed when 'tools' are specified.",
      'tool_choice',
    );
  }
  if (value === 'none' || value === 'auto') return { choice: { kind: value }, tools };
  if (value === 'required') return { choice: { kind: 'any' }, tools };
  return readNamedChoice(findObject(value) ?? {}, tools);
}

function readNamedChoice(choice: JsonObject, tools: readonly OfferedTool[]): Chosen {
  const allowed = findObject(choice['allowed_tools']);
  if (allowed !== undefined) {
    const names = listOf(allowed['tools']).map((entry) => innerName(findObject(entry) ?? {}));
    return { choice: { kind: 'any' }, tools: tools.filter(({ name }) => names.includes(name)) };
  }
  const name = innerName(choice);
  if (!tools.some((tool) => tool.name === name)) {
    refuse(`Tool choice '${name}' not found in 'tools' parameter.`, 'tool_choice');
  }
  return { choice: { kind: 'tool', name }, tools };
}

const innerName = (entry: JsonObject): string =>
  findString((findObject(entry['function']) ?? findObject(entry['custom']) ?? entry)['name']) ?? '';
