import { fitRequest } from '../../../src/fitting/fit-request.ts';
import type { Capabilities } from '../../../src/kernel/capabilities.ts';
import type { DecodeContext } from '../../../src/kernel/codec.ts';
import { collectReply } from '../../../src/kernel/collect-reply.ts';
import type { AssistantPart, ChatRequest, ResultPart, Turn } from '../../../src/kernel/conversation.ts';
import { createIds } from '../../../src/kernel/ids.ts';
import { writeJson } from '../../../src/kernel/json.ts';
import type { Json, JsonObject } from '../../../src/kernel/json.ts';
import { createLossLog } from '../../../src/kernel/losses.ts';
import type { Reply } from '../../../src/kernel/reply.ts';
import type { StreamEvent } from '../../../src/kernel/stream-event.ts';
import { googleGenerate } from '../../../src/protocols/google-generate/index.ts';
import { createSseDecoder } from '../../../src/sse/decode.ts';
import { bytesOf } from '../../support/chunks.ts';
import { emptyRequest, PLAIN_NAMES } from '../../support/empty-request.ts';
import { createRepeatableRandom } from '../../support/repeatable-random.ts';

export const { upstream } = googleGenerate;

/** A decoder's context whose fresh ids are the same in every run. */
export const decodeContext = (capabilities: Capabilities): DecodeContext => ({
  capabilities,
  ids: createIds(createRepeatableRandom()),
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

/** The events of chunks, each given as JSON or as text. */
export const eventsOf = (...chunks: readonly Json[]): StreamEvent[] =>
  eventsOfText(
    chunks.map((chunk) => `data: ${typeof chunk === 'string' ? chunk : writeJson(chunk)}\n\n`).join(''),
  );

/** The answer that chunks fold to; throws the error that ended them. */
export const replyOf = (...chunks: readonly Json[]): Reply => collectReply(eventsOf(...chunks));

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

/** A chunk with these parts. */
export const chunk = (parts: readonly JsonObject[], members: JsonObject = {}): JsonObject => ({
  candidates: [{ content: { role: 'model', parts }, ...members }],
  responseId: 'r-1',
  modelVersion: 'gemini-test',
});

/** A chunk that ends the answer. */
export const finish = (reason = 'STOP', members: JsonObject = {}): JsonObject => ({
  candidates: [{ finishReason: reason, ...members }],
});

/** The chunk of a call. */
export const callChunk = (call: JsonObject, members: JsonObject = {}): JsonObject =>
  chunk([{ functionCall: call, ...members }]);

const HELLO: Turn = { role: 'user', at: 'messages[0]', parts: [{ kind: 'text', text: 'hi' }] };

interface Encoded {
  readonly body: JsonObject;
  /** The body as text, for numbers that `JSON.parse` would change. */
  readonly text: string;
  /** What got lost, the fields in the kernel's own words. */
  readonly notes: string;
}

/** The body for a request that says this besides one word of the user, fitted first as every request is. */
export function encode(request: Partial<ChatRequest>, capabilities: Capabilities = {}): Encoded {
  const losses = createLossLog();
  const { issuer, toolRules, stopRule } = upstream;
  const whole = { ...emptyRequest, turns: [HELLO], ...request };
  const fitting = { issuer, toolRules, stopRule, capabilities, losses, recall: () => undefined };
  const fitted = fitRequest(whole, fitting).request;
  const text = writeJson(upstream.encodeRequest(fitted, { capabilities, losses, names: PLAIN_NAMES }));
  return { body: JSON.parse(text) as JsonObject, text, notes: losses.summary() };
}

/** The contents for a conversation. */
export const contentsOf = (turns: readonly Turn[], capabilities: Capabilities = {}): unknown =>
  encode({ turns }, capabilities).body['contents'];

export const user = (...texts: string[]): Turn => ({
  role: 'user',
  at: 'messages[0]',
  parts: texts.map((text) => ({ kind: 'text', text })),
});

export const assistant = (...parts: AssistantPart[]): Turn => ({
  role: 'assistant',
  at: 'messages[1]',
  parts,
});

export const said = (text: string): AssistantPart => ({ kind: 'text', text });

export const call = (id: string, name: string, args = '{}', more: object = {}): AssistantPart => ({
  kind: 'tool-call',
  id,
  callKind: 'function',
  name,
  args,
  ...more,
});

/** A tool turn with one result per id, each saying its id or these parts. */
export const results = (...given: (string | readonly [string, readonly ResultPart[]])[]): Turn => ({
  role: 'tool',
  at: 'messages[2]',
  results: given.map((entry) => {
    const [callId, parts] =
      typeof entry === 'string' ? [entry, [{ kind: 'text' as const, text: `of ${entry}` }]] : entry;
    return { at: 'messages[2].tool_call_id', callId, callKind: 'function', parts };
  }),
});

/** A function response as it goes on the wire. */
export const response = (name: string, output: string, more: JsonObject = {}): JsonObject => ({
  functionResponse: { name, response: { output }, ...more },
});
