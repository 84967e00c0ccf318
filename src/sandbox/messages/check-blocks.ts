import { findObject, findString, isJsonArray, isJsonObject, listOf } from '../../kernel/json.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { unseal } from '../seal.ts';
import { refuse } from './refuse.ts';
import type { Placed, Turn } from './turns.ts';

type Check = (block: JsonObject, path: string) => void;

const USER_BLOCKS = ['text', 'image', 'document', 'search_result', 'tool_result', 'container_upload'];
const ASSISTANT_BLOCKS = [
  'text',
  'thinking',
  'redacted_thinking',
  'tool_use',
  'server_tool_use',
  'compaction',
];
const IMAGE_TYPES = ['image/jpeg', 'image/png', 'image/gif', 'image/webp'];
const SOURCES: Readonly<Record<string, string>> = {
  base64: 'data',
  url: 'url',
  file: 'file_id',
  text: 'data',
  content: 'content',
};
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  text: ['text', 'citations', 'cache_control'],
  image: ['source', 'cache_control'],
  document: ['source', 'title', 'context', 'citations', 'cache_control'],
  thinking: ['thinking', 'signature'],
  redacted_thinking: ['data'],
  tool_use: ['id', 'name', 'input', 'cache_control', 'caller'],
  tool_result: ['tool_use_id', 'content', 'is_error', 'cache_control'],
};

/** @throws Refusal naming the first block that the Messages API would not take. */
export function checkBlocks(turns: readonly Turn[]): void {
  for (const turn of turns) {
    for (const placed of turn.blocks) checkBlock(placed, turn.role);
  }
}

function checkBlock({ path, type, block }: Placed, role: Turn['role']): void {
  const isServerResult = role === 'assistant' && type.endsWith('_tool_result');
  const tags = role === 'user' ? USER_BLOCKS : ASSISTANT_BLOCKS;
  if (!tags.includes(type) && !isServerResult) {
    refuse(
      `${path}: Input tag '${type}' found using 'type' does not match any of the expected tags: ${tags.join(', ')}`,
    );
  }
  checkFields(block, `${path}.${type}`, FIELDS[type]);
  CHECKS[type]?.(block, path);
}

function checkFields(block: JsonObject, path: string, fields: readonly string[] | undefined): void {
  if (fields === undefined) return;
  const extra = Object.keys(block).find((key) => key !== 'type' && !fields.includes(key));
  if (extra !== undefined) refuse(`${path}.${extra}: Extra inputs are not permitted`);
}

const CHECKS: Readonly<Record<string, Check>> = {
  text: checkText,
  image: (block, path) => {
    const source = checkSource(block, `${path}.image`);
    const mime = findString(source['media_type']) ?? '';
    if (source['type'] === 'base64' && !IMAGE_TYPES.includes(mime)) {
      refuse(`${path}.image.source.base64.media_type: Input should be one of ${IMAGE_TYPES.join(', ')}`);
    }
  },
  document: (block, path) => void checkSource(block, `${path}.document`),
  thinking: checkThinking,
  redacted_thinking: (block, path) => {
    const data = findString(block['data']);
    if (data === undefined || unseal('anthropic', data) === undefined) {
      refuse(`${path}: Invalid \`data\` in \`redacted_thinking\` block`);
    }
  },
  tool_use: (block, path) => {
    checkName(block['id'], `${path}.tool_use.id`);
    checkName(block['name'], `${path}.tool_use.name`);
    if (!isJsonObject(block['input'])) refuse(`${path}.tool_use.input: Input should be a valid dictionary`);
  },
  tool_result: checkToolResult,
};

function checkText(block: JsonObject, path: string): void {
  const text = block['text'];
  if (typeof text !== 'string') refuse(`${path}.text.text: Field required`);
  const message = path.replace(/\.content.*$/, '');
  if (text === '') refuse(`${message}: text content blocks must be non-empty`);
  if (text.trim() === '') refuse(`${message}: text content blocks must contain non-whitespace text`);
}

function checkSource(block: JsonObject, path: string): JsonObject {
  const source = findObject(block['source']) ?? {};
  const field = SOURCES[findString(source['type']) ?? ''];
  if (field === undefined)
    refuse(`${path}.source: Input should be one of ${Object.keys(SOURCES).join(', ')}`);
  const value = source[field];
  if (value === undefined || value === '') refuse(`${path}.source.${field}: Field required`);
  return source;
}

/** A signature signs its text; text that a model left out leaves nothing to compare. */
function checkThinking(block: JsonObject, path: string): void {
  const signature = findString(block['signature']);
  if (signature === undefined) refuse(`${path}.thinking.signature: Field required`);
  const signed = unseal('anthropic', signature);
  const text = block['thinking'];
  if (signed === undefined || (text !== '' && text !== signed)) {
    refuse(`${path}: Invalid \`signature\` in \`thinking\` block`);
  }
}

function checkToolResult(block: JsonObject, path: string): void {
  checkName(block['tool_use_id'], `${path}.tool_result.tool_use_id`);
  const content = block['content'];
  if (content !== undefined && typeof content !== 'string' && !isJsonArray(content)) {
    refuse(`${path}.tool_result.content: Input should be a valid string or a valid list`);
  }
  for (const [index, entry] of listOf(content).entries()) {
    const part = findObject(entry) ?? {};
    const type = findString(part['type']) ?? '';
    const place = `${path}.tool_result.content.${index}`;
    if (type === 'tool_reference') continue;
    if (!['text', 'image', 'document', 'search_result'].includes(type)) {
      refuse(`${place}: Input tag '${type}' found using 'type' does not match any of the expected tags`);
    }
    checkBlock({ path: place, type, block: part }, 'user');
  }
}

function checkName(value: unknown, path: string): void {
  if (typeof value !== 'string') refuse(`${path}: Field required`);
  if (!/^[a-zA-Z0-9_-]+$/.test(value)) refuse(`${path}: String should match pattern '^[a-zA-Z0-9_-]+$'`);
}
