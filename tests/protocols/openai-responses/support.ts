import type { Capabilities } from '../../../src/kernel/capabilities.ts';
import type { AnswerContext, ClientCodec, DecodeContext, Overrides } from '../../../src/kernel/codec.ts';
import { collectReply } from '../../../src/kernel/collect-reply.ts';
import type { ChatRequest, Turn } from '../../../src/kernel/conversation.ts';
import type { FieldNames } from '../../../src/kernel/field-names.ts';
import type { GatewayError } from '../../../src/kernel/gateway-error.ts';
import { createIds } from '../../../src/kernel/ids.ts';
import { findString } from '../../../src/kernel/json.ts';
import type { Json, JsonObject } from '../../../src/kernel/json.ts';
import { createLossLog } from '../../../src/kernel/losses.ts';
import { NO_WISH } from '../../../src/kernel/reasoning.ts';
import { replayReply } from '../../../src/kernel/replay-reply.ts';
import type { Block, Reply, Stop } from '../../../src/kernel/reply.ts';
import type { StreamEvent } from '../../../src/kernel/stream-event.ts';
import { applyEdits, viewOfObject } from '../../../src/kernel/wire-object.ts';
import { openaiResponses } from '../../../src/protocols/openai-responses/index.ts';
import { createSseDecoder } from '../../../src/sse/decode.ts';
import { bytesOf } from '../../support/chunks.ts';
import { createRepeatableRandom } from '../../support/repeatable-random.ts';

export const client: ClientCodec = requireClient();
export const { upstream } = openaiResponses;

function requireClient(): ClientCodec {
  if (openaiResponses.client === undefined) throw new Error('no client face');
  return openaiResponses.client;
}

const freshIds = (): AnswerContext['ids'] => createIds(createRepeatableRandom());

const decodeContext = (capabilities: Capabilities): DecodeContext => ({ capabilities, ids: freshIds() });

/** What a client of no dialect in particular calls its fields. */
const NAMES: FieldNames = {
  cacheKey: 'the cache key',
  cacheMark: 'the cache mark',
  endUser: 'the user',
  format: 'the format',
  frequencyPenalty: 'the frequency penalty',
  logitBias: 'the bias',
  logprobs: 'the probabilities',
  maxTokens: 'the limit',
  messages: 'the messages',
  metadata: 'the metadata',
  parallelToolCalls: 'parallel calls',
  presencePenalty: 'the presence penalty',
  reasoning: 'the reasoning',
  seed: 'the seed',
  serviceTier: 'the tier',
  stop: 'the stop',
  store: 'the store',
  strict: 'the strictness',
  temperature: 'the temperature',
  toolChoice: 'the choice',
  tools: 'the tools',
  topK: 'top k',
  topP: 'top p',
  verbosity: 'the verbosity',
};

/** A request with one user message and these members. */
export const ask = (members: Partial<ChatRequest> = {}): ChatRequest => ({
  model: 'asked-model',
  stream: true,
  wantUsageChunk: false,
  system: [],
  turns: [{ role: 'user', at: 'messages[0]', parts: [{ kind: 'text', text: 'hi' }] }],
  tools: [],
  sampling: {},
  reasoning: NO_WISH,
  names: NAMES,
  ...members,
});

/** A client that asked for `asked-model` on 2026-11-23, and is answered from another dialect. */
export const answerContext = (
  request?: ChatRequest,
  members: Partial<AnswerContext> = {},
): AnswerContext => ({
  model: 'asked-model',
  request,
  native: false,
  estimatedInput: 0,
  ids: freshIds(),
  now: 1795800123456,
  ...members,
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

/** The SSE text of events, each an object with its `type`. */
export const textOfEvents = (...events: readonly JsonObject[]): string =>
  events
    .map((event) => `event: ${findString(event['type']) ?? 'message'}\ndata: ${JSON.stringify(event)}\n\n`)
    .join('');

/** The events of a stream that begins with `response.created` and goes on with these. */
export const eventsOf = (...events: readonly JsonObject[]): StreamEvent[] =>
  eventsOfText(textOfEvents(created, ...events));

/** The answer that a stream folds to; throws the error that ended it. */
export const replyOf = (...events: readonly JsonObject[]): Reply => collectReply(eventsOf(...events));

/** The events of a whole body. */
export function eventsOfBody(body: Json, capabilities: Capabilities = {}): StreamEvent[] {
  const events: StreamEvent[] = [];
  upstream.decodeReply(body, decodeContext(capabilities), (event) => events.push(event));
  return events;
}

/** The error that ends the events. */
export function errorOf(events: readonly StreamEvent[]): GatewayError {
  const last = events.at(-1);
  if (last?.type !== 'error') throw new Error('the events end without an error');
  return last.error;
}

const head = { id: 'resp_1', object: 'response', created_at: 1795800000, model: 'gpt-5.5' };
export const created: JsonObject = { type: 'response.created', response: { ...head, status: 'in_progress' } };

/** A response object, completed unless told otherwise. */
export const response = (members: JsonObject = {}): JsonObject => ({
  ...head,
  status: 'completed',
  output: [],
  ...members,
});
export const completed = (...output: readonly JsonObject[]): JsonObject => ({
  type: 'response.completed',
  response: response({ output }),
});
export const added = (output_index: number, item: JsonObject): JsonObject => ({
  type: 'response.output_item.added',
  output_index,
  item,
});
export const done = (output_index: number, item: JsonObject): JsonObject => ({
  type: 'response.output_item.done',
  output_index,
  item,
});
export const textDelta = (output_index: number, delta: string, content_index = 0): JsonObject => ({
  type: 'response.output_text.delta',
  output_index,
  content_index,
  delta,
});
export const argsDelta = (output_index: number, delta: string): JsonObject => ({
  type: 'response.function_call_arguments.delta',
  output_index,
  delta,
});

/** An event as it was written for a client. */
export interface WireEvent extends JsonObject {
  readonly type: string;
  readonly sequence_number: number;
}

/** The `data` of every event of an encoded stream. */
export const wireEvents = (text: string): WireEvent[] =>
  text
    .split('\n\n')
    .filter((frame) => frame !== '')
    .map((frame) => JSON.parse(frame.slice(frame.indexOf('data: ') + 6)) as WireEvent);

/** Encodes events for a client. */
export function encodeEvents(events: readonly StreamEvent[], context = answerContext()): string {
  const encoder = client.createStreamEncoder(context);
  return events.map((event) => encoder.push(event)).join('');
}

/** An answer of these blocks. */
export const replyWith = (blocks: readonly Block[], stop: Stop = { reason: 'stop' }): Reply => ({
  id: 'upstream-1',
  model: 'm',
  createdAt: 1795800000,
  blocks,
  stop,
});

export const textBlock = (text: string): Block => ({ kind: 'text', text, annotations: [] });
export const callBlock = (id: string, args: string): Block => ({
  kind: 'tool-call',
  id,
  callKind: 'function',
  name: 'get_weather',
  args,
});

/** What a client reads as the stream of an answer. */
export function encodeStreamed(reply: Reply, context = answerContext()): WireEvent[] {
  const events: StreamEvent[] = [];
  replayReply(reply, (event) => events.push(event));
  return wireEvents(encodeEvents(events, context));
}

/** The body for the upstream, and the notes. */
export function encode(
  members: Partial<ChatRequest>,
  capabilities: Capabilities = {},
): { readonly body: JsonObject; readonly notes: string } {
  const losses = createLossLog();
  const body = upstream.encodeRequest(ask(members), { capabilities, losses, names: NAMES });
  return { body, notes: losses.summary() };
}

/** The input items of a conversation. */
export const inputOf = (turns: readonly Turn[], capabilities: Capabilities = {}): Json | undefined =>
  encode({ turns }, capabilities).body['input'];

export const user = (text: string, at = 'messages[0]'): Turn => ({
  role: 'user',
  at,
  parts: [{ kind: 'text', text }],
});

/** The body after the operator's edits, and the notes. */
export function override(
  body: JsonObject,
  wishes: Partial<Overrides>,
): { readonly body: JsonObject; readonly notes: string } {
  const losses = createLossLog();
  const all: Overrides = {
    model: 'm',
    systemPrompt: '',
    reasoning: NO_WISH,
    fast: false,
    capabilities: {},
    ...wishes,
  };
  const { edits } = upstream.overrides(viewOfObject(body), all, losses);
  return { body: applyEdits(body, edits), notes: losses.summary() };
}
