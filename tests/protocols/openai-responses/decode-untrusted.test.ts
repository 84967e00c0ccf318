import fc from 'fast-check';
import { expect, it } from 'vitest';
import { GatewayError } from '../../../src/kernel/gateway-error.ts';
import { parseJson } from '../../../src/kernel/json.ts';
import type { Json, JsonObject } from '../../../src/kernel/json.ts';
import { jsonText } from '../../support/arbitrary-json.ts';
import { decodeBody } from './client-request.ts';

const FIELDS = [
  ...['instructions', 'stream', 'tool_choice', 'include', 'reasoning', 'text', 'background', 'truncation'],
  ...['max_output_tokens', 'temperature', 'top_logprobs', 'stream_options', 'store', 'user', 'metadata'],
];
const ITEM_TYPES = [
  ...['message', 'agent_message', 'reasoning', 'function_call', 'function_call_output', 'custom_tool_call'],
  ...[
    'custom_tool_call_output',
    'local_shell_call',
    'local_shell_call_output',
    'shell_call',
    'shell_call_output',
  ],
  ...['apply_patch_call', 'apply_patch_call_output', 'additional_tools', 'tool_search_output', 'mcp_call'],
  ...['configuration_update', 'item_reference', 'compaction', 'x'],
];
const ITEM_MEMBERS = [
  ...['role', 'content', 'call_id', 'id', 'name', 'arguments', 'input', 'output', 'action', 'operation'],
  ...['summary', 'encrypted_content', 'tools', 'reasoning', 'text', 'phase', 'namespace', 'status'],
];
const PART_TYPES = [
  'input_text',
  'output_text',
  'input_image',
  'input_file',
  'refusal',
  'encrypted_content',
  'x',
];
const PART_MEMBERS = [
  'text',
  'refusal',
  'image_url',
  'file_data',
  'file_id',
  'annotations',
  'encrypted_content',
];
const TOOL_TYPES = ['function', 'custom', 'namespace', 'shell', 'local_shell', 'web_search', 'x'];
const TOOL_MEMBERS = ['name', 'description', 'parameters', 'strict', 'format', 'environment', 'tools'];

const anything: fc.Arbitrary<Json> = fc.oneof(
  jsonText.map(parseJson),
  fc.constantFrom<Json>(
    'user',
    'assistant',
    'developer',
    'c1',
    'px1.e30',
    'data:image/png;base64,AA',
    'high',
  ),
);
const few = (element: fc.Arbitrary<Json>): fc.Arbitrary<Json> => fc.array(element, { maxLength: 3 });

/** An object of one of these types whose members may be anything, or what fits. */
const typed = (
  types: readonly string[],
  members: readonly string[],
  member: fc.Arbitrary<Json>,
): fc.Arbitrary<JsonObject> =>
  fc
    .tuple(fc.constantFrom(...types), fc.dictionary(fc.constantFrom(...members), member, { maxKeys: 6 }))
    .map(([type, rest]) => ({ type, ...rest }));

const part = typed(PART_TYPES, PART_MEMBERS, anything);
const tool = typed(
  TOOL_TYPES,
  TOOL_MEMBERS,
  fc.oneof(anything, few(typed(TOOL_TYPES, TOOL_MEMBERS, anything))),
);
const item = typed(ITEM_TYPES, ITEM_MEMBERS, fc.oneof(anything, few(part), few(tool)));
const body = fc
  .tuple(
    fc.oneof(few(item), anything),
    fc.oneof(few(tool), anything),
    fc.dictionary(fc.constantFrom(...FIELDS), anything, { maxKeys: 3 }),
  )
  .map(([input, tools, rest]): JsonObject => ({ model: 'm', input, tools, ...rest }));

/** `undefined` when the body was read or properly refused, else what went wrong. */
function faultOf(given: JsonObject): unknown {
  try {
    decodeBody(given);
  } catch (error) {
    const proper = error instanceof GatewayError && error.kind === 'invalid-request';
    return proper && error.details.param !== undefined ? undefined : error;
  }
  return undefined;
}

it('openai-responses reads a body, or refuses it naming the field, whatever a client sends', () => {
  fc.assert(
    fc.property(body, (given) => {
      expect(faultOf(given)).toBeUndefined();
    }),
    { numRuns: 1000 },
  );
});

it('openai-responses reads an answer of more parts than a call takes arguments', () => {
  const content = Array.from({ length: 200_000 }, () => ({ type: 'output_text', text: 'a' }));
  expect(faultOf({ model: 'm', input: [{ role: 'assistant', content }] })).toBeUndefined();
});
