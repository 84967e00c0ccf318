import { findObject, findString, listOf } from '../../kernel/json.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { Choice, OfferedTool } from '../question.ts';
import { refuse } from './refuse.ts';
import type { Turn } from './turns.ts';

/**
 * The client's tools; those that the service runs itself are not called by the sandbox.
 *
 * @throws Refusal for a bad name or schema, and for tool blocks in a conversation without tools.
 */
export function readTools(body: JsonObject, turns: readonly Turn[]): readonly OfferedTool[] {
  const entries = listOf(body['tools']).map((entry) => findObject(entry) ?? {});
  const hasToolBlocks = turns.some((turn) => turn.blocks.some(({ type }) => type === 'tool_use'));
  if (entries.length === 0 && hasToolBlocks) {
    refuse('Requests which include `tool_use` or `tool_result` blocks must define tools');
  }
  const names = entries.map((entry) => findString(entry['name']) ?? '');
  if (new Set(names).size < names.length) refuse('tools: Tool names must be unique.');
  return entries.flatMap((entry, index) => readTool(entry, `tools.${index}.custom`));
}

function readTool(entry: JsonObject, path: string): readonly OfferedTool[] {
  if ((entry['type'] ?? 'custom') !== 'custom') return [];
  const name = findString(entry['name']);
  if (name === undefined) refuse(`${path}.name: Field required`);
  if (!/^[a-zA-Z0-9_-]{1,128}$/.test(name)) {
    refuse(`${path}.name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'`);
  }
  const schema = findObject(entry['input_schema']);
  if (schema === undefined) refuse(`${path}.input_schema: Field required`);
  if (schema['type'] === undefined) refuse(`${path}.input_schema.type: Field required`);
  if (schema['type'] !== 'object') refuse(`${path}.input_schema.type: Input should be 'object'`);
  if (['anyOf', 'oneOf', 'allOf'].some((word) => schema[word] !== undefined)) {
    refuse(`${path}.input_schema: input_schema does not support oneOf, allOf, or anyOf at the top level`);
  }
  return [{ name, kind: 'function', schema }];
}

/** @throws Refusal for a choice that is malformed or names no offered tool. */
export function readChoice(body: JsonObject): Choice {
  const choice = findObject(body['tool_choice']);
  if (choice === undefined) return { kind: 'auto' };
  if (listOf(body['tools']).length === 0) refuse('tool_choice may only be specified while providing tools');
  const type = choice['type'];
  if (type === 'auto' || type === 'any' || type === 'none') return { kind: type };
  const name = findString(choice['name']);
  if (type !== 'tool' || name === undefined) {
    refuse("tool_choice: Input tag should be one of 'auto', 'any', 'tool', 'none'");
  }
  const isOffered = listOf(body['tools']).some((entry) => findObject(entry)?.['name'] === name);
  if (!isOffered) refuse(`Tool '${name}' not found in provided tools`);
  return { kind: 'tool', name };
}
