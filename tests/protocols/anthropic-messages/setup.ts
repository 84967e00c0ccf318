import type { Capabilities } from '../../../src/kernel/capabilities.ts';
import type { AnswerContext, DecodeContext } from '../../../src/kernel/codec.ts';
import { collectReply } from '../../../src/kernel/collect-reply.ts';
import type { ChatRequest, Turn } from '../../../src/kernel/conversation.ts';
import { createIds } from '../../../src/kernel/ids.ts';
import { parseJson, writeJson } from '../../../src/kernel/json.ts';
import type { JsonObject } from '../../../src/kernel/json.ts';
import { createLossLog } from '../../../src/kernel/losses.ts';
import { NO_WISH } from '../../../src/kernel/reasoning.ts';
import type { Reply } from '../../../src/kernel/reply.ts';
import type { StreamEvent } from '../../../src/kernel/stream-event.ts';
import { anthropicMessages } from '../../../src/protocols/anthropic-messages/index.ts';
import { createSseDecoder } from '../../../src/sse/decode.ts';
import { bytesOf, chunksOf } from '../../support/chunks.ts';
import { createRepeatableRandom } from '../../support/repeatable-random.ts';
import { CLIENT_WORDS } from '../../support/client-words.ts';

const { client, upstream } = anthropicMessages;

const decodeContext = (capabilities: Capabilities = {}): DecodeContext => ({
  capabilities,
  ids: createIds(createRepeatableRandom()),
});

/** The events of an SSE text that comes in chunks of `size` bytes; the upstream closes at its end. */
export function eventsOf(
  text: string,
  { size = 4096, capabilities = {} }: { size?: number; capabilities?: Capabilities } = {},
): StreamEvent[] {
  const events: StreamEvent[] = [];
  const decoder = upstream.createStreamDecoder(decodeContext(capabilities), (event) => events.push(event));
  const sse = createSseDecoder(decoder.push);
  chunksOf(bytesOf(text), size).forEach(sse.push);
  sse.end();
  decoder.end();
  return events;
}

/** What a decoder says of events that come as single frames, with no end of the stream. */
export function decoderAfter(...frames: readonly object[]): { done: boolean; events: StreamEvent[] } {
  const events: StreamEvent[] = [];
  const decoder = upstream.createStreamDecoder(decodeContext(), (event) => events.push(event));
  frames.forEach((frame) => decoder.push({ event: undefined, data: JSON.stringify(frame) }));
  return { done: decoder.done(), events };
}

/** The SSE text of unnamed events. */
export const sseOf = (...events: readonly object[]): string =>
  events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('');

export function eventsOfBody(body: string, capabilities: Capabilities = {}): StreamEvent[] {
  const events: StreamEvent[] = [];
  upstream.decodeReply(parseJson(body), decodeContext(capabilities), (event) => events.push(event));
  return events;
}

export const replyOf = (text: string): Reply => collectReply(eventsOf(text));
export const replyOfBody = (body: string): Reply => collectReply(eventsOfBody(body));

/** By default of an answer that came in this very dialect. */
export const answerContext = (fields: Partial<AnswerContext> = {}): AnswerContext => ({
  model: 'alias',
  request: undefined,
  native: true,
  estimatedInput: 7,
  ids: createIds(createRepeatableRandom()),
  now: 1_764_000_000_000,
  ...fields,
});

/** The wire text of a stream that is told as these events. */
export function streamOf(events: readonly StreamEvent[], fields: Partial<AnswerContext> = {}): string {
  const encoder = requireClient().createStreamEncoder(answerContext(fields));
  return events.map(encoder.push).join('');
}

export function requireClient(): NonNullable<typeof client> {
  if (client === undefined) throw new Error('Messages has a client face');
  return client;
}

/** A canonical request that asks nothing but what is given. */
const requestOf = (fields: Partial<ChatRequest>): ChatRequest => ({
  model: 'm',
  stream: false,
  wantUsageChunk: false,
  system: [],
  turns: [{ role: 'user', at: 'messages[0]', parts: [{ kind: 'text', text: 'hi' }] }],
  tools: [],
  sampling: {},
  reasoning: NO_WISH,
  names: CLIENT_WORDS,
  ...fields,
});

interface Encoded {
  /** The body as the upstream reads it. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly text: string;
  readonly wire: JsonObject;
  readonly notes: string;
}

export function encode(fields: Partial<ChatRequest>, capabilities: Capabilities = {}): Encoded {
  const losses = createLossLog();
  const wire = upstream.encodeRequest(requestOf(fields), { capabilities, losses, names: CLIENT_WORDS });
  const text = writeJson(wire);
  return { wire, text, body: JSON.parse(text) as Encoded['body'], notes: losses.summary() };
}

/** The `messages` that these turns become. */
export const messagesOf = (turns: readonly Turn[], capabilities: Capabilities = {}): unknown =>
  encode({ turns }, capabilities).body['messages'];

export const user = (text: string, at = 'messages[0]'): Turn => ({
  role: 'user',
  at,
  parts: [{ kind: 'text', text }],
});

export const assistant = (text: string, at = 'messages[1]'): Turn => ({
  role: 'assistant',
  at,
  parts: [{ kind: 'text', text }],
});

/** An assistant turn that calls functions, by id. */
export const calls = (...ids: readonly string[]): Turn => ({
  role: 'assistant',
  at: 'messages[1]',
  parts: ids.map((id) => ({ kind: 'tool-call', id, callKind: 'function', name: 'f', args: '{}' })),
});

export const results = (...ids: readonly string[]): Turn => ({
  role: 'tool',
  at: 'messages[2]',
  results: ids.map((callId) => ({
    at: 'messages[2].tool_call_id',
    callId,
    callKind: 'function',
    parts: [{ kind: 'text', text: `result of ${callId}` }],
  })),
});
