import { findObject, findString, listOf } from '../../kernel/json.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { Choice, OfferedTool } from '../question.ts';
import { findSchemaFault } from '../schema-fault.ts';
import { refuse, refuseLonger, refuseMissing, refuseUnknown, refuseValue } from './refuse.ts';

const FIELDS: Readonly<Record<string, string>> = {
  function: 'name description parameters strict defer_loading allowed_callers output_schema',
  custom: 'name description format defer_loading allowed_callers',
  namespace: 'name description tools',
};
const HOSTED =
  /^(web_search|file_search|code_interpreter|image_generation|mcp|computer|local_shell|shell|apply_patch|tool_search|programmatic_tool_calling)/;
const LONGEST_NAME = 64;

/** The tools that the client runs; hosted ones are not called by the sandbox. @throws Refusal for a malformed one. */
export function readTools(body: JsonObject): readonly OfferedTool[] {
  return readToolList(body, 'tools', undefined);
}

function readToolList(
  owner: JsonObject,
  path: string,
  namespace: string | undefined,
): readonly OfferedTool[] {
  return listOf(owner['tools']).flatMap((entry, index) =>
    readTool(findObject(entry) ?? {}, `${path}[${index}]`, namespace),
  );
}

function readTool(tool: JsonObject, path: string, namespace: string | undefined): readonly OfferedTool[] {
  const type = findString(tool['type']);
  if (type === undefined) return refuseMissing(`${path}.type`);
  if (HOSTED.test(type)) return [];
  const fields = FIELDS[type];
  if (fields === undefined) return refuseValue(`${path}.type`, type, Object.keys(FIELDS));
  const name = findString(tool['name']);
  if (name === undefined) return refuseMissing(`${path}.name`);
  refuseUnknown(tool, path, ['type', ...fields.split(' ')]);
  if (!/^[a-zA-Z0-9_-]+$/.test(name)) {
    const pattern = "Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.";
    refuse(
      `Invalid '${path}.name': string does not match pattern. ${pattern}`,
      `${path}.name`,
      'invalid_value',
    );
  }
  refuseLonger(name, `${path}.name`, LONGEST_NAME);
  if (type === 'namespace') return readToolList(tool, `${path}.tools`, name);
  if (type === 'custom') return [{ name, namespace, kind: 'custom' }];
  const schema = findObject(tool['parameters']);
  if (schema !== undefined) checkSchema(name, schema, tool['strict'] === true, `${path}.parameters`);
  return [{ name, namespace, kind: 'function', schema }];
}

function checkSchema(name: string, schema: JsonObject, isStrict: boolean, param: string): void {
  const fault = findSchemaFault(schema, isStrict);
  if (fault === undefined) return;
  refuse(`Invalid schema for function '${name}': ${fault}`, param, 'invalid_function_parameters');
}

/** The choice, and the tools that it leaves. @throws Refusal for one that names no offered tool. */
export function readChoice(
  body: JsonObject,
  tools: readonly OfferedTool[],
): { readonly choice: Choice; readonly tools: readonly OfferedTool[] } {
  const value = body['tool_choice'] ?? 'auto';
  if (value === 'none' || value === 'auto') return { choice: { kind: value }, tools };
  if (value === 'required') return { choice: { kind: 'any' }, tools };
  const choice = findObject(value) ?? {};
  const type = findString(choice['type']) ?? '';
  if (type === 'allowed_tools') {
    const names = listOf(choice['tools']).map((entry) => findObject(entry)?.['name']);
    return { choice: { kind: 'any' }, tools: tools.filter(({ name }) => names.includes(name)) };
  }
  const name = findString(choice['name']);
  if (type !== 'function' && type !== 'custom') return { choice: { kind: 'none' }, tools };
  if (name === undefined) return refuseMissing('tool_choice.name');
  if (!tools.some((tool) => tool.name === name)) {
    refuse(`Tool choice '${name}' not found in 'tools' parameter.`, 'tool_choice');
  }
  return { choice: { kind: 'tool', name }, tools };
}
