import { findObject, findString, isJsonArray, isJsonObject, listOf } from '../../kernel/json.ts';
import type { Json, JsonObject } from '../../kernel/json.ts';
import { refuse, refuseLonger, refuseMissing, refuseUnknown, refuseValue } from './refuse.ts';

/** One input item and where it stands, `input[3]`. */
export interface Item {
  readonly path: string;
  readonly type: string;
  readonly item: JsonObject;
}

const LONGEST_CALL_ID = 64;
/** Required fields, then optional ones, of the items that a client writes. */
const FIELDS: Readonly<Record<string, readonly [string, string]>> = {
  message: ['role content', 'type id status phase'],
  function_call: ['call_id name arguments', 'type id status namespace caller'],
  function_call_output: ['call_id output', 'type id status caller'],
  custom_tool_call: ['call_id name input', 'type id status namespace caller'],
  custom_tool_call_output: ['call_id output', 'type id status caller'],
  reasoning: ['summary', 'type id content encrypted_content status'],
};
const ID_PREFIXES: Readonly<Record<string, string>> = {
  message: 'msg',
  function_call: 'fc',
  custom_tool_call: 'ctc',
  reasoning: 'rs',
};
const OTHER_TYPES =
  'item_reference additional_tools agent_message tool_search_call tool_search_output compaction compaction_trigger ' +
  'configuration_update web_search_call file_search_call computer_call computer_call_output image_generation_call ' +
  'code_interpreter_call local_shell_call local_shell_call_output shell_call shell_call_output apply_patch_call ' +
  'apply_patch_call_output mcp_list_tools mcp_approval_request mcp_approval_response mcp_call program program_output';
const ROLES = ['assistant', 'system', 'developer', 'user'];
const INPUT_PARTS: Readonly<Record<string, string>> = {
  input_text: 'text prompt_cache_breakpoint',
  input_image: 'image_url file_id detail prompt_cache_breakpoint',
  input_file: 'file_data file_url file_id filename detail prompt_cache_breakpoint',
};
const OUTPUT_PARTS: Readonly<Record<string, string>> = {
  output_text: 'text annotations logprobs',
  refusal: 'refusal',
};

/** The input as items, a bare string being one user message. @throws Refusal for an item that is not well formed. */
export function readItems(input: Json | undefined): readonly Item[] {
  if (typeof input === 'string') {
    return [{ path: 'input', type: 'message', item: { role: 'user', content: input } }];
  }
  if (!isJsonArray(input))
    return refuse("Invalid type for 'input': expected a string or an array.", 'input', 'invalid_type');
  return input.map((entry, index) => readItem(findObject(entry) ?? {}, `input[${index}]`));
}

function readItem(item: JsonObject, path: string): Item {
  const type = findString(item['type']) ?? (item['role'] === undefined ? 'item_reference' : 'message');
  const fields = FIELDS[type];
  if (fields === undefined) {
    const others = OTHER_TYPES.split(' ');
    if (!others.includes(type)) refuseValue(`${path}.type`, type, [...Object.keys(FIELDS), ...others]);
    return { path, type, item };
  }
  const [required, optional] = fields.map((names) => names.split(' '));
  refuseUnknown(item, path, [...(required ?? []), ...(optional ?? [])]);
  const missing = required?.find((name) => item[name] === undefined);
  if (missing !== undefined) refuseMissing(`${path}.${missing}`);
  checkId(type, item, path);
  refuseLonger(item['call_id'], `${path}.call_id`, LONGEST_CALL_ID);
  if (type === 'message') checkMessage(item, path);
  if (type.endsWith('_output')) checkParts(item['output'], `${path}.output`, INPUT_PARTS);
  return { path, type, item };
}

function checkId(type: string, item: JsonObject, path: string): void {
  const id = item['id'];
  const prefix = ID_PREFIXES[type];
  if (typeof id !== 'string' || prefix === undefined || id.startsWith(prefix)) return;
  refuse(
    `Invalid '${path}.id': '${id}'. Expected an ID that begins with '${prefix}'.`,
    `${path}.id`,
    'invalid_value',
  );
}

function checkMessage(item: JsonObject, path: string): void {
  const role = findString(item['role']) ?? '';
  if (!ROLES.includes(role)) refuseValue(`${path}.role`, role, ROLES);
  checkParts(item['content'], `${path}.content`, role === 'assistant' ? OUTPUT_PARTS : INPUT_PARTS);
}

function checkParts(
  content: Json | undefined,
  path: string,
  allowed: Readonly<Record<string, string>>,
): void {
  if (typeof content === 'string') return;
  if (!isJsonArray(content))
    refuse(`Invalid type for '${path}': expected a string or an array.`, path, 'invalid_type');
  for (const [index, entry] of listOf(content).entries()) {
    const part = isJsonObject(entry) ? entry : {};
    const type = findString(part['type']) ?? '';
    const fields = allowed[type];
    if (fields === undefined) refuseValue(`${path}[${index}]`, type, Object.keys(allowed));
    refuseUnknown(part, `${path}[${index}]`, ['type', ...(fields ?? '').split(' ')]);
  }
}
