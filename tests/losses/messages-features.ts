import type { JsonObject } from '../../src/kernel/json.ts';
import { feature, members, PDF, PNG, schema } from './features.ts';
import type { Feature } from './features.ts';

const messagesTool = { name: 'weather', input_schema: schema };
const messagesUser = (...content: readonly JsonObject[]): JsonObject => ({
  messages: [{ role: 'user', content }],
});
const messagesAssistant = (...content: readonly JsonObject[]): JsonObject => ({
  messages: [
    { role: 'user', content: 'Hi' },
    { role: 'assistant', content: [...content, { type: 'text', text: 'Hello' }] },
    { role: 'user', content: 'Go on' },
  ],
});

/** What a Messages client may ask for. */
export const MESSAGES_FEATURES: readonly Feature[] = [
  ...members({
    temperature: 0.5,
    top_p: 0.9,
    top_k: 40,
    stop_sequences: ['END'],
    thinking: { type: 'enabled', budget_tokens: 2000 },
    metadata: { user_id: 'someone' },
    service_tier: 'standard_only',
    context_management: { edits: [] },
    inference_geo: 'eu',
    container: 'container_1',
    mcp_servers: [{ type: 'url', url: 'https://example.com', name: 'm' }],
    an_unknown_member: 1,
  }),
  feature('`output_config.format`', { output_config: { format: { type: 'json_schema', schema } } }),
  feature('`output_config.effort`', { output_config: { effort: 'high' } }),
  feature('`cache_control`', {
    system: [{ type: 'text', text: 'Be kind', cache_control: { type: 'ephemeral' } }],
  }),
  feature('a tool', { tools: [messagesTool] }),
  feature('the `bash` tool', { tools: [{ type: 'bash_20250124', name: 'bash' }] }),
  feature('the `web_search` tool', {
    tools: [messagesTool, { type: 'web_search_20250305', name: 'web_search' }],
  }),
  feature('`tool_choice` `any`', { tools: [messagesTool], tool_choice: { type: 'any' } }),
  feature('`disable_parallel_tool_use`', {
    tools: [messagesTool],
    tool_choice: { type: 'auto', disable_parallel_tool_use: true },
  }),
  feature('a `system` message', {
    messages: [
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content: 'Hello' },
      { role: 'user', content: 'Hm' },
      { role: 'system', content: 'Be brief' },
    ],
  }),
  feature(
    'an image',
    messagesUser({ type: 'image', source: { type: 'base64', media_type: 'image/png', data: PNG } }),
  ),
  feature(
    'an image by web address',
    messagesUser({ type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } }),
  ),
  feature('an image by its id', messagesUser({ type: 'image', source: { type: 'file', file_id: 'file_1' } })),
  feature(
    'a PDF',
    messagesUser({ type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: PDF } }),
  ),
  feature(
    'a document of text',
    messagesUser({
      type: 'document',
      title: 'T',
      source: { type: 'text', media_type: 'text/plain', data: 'words' },
    }),
  ),
  feature(
    '`context` of a document',
    messagesUser({
      type: 'document',
      context: 'C',
      source: { type: 'base64', media_type: 'application/pdf', data: PDF },
    }),
  ),
  feature(
    'a `search_result`',
    messagesUser({
      type: 'search_result',
      title: 'T',
      source: 'https://example.com',
      content: [{ type: 'text', text: 'words' }],
    }),
  ),
  feature(
    "thinking with Anthropic's own signature",
    messagesAssistant({ type: 'thinking', thinking: 'Hm', signature: 'sig' }),
  ),
  feature(
    'a server tool of an earlier answer',
    messagesAssistant({ type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: {} }),
  ),
  feature('an image in a result', {
    tools: [messagesTool],
    messages: [
      { role: 'user', content: 'Hi' },
      {
        role: 'assistant',
        content: [{ type: 'tool_use', id: 'toolu_1', name: 'weather', input: { city: 'Bern' } }],
      },
      {
        role: 'user',
        content: [
          {
            type: 'tool_result',
            tool_use_id: 'toolu_1',
            content: [{ type: 'image', source: { type: 'base64', media_type: 'image/png', data: PNG } }],
          },
        ],
      },
    ],
  }),
  feature('`is_error` of a result', {
    tools: [messagesTool],
    messages: [
      { role: 'user', content: 'Hi' },
      {
        role: 'assistant',
        content: [{ type: 'tool_use', id: 'toolu_1', name: 'weather', input: { city: 'Bern' } }],
      },
      {
        role: 'user',
        content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: 'no such city', is_error: true }],
      },
    ],
  }),
];
