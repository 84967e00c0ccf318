import type { JsonObject } from '../../src/kernel/json.ts';
import { feature, members, PDF, PNG, schema } from './features.ts';
import type { Feature } from './features.ts';

const responsesTool = { type: 'function', name: 'weather', parameters: schema, strict: false };
const responsesUser = (...content: readonly JsonObject[]): JsonObject => ({
  input: [{ role: 'user', content }],
});

/** What a Responses client may ask for. */
export const RESPONSES_FEATURES: readonly Feature[] = [
  ...members({
    max_output_tokens: 100,
    temperature: 0.5,
    top_p: 0.9,
    reasoning: { effort: 'high', summary: 'auto' },
    text: { verbosity: 'low' },
    metadata: { run: '1' },
    store: true,
    service_tier: 'flex',
    prompt_cache_key: 'key',
    safety_identifier: 'someone',
    truncation: 'auto',
    max_tool_calls: 3,
    previous_response_id: 'resp_1',
    conversation: 'conv_1',
    background: true,
    prompt: { id: 'pmpt_1' },
    an_unknown_member: 1,
  }),
  feature('`include` of log probabilities', { include: ['message.output_text.logprobs'], top_logprobs: 2 }),
  feature('`text.format` of a schema', { text: { format: { type: 'json_schema', name: 'a', schema } } }),
  feature('`text.format` `json_object`', { text: { format: { type: 'json_object' } } }),
  feature('a tool', { tools: [responsesTool] }),
  feature('a `custom` tool', { tools: [{ type: 'custom', name: 'patch' }] }),
  feature('a `namespace` of tools', {
    tools: [{ type: 'namespace', name: 'clock', description: 'Clocks', tools: [responsesTool] }],
  }),
  feature('the `shell` tool', { tools: [{ type: 'shell' }] }),
  feature('the `web_search` tool', { tools: [responsesTool, { type: 'web_search' }] }),
  feature('`tool_choice` of `file_search`', {
    tools: [responsesTool, { type: 'file_search', vector_store_ids: ['v'] }],
    tool_choice: { type: 'file_search' },
  }),
  feature('`tool_choice` `allowed_tools`', {
    tools: [responsesTool],
    tool_choice: { type: 'allowed_tools', mode: 'auto', tools: [{ type: 'function', name: 'weather' }] },
  }),
  feature('`parallel_tool_calls` false', { tools: [responsesTool], parallel_tool_calls: false }),
  feature('developer text further down', {
    input: [
      { role: 'user', content: 'Hi' },
      { role: 'developer', content: 'Be brief' },
      { role: 'user', content: 'Go on' },
    ],
  }),
  feature(
    'an image',
    responsesUser({ type: 'input_image', image_url: `data:image/png;base64,${PNG}`, detail: 'auto' }),
  ),
  feature('an image by its id', responsesUser({ type: 'input_image', file_id: 'file-1', detail: 'auto' })),
  feature(
    'a PDF',
    responsesUser({ type: 'input_file', filename: 'a.pdf', file_data: `data:application/pdf;base64,${PDF}` }),
  ),
  feature('`phase` of an earlier answer', {
    input: [
      { role: 'user', content: 'Hi' },
      {
        type: 'message',
        role: 'assistant',
        phase: 'commentary',
        content: [{ type: 'output_text', text: 'Hm', annotations: [] }],
      },
      { role: 'user', content: 'Go on' },
    ],
  }),
  feature("reasoning state of OpenAI's own", {
    input: [
      { role: 'user', content: 'Hi' },
      { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'gAAAA' },
      { role: 'assistant', content: 'Hello' },
      { role: 'user', content: 'Go on' },
    ],
  }),
  feature('a hosted call of an earlier answer', {
    input: [
      { role: 'user', content: 'Hi' },
      { type: 'web_search_call', id: 'ws_1', status: 'completed' },
      { role: 'assistant', content: 'Hello' },
      { role: 'user', content: 'Go on' },
    ],
  }),
  feature('`item_reference`', { input: [{ type: 'item_reference', id: 'msg_1' }] }),
];
