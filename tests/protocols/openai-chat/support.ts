import { collectReply } from '../../../src/kernel/collect-reply.ts';
import type { Capabilities } from '../../../src/kernel/capabilities.ts';
import type { AnswerContext, ClientCodec, DecodeContext } from '../../../src/kernel/codec.ts';
import type { ChatRequest } from '../../../src/kernel/conversation.ts';
import { createIds } from '../../../src/kernel/ids.ts';
import { parseJson } from '../../../src/kernel/json.ts';
import type { Json, JsonObject } from '../../../src/kernel/json.ts';
import { createLossLog } from '../../../src/kernel/losses.ts';
import type { Reply } from '../../../src/kernel/reply.ts';
import type { StreamEvent } from '../../../src/kernel/stream-event.ts';
import { openaiChat } from '../../../src/protocols/openai-chat/index.ts';
import { createSseDecoder } from '../../../src/sse/decode.ts';
import { bytesOf } from '../../support/chunks.ts';
import { createRepeatableRandom } from '../../support/repeatable-random.ts';

/** The client face, which this dialect has. */
export const client: ClientCodec = requireClient();
export const { upstream } = openaiChat;

function requireClient(): ClientCodec {
  if (openaiChat.client === undefined) throw new Error('no client face');
  return openaiChat.client;
}

const freshIds = (): AnswerContext['ids'] => createIds(createRepeatableRandom());

export const decodeContext = (capabilities: Capabilities = {}): DecodeContext => ({
  capabilities,
  ids: freshIds(),
});

/** A client that asked for model `asked-model` on 2026-11-23, and an upstream of another dialect. */
export const answerContext = (request?: Partial<ChatRequest>): AnswerContext => ({
  model: 'asked-model',
  request: request === undefined ? undefined : { ...decode({}).request, ...request },
  native: false,
  estimatedInput: 11,
  ids: freshIds(),
  now: 1795800123456,
});

/** The events of a whole SSE text. */
export function eventsOfText(text: string, capabilities: Capabilities = {}): StreamEvent[] {
  const events: StreamEvent[] = [];
  const decoder = upstream.createStreamDecoder(decodeContext(capabilities), (event) => events.push(event));
  const sse = createSseDecoder((frame) => decoder.push(frame));
  sse.push(bytesOf(text));
  sse.end();
  decoder.end();
  return events;
}

type Chunk = JsonObject | '[DONE]';

/** The events of chunks, each given as an object. */
export const eventsOf = (...chunks: readonly Chunk[]): StreamEvent[] =>
  eventsOfText(
    chunks.map((chunk) => `data: ${typeof chunk === 'string' ? chunk : JSON.stringify(chunk)}\n\n`).join(''),
  );

/** The answer that chunks fold to; throws the error that ended them. */
export const replyOf = (...chunks: readonly Chunk[]): Reply => collectReply(eventsOf(...chunks));

/** The events of a whole body. */
export function eventsOfBody(body: Json, capabilities: Capabilities = {}): StreamEvent[] {
  const events: StreamEvent[] = [];
  upstream.decodeReply(body, decodeContext(capabilities), (event) => events.push(event));
  return events;
}

/** The error that ends the events, if one does. */
export function errorOf(events: readonly StreamEvent[]): unknown {
  const last = events.at(-1);
  return last?.type === 'error' ? last.error : undefined;
}

/** A chunk with one delta. */
export const delta = (value: JsonObject, finish: string | null = null): JsonObject => ({
  id: 'chatcmpl-1',
  object: 'chat.completion.chunk',
  created: 1795800000,
  model: 'm',
  choices: [{ index: 0, delta: value, finish_reason: finish }],
});

/** A chunk with one entry of `tool_calls`. */
export const callDelta = (...entries: JsonObject[]): JsonObject => delta({ tool_calls: entries });

const MINIMAL: JsonObject = { model: 'm', messages: [{ role: 'user', content: 'hi' }] };

/** Decodes a request that has these members besides a model and one message; also tells the notes. */
export function decode(members: JsonObject): { readonly request: ChatRequest; readonly notes: string } {
  const losses = createLossLog();
  const request = client.decodeRequest({ ...MINIMAL, ...members }, losses);
  return { request, notes: losses.summary() };
}

/** Decodes a conversation from JSON text, so that its numbers stay exact. */
export const decodeConversation = (messages: string): ChatRequest =>
  decode({ messages: parseJson(messages) }).request;

/** The JSON of the `data` lines of an encoded stream; `[DONE]` as itself. */
export const chunksOfText = (text: string): unknown[] =>
  text
    .split('\n\n')
    .filter((frame) => frame !== '')
    .map((frame) => frame.slice('data: '.length))
    .map((data) => (data === '[DONE]' ? data : (JSON.parse(data) as unknown)));

/** Encodes events for a client. */
export function encodeEvents(events: readonly StreamEvent[], context = answerContext()): string {
  const encoder = client.createStreamEncoder(context);
  return events.map((event) => encoder.push(event)).join('');
}
