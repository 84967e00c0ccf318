import type { AnswerContext } from '../kernel/codec.ts';
import type { Edit } from '../kernel/edit.ts';
import { GatewayError } from '../kernel/gateway-error.ts';
import type { Ids } from '../kernel/ids.ts';
import type { RestoredTool } from '../fitting/restore-calls.ts';
import type { Usage } from '../kernel/reply.ts';
import type { Emit, StreamEvent } from '../kernel/stream-event.ts';
import { createUsageEstimate } from './estimate-tokens.ts';
import { createForeignContent } from './foreign-content.ts';
import type { UpstreamResponse } from '../upstream/upstream-response.ts';
import type { AnswerSource } from './answer-events.ts';
import type { BodyForm } from './body-decoder.ts';
import type { ClientCall, HeaderMap } from './client-call.ts';
import { createCollectTransform } from './collect-transform.ts';
import { SSE_HEADERS } from './delivery.ts';
import type { Delivery } from './delivery.ts';
import type { Meter } from './meter.ts';
import { passedHeaders } from './passed-headers.ts';
import { pump } from './pump.ts';
import type { PumpDeps } from './pump.ts';
import { createRelayTransform } from './relay-transform.ts';
import type { Route } from './resolve-route.ts';
import { createStreamTransform } from './stream-transform.ts';
import type { Transform } from './transform.ts';
import { createBodyTap, createStreamTap } from './usage-tap.ts';

export interface DeliverInput {
  readonly call: ClientCall;
  readonly route: Route;
  readonly response: UpstreamResponse;
  readonly delivery: Delivery;
  /** Whether the client wants a stream; `undefined` when it left that to the upstream. */
  readonly stream: boolean | undefined;
  readonly answer: AnswerContext;
  readonly notes: string;
  /** Tools whose calls have to be turned back into the client's form. */
  readonly restored: ReadonlyMap<string, RestoredTool>;
  /** Stop sequences that the upstream was not told; mostly none. */
  readonly stops: readonly string[];
  /** Keeps opaque state for a client that cannot carry it. */
  readonly watch: ((event: StreamEvent) => void) | undefined;
  /** The response in which an answer goes on that the upstream broke off; rejects when it refuses. */
  readonly resume: (edits: readonly Edit[]) => Promise<UpstreamResponse>;
  /** What the client reads of a failure in the middle of the answer. */
  readonly lateWords: (error: GatewayError) => GatewayError;
  readonly meter: Meter;
  readonly ids: Ids;
  readonly pump: PumpDeps;
}

/**
 * Brings a good answer to the client: as it came where form and format fit, decoded and written anew where they do
 * not. The promise settles as that of {@link pump} does.
 */
export async function deliver(input: DeliverInput): Promise<void> {
  const form = bodyForm(input.response);
  const wantsStream = input.stream ?? form === 'sse';
  const asItCame = input.route.lane === 'relay' && wantsStream === (form === 'sse');
  if (asItCame) return relay(input, form);
  const transform = wantsStream ? stream(input, form) : collect(input, form);
  return pumpAll(input, transform);
}

/** Pumps one response after the other until the answer is whole; mostly there is one. */
async function pumpAll(input: DeliverInput, transform: Transform): Promise<void> {
  let { response } = input;
  for (;;) {
    await pump(response, input.call.response, input.delivery, { ...input.pump, transform });
    const edits = transform.paused?.();
    if (edits === undefined) return;
    response = await input.resume(edits);
    transform.next?.();
  }
}

/** @throws GatewayError `bad-upstream` when the answer is neither JSON nor an event stream. */
function bodyForm(response: UpstreamResponse): BodyForm {
  const type = response.header('content-type')?.toLowerCase() ?? '';
  if (type.includes('text/event-stream')) return 'sse';
  if (type.includes('json')) return 'json';
  response.cancel();
  const shown = type === '' ? 'without a content type' : `of type ${type.split(';')[0] ?? type}`;
  throw new GatewayError(
    'bad-upstream',
    `the upstream answered HTTP ${response.status} with a body ${shown}`,
  );
}

async function relay(input: DeliverInput, form: BodyForm): Promise<void> {
  const { delivery, route, call, response, meter } = input;
  const tap = form === 'sse' ? createStreamTap(route.upstream) : createBodyTap(route.upstream);
  const transform = createRelayTransform(route.upstream, form === 'sse', tap);
  const passed = passedHeaders(response, route.upstream.protocol, call.codec.protocol);
  delivery.head(response.status, { ...(form === 'sse' ? SSE_HEADERS : lengthOf(response)), ...passed });
  delivery.tellFailuresBy(
    (error) => (form === 'sse' ? call.codec.encodeStreamError(error, call.requestId) : ''),
    'cut', // a body that was cut is cut for the client too
  );
  if (form === 'sse') delivery.keepAlive(transform.betweenEvents);
  try {
    await pump(response, call.response, delivery, { ...input.pump, transform });
  } finally {
    meter.usage(tap.usage());
  }
  const failure = tap.failure(); // one that was thrown is known; whoever answers instead must not be blamed for it
  if (failure !== undefined) meter.observe({ type: 'error', error: failure });
}

/** A stream goes without: heartbeats make it longer. */
function lengthOf(response: UpstreamResponse): HeaderMap {
  const length = response.header('content-length');
  return length === undefined ? {} : { 'content-length': length };
}

function stream(input: DeliverInput, form: BodyForm): Transform {
  const { delivery, call, answer } = input;
  const encoder = call.codec.createStreamEncoder(answer);
  delivery.head(200, { ...translatedHeaders(input), ...SSE_HEADERS });
  delivery.tellFailuresBy((error) => encoder.push({ type: 'error', error }), 'end');
  delivery.keepAlive();
  return createStreamTransform({
    ...sourceOf(input, form),
    encoder,
    committed: delivery.committed,
    lateWords: input.lateWords,
  });
}

function collect(input: DeliverInput, form: BodyForm): Transform {
  const { delivery, call, answer } = input;
  delivery.head(200, { ...translatedHeaders(input), 'content-type': 'application/json; charset=utf-8' });
  return createCollectTransform({ ...sourceOf(input, form), client: call.codec, answer });
}

function sourceOf(input: DeliverInput, form: BodyForm): AnswerSource {
  const { route, ids, restored } = input;
  const { capabilities } = route.model;
  return {
    form,
    upstream: route.upstream,
    context: { capabilities, ids },
    restored,
    stops: input.stops,
    observe: observerOf(input),
  };
}

/**
 * Measures and remembers what goes by. At the end it tells an estimate of the usage where the upstream told none, and
 * what of the answer the client's format cannot carry.
 */
function observerOf(input: DeliverInput): AnswerSource['observe'] {
  const { answer, meter, watch, call } = input;
  if (answer.native) {
    return (event) => {
      meter.observe(event);
      return event;
    };
  }
  const estimate = createUsageEstimate(answer.estimatedInput);
  const foreign = createForeignContent(call.codec.protocol);
  let told = false;
  return (event, emit) => {
    told ||= event.type === 'usage' || (event.type === 'reply-start' && event.usage !== undefined);
    estimate.observe(event);
    foreign.observe(event);
    watch?.(event);
    const failure = event.type === 'reply-end' ? foreign.failure() : undefined;
    const shown: StreamEvent = failure === undefined ? event : { type: 'error', error: failure };
    if (shown.type === 'reply-end') {
      const lost = foreign.kinds().map((kind) => `answer.${kind}=dropped`);
      addNotes(input, [...lost, ...(told ? [] : ['usage=estimated'])]);
      if (!told) emitUsage(estimate.usage(), input, emit);
    }
    meter.observe(shown);
    return shown;
  };
}

function emitUsage(usage: Usage, { meter }: DeliverInput, emit: Emit): void {
  const event: StreamEvent = { type: 'usage', usage };
  meter.observe(event);
  emit(event);
}

/** Notes on the answer itself reach the header as long as it has not left, and the log in any case. */
function addNotes({ notes, meter, delivery }: DeliverInput, added: readonly string[]): void {
  if (added.length === 0) return;
  const all = [...(notes === '' ? [] : [notes]), ...added].join(',');
  meter.know({ notes: all });
  delivery.addHeader('x-translation-notes', all);
}

/** Headers of an answer whose body is ours: nothing that describes the upstream's bytes. */
function translatedHeaders({ response, route, call, notes }: DeliverInput): HeaderMap {
  const passed = { ...passedHeaders(response, route.upstream.protocol, call.codec.protocol) } as Record<
    string,
    string
  >;
  delete passed['content-type'];
  return notes === '' ? passed : { ...passed, 'x-translation-notes': notes };
}
