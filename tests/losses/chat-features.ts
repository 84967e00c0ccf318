import type { JsonObject } from '../../src/kernel/json.ts';
import { feature, members, PDF, PNG, schema } from './features.ts';
import type { Feature } from './features.ts';

const chatTool = { type: 'function', function: { name: 'weather', parameters: schema } };
const chatUser = (...content: readonly JsonObject[]): JsonObject => ({
  messages: [{ role: 'user', content }],
});
const chatAssistant = (message: JsonObject): JsonObject => ({
  messages: [
    { role: 'user', content: 'Hi' },
    { role: 'assistant', content: 'Hello', ...message },
    { role: 'user', content: 'Go on' },
  ],
});
const chatCall = {
  id: 'call_1',
  type: 'function',
  function: { name: 'weather', arguments: '{"city":"Bern"}' },
};
const chatResult = (result: JsonObject): JsonObject => ({
  tools: [chatTool],
  messages: [
    { role: 'user', content: 'Hi' },
    { role: 'assistant', content: null, tool_calls: [chatCall] },
    { role: 'tool', tool_call_id: 'call_1', content: 'sunny', ...result },
  ],
});

/** What a Chat Completions client may ask for. */
export const CHAT_FEATURES: readonly Feature[] = [
  ...members({
    max_completion_tokens: 100,
    temperature: 0.5,
    top_p: 0.9,
    top_k: 40,
    frequency_penalty: 0.5,
    presence_penalty: 0.5,
    seed: 7,
    logit_bias: { 50256: -100 },
    logprobs: true,
    n: 2,
    stop: ['END'],
    verbosity: 'low',
    reasoning_effort: 'high',
    user: 'someone',
    metadata: { run: '1' },
    store: true,
    service_tier: 'flex',
    prompt_cache_key: 'key',
    prediction: { type: 'content', content: 'x' },
    modalities: ['text', 'audio'],
    web_search_options: {},
    an_unknown_member: 1,
  }),
  feature('`response_format` of a schema', {
    response_format: { type: 'json_schema', json_schema: { name: 'a', schema } },
  }),
  feature('`response_format` `json_object`', { response_format: { type: 'json_object' } }),
  feature('a tool', { tools: [chatTool] }),
  feature('a tool with `strict`', {
    tools: [{ ...chatTool, function: { ...chatTool.function, strict: true } }],
  }),
  feature('a `custom` tool', { tools: [{ type: 'custom', custom: { name: 'patch' } }] }),
  feature('`tool_choice` `required`', { tools: [chatTool], tool_choice: 'required' }),
  feature('`tool_choice` `allowed_tools`', {
    tools: [chatTool],
    tool_choice: {
      type: 'allowed_tools',
      allowed_tools: { mode: 'auto', tools: [{ type: 'function', function: { name: 'weather' } }] },
    },
  }),
  feature('`parallel_tool_calls` false', { tools: [chatTool], parallel_tool_calls: false }),
  feature('system text further down', {
    messages: [
      { role: 'user', content: 'Hi' },
      { role: 'system', content: 'Be brief' },
      { role: 'user', content: 'Go on' },
    ],
  }),
  feature('`name` of a user', { messages: [{ role: 'user', name: 'Ann', content: 'Hi' }] }),
  feature('an image', chatUser({ type: 'image_url', image_url: { url: `data:image/png;base64,${PNG}` } })),
  feature(
    'an image by web address',
    chatUser({ type: 'image_url', image_url: { url: 'https://example.com/a.png' } }),
  ),
  feature(
    '`detail` of an image',
    chatUser({ type: 'image_url', image_url: { url: `data:image/png;base64,${PNG}`, detail: 'high' } }),
  ),
  feature(
    'a PDF',
    chatUser({ type: 'file', file: { filename: 'a.pdf', file_data: `data:application/pdf;base64,${PDF}` } }),
  ),
  feature('a file by its id', chatUser({ type: 'file', file: { file_id: 'file-1' } })),
  feature('audio', chatUser({ type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } })),
  feature('reasoning of an earlier answer, without state', chatAssistant({ reasoning_content: 'Hm.' })),
  feature(
    'citations of an earlier answer',
    chatAssistant({
      annotations: [
        {
          type: 'url_citation',
          url_citation: { url: 'https://example.com', title: 'T', start_index: 0, end_index: 5 },
        },
      ],
    }),
  ),
  feature('a refusal of an earlier answer', chatAssistant({ content: null, refusal: 'No.' })),
  feature('a result', chatResult({})),
  feature('a result without its call', {
    messages: [
      { role: 'user', content: 'Hi' },
      { role: 'tool', tool_call_id: 'call_9', content: 'x' },
    ],
  }),
  feature('a call without its result', {
    tools: [chatTool],
    messages: [
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content: null, tool_calls: [chatCall] },
      { role: 'user', content: 'Go on' },
    ],
  }),
];
