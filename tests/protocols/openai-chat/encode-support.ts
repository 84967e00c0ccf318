import type { Capabilities } from '../../../src/kernel/capabilities.ts';
import type {
  AssistantPart,
  ChatRequest,
  ResultPart,
  ToolCallPart,
  ToolResult,
  Turn,
  UserPart,
} from '../../../src/kernel/conversation.ts';
import { listOf } from '../../../src/kernel/json.ts';
import type { Json, JsonArray, JsonObject } from '../../../src/kernel/json.ts';
import { createLossLog } from '../../../src/kernel/losses.ts';
import { NO_WISH } from '../../../src/kernel/reasoning.ts';
import { openaiChat } from '../../../src/protocols/openai-chat/index.ts';
import { CLIENT_WORDS } from '../../support/client-words.ts';

const { upstream } = openaiChat;

/** What the built-in table says of OpenAI's models, and of most others. */
export const OPENAI: Capabilities = { issuer: 'openai', maxTokensField: 'max_completion_tokens' };
export const COMMON: Capabilities = { maxTokensField: 'max_tokens' };

/** A request with one user message and these members. */
export const ask = (members: Partial<ChatRequest> = {}): ChatRequest => ({
  model: 'asked-model',
  stream: true,
  wantUsageChunk: false,
  system: [],
  turns: [user({ kind: 'text', text: 'hi' })],
  tools: [],
  sampling: {},
  reasoning: NO_WISH,
  names: CLIENT_WORDS,
  ...members,
});

interface Encoded {
  readonly body: JsonObject;
  readonly notes: string;
}

/** The body for the upstream, and the notes. */
export function encode(members: Partial<ChatRequest>, capabilities: Capabilities = COMMON): Encoded {
  const losses = createLossLog();
  const body = upstream.encodeRequest(ask(members), { capabilities, losses, names: CLIENT_WORDS });
  return { body, notes: losses.summary() };
}

/** The messages of a conversation. */
export const messagesOf = (turns: readonly Turn[], capabilities?: Capabilities): JsonArray =>
  listOf(encode({ turns }, capabilities).body['messages']);

/** The content of a user message. */
export function contentOf(part: UserPart, capabilities?: Capabilities): Json | undefined {
  const [message] = messagesOf([user(part)], capabilities);
  return (message as JsonObject)['content'];
}

export const user = (...parts: readonly UserPart[]): Turn => ({ role: 'user', at: 'messages[0]', parts });

export const assistant = (...parts: readonly AssistantPart[]): Turn => ({
  role: 'assistant',
  at: 'messages[1]',
  parts,
});

export const text = (words: string): { readonly kind: 'text'; readonly text: string } => ({
  kind: 'text',
  text: words,
});

export const call = (id: string, args = '{}', more: Partial<ToolCallPart> = {}): ToolCallPart => ({
  kind: 'tool-call',
  id,
  callKind: 'function',
  name: 'get_weather',
  args,
  ...more,
});

export const result = (
  callId: string,
  parts: readonly ResultPart[],
  more: Partial<ToolResult> = {},
): ToolResult => ({
  at: 'messages[2].content[0].tool_use_id',
  callId,
  callKind: 'function',
  parts,
  ...more,
});

export const results = (...list: readonly ToolResult[]): Turn => ({
  role: 'tool',
  at: 'messages[2]',
  results: list,
});

export const PNG = {
  kind: 'image',
  source: { type: 'base64', data: 'iVBORw0KGgo=', mediaType: 'image/png' },
} as const;
export const PNG_PART: JsonObject = {
  type: 'image_url',
  image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' },
};
