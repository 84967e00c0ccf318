import type { AnswerContext } from '../kernel/codec.ts';
import { GatewayError } from '../kernel/gateway-error.ts';
import type { Ids } from '../kernel/ids.ts';
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
  return pump(input.response, input.call.response, input.delivery, { ...input.pump, transform });
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
  return createStreamTransform({ ...sourceOf(input, form), encoder, committed: delivery.committed });
}

function collect(input: DeliverInput, form: BodyForm): Transform {
  const { delivery, call, answer } = input;
  delivery.head(200, { ...translatedHeaders(input), 'content-type': 'application/json; charset=utf-8' });
  return createCollectTransform({ ...sourceOf(input, form), client: call.codec, answer });
}

function sourceOf({ route, answer, meter, ids }: DeliverInput, form: BodyForm): AnswerSource {
  const { capabilities } = route.model;
  const stops = answer.request?.stop ?? [];
  const untold = capabilities.stop === false || stops.length > (route.upstream.stopLimit ?? stops.length);
  return {
    form,
    upstream: route.upstream,
    context: { capabilities, ids },
    stops: untold ? stops : [],
    observe: meter.observe,
  };
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
