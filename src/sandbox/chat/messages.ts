import { findObject, findString, isJsonArray, listOf } from '../../kernel/json.ts';
import type { Json, JsonObject } from '../../kernel/json.ts';
import { refuse, refuseValue } from './refuse.ts';

/** One message and where it stands, `messages[2]`. */
export interface Message {
  readonly path: string;
  readonly role: string;
  readonly message: JsonObject;
}

const ROLES = ['system', 'assistant', 'user', 'function', 'tool', 'developer'];
const TEXT_PARTS: Readonly<Record<string, string>> = { text: 'text' };
/** The field that each kind of part cannot do without, by role. */
const PARTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  user: { text: 'text', image_url: 'image_url', input_audio: 'input_audio', file: 'file' },
  assistant: { text: 'text', refusal: 'refusal' },
};

/** @throws Refusal for a message whose role or content Chat Completions would not take. */
export function readMessages(value: Json | undefined): readonly Message[] {
  if (!isJsonArray(value)) {
    refuse("Missing required parameter: 'messages'.", 'messages', 'missing_required_parameter');
  }
  if (value.length === 0) {
    refuse(
      "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array instead.",
      'messages',
      'empty_array',
    );
  }
  return value.map((entry, index) => readMessage(findObject(entry) ?? {}, `messages[${index}]`));
}

function readMessage(message: JsonObject, path: string): Message {
  const role = findString(message['role']) ?? '';
  if (!ROLES.includes(role)) refuseValue(`${path}.role`, role, ROLES);
  checkContent(message, role, path);
  for (const [index, entry] of listOf(message['tool_calls']).entries()) {
    checkCall(findObject(entry) ?? {}, `${path}.tool_calls[${index}]`);
  }
  return { path, role, message };
}

function checkContent(message: JsonObject, role: string, path: string): void {
  const content = message['content'] ?? null;
  if (content === null) {
    const hasCalls = listOf(message['tool_calls']).length > 0 || message['function_call'] !== undefined;
    if (role === 'assistant' && (hasCalls || typeof message['refusal'] === 'string')) return;
    refuse("Invalid value for 'content': expected a string, got null.", `${path}.content`);
  }
  if (typeof content === 'string') return;
  if (!isJsonArray(content))
    refuse("Invalid type for 'content': expected a string or an array.", `${path}.content`);
  const allowed = PARTS[role] ?? TEXT_PARTS;
  for (const [index, entry] of content.entries()) {
    checkPart(findObject(entry) ?? {}, `${path}.content[${index}]`, allowed);
  }
}

function checkPart(part: JsonObject, path: string, allowed: Readonly<Record<string, string>>): void {
  const type = findString(part['type']) ?? '';
  const field = allowed[type];
  if (field === undefined) return refuseValue(`${path}.type`, type, Object.keys(allowed));
  if (part[field] === undefined) {
    refuse(
      `Missing required parameter: '${path}.${field}'.`,
      `${path}.${field}`,
      'missing_required_parameter',
    );
  }
  // Fireworks, the host of most open models, refuses the marks of another vendor.
  if (part['cache_control'] !== undefined) {
    refuse(`Extra inputs are not permitted, field: '${path}.cache_control'`);
  }
}

function checkCall(call: JsonObject, path: string): void {
  const isCustom = call['type'] === 'custom';
  const inner = findObject(call[isCustom ? 'custom' : 'function']);
  const field = isCustom ? 'input' : 'arguments';
  if (typeof inner?.['name'] !== 'string' || typeof call['id'] !== 'string') {
    refuse(`Missing required parameter: '${path}.function.name'.`, path, 'missing_required_parameter');
  }
  if (typeof inner[field] !== 'string') {
    refuse(`Invalid type for '${path}.${field}': expected a string.`, `${path}.${field}`, 'invalid_type');
  }
}

/** @throws Refusal for tool messages without their calls, and calls without their tool messages. */
export function checkPairs(messages: readonly Message[]): void {
  let open: ReadonlySet<string> = new Set();
  for (const [index, { role, message }] of messages.entries()) {
    if (role === 'tool') {
      const id = findString(message['tool_call_id']) ?? '';
      if (!open.has(id)) {
        refuse(
          "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.",
          `messages.[${index}].role`,
        );
      }
      open = new Set([...open].filter((other) => other !== id));
      continue;
    }
    refuseOpen(open, index);
    open = new Set(listOf(message['tool_calls']).map((call) => findString(findObject(call)?.['id']) ?? ''));
  }
  refuseOpen(open, messages.length);
}

function refuseOpen(open: ReadonlySet<string>, index: number): void {
  if (open.size === 0) return;
  refuse(
    "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. " +
      `The following tool_call_ids did not have response messages: ${[...open].join(', ')}`,
    `messages.[${index}].role`,
  );
}

/** The parts of a content; a bare string is one text part. */
export function partsOf(content: Json | undefined): readonly JsonObject[] {
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  return listOf(content).map((part) => findObject(part) ?? {});
}
