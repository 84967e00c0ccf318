import type { CredentialChain } from '../credentials/resolve-credential.ts';
import { GatewayError } from '../kernel/gateway-error.ts';
import type { Ids } from '../kernel/ids.ts';
import { scanObject, viewOfBytes } from '../kernel/json-scan.ts';
import type { Clock } from '../kernel/ports.ts';
import type { Catalogue, Settings } from '../kernel/settings.ts';
import type { Protocols } from '../protocols/registry.ts';
import type { Send } from '../upstream/send.ts';
import type { ClientCall } from './client-call.ts';
import { deliver } from './deliver.ts';
import { createDelivery, SSE_HEADERS } from './delivery.ts';
import type { Delivery } from './delivery.ts';
import { logOutgoing, withBodyLog } from './dev-log.ts';
import { createMeter } from './meter.ts';
import type { Meter } from './meter.ts';
import { prepare } from './prepare.ts';
import { passFailure } from './pass-failure.ts';
import type { Pulse } from './pulse.ts';
import { readAsk } from './read-ask.ts';
import type { RequestRecord } from '../kernel/request-record.ts';
import { requestAnswer } from './request-answer.ts';
import { headersFor } from './headers-for.ts';
import { resolveRoute } from './resolve-route.ts';
import { takeToken } from './take-token.ts';
import { targetOf } from './upstream-target.ts';

/** What a configuration amounts to; replaced as a whole when it changes. */
export interface Running {
  readonly settings: Settings;
  readonly catalogue: Catalogue;
  readonly send: Send;
}

export interface AnswerDeps {
  /** The configuration of this moment; a request keeps the one it began with. */
  readonly running: () => Running;
  readonly protocols: Protocols;
  readonly credentials: CredentialChain;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly pulse: Pulse;
  readonly record: (record: RequestRecord) => void;
}

/** A client may call a model anything; the log keeps the beginning. */
const MAX_LOGGED_MODEL = 200;

/** The whole way of one request; every failure ends as an answer in the client's dialect. Never rejects. */
export async function answer(asked: ClientCall, deps: AnswerDeps): Promise<void> {
  const running = deps.running();
  const call = running.settings.devMode ? withBodyLog(asked) : asked;
  const meter = createMeter(call.requestId, call.path, deps);
  const delivery = createDelivery(call, {
    ...deps,
    heartbeatMs: running.settings.heartbeatMs,
    onFirstByte: meter.firstByte,
  });
  try {
    await converse(call, { ...deps, running: () => running }, { meter, delivery });
    meter.finish();
  } catch (cause) {
    const error = asGatewayError(cause, call);
    delivery.fail(error);
    meter.finish(error);
  }
}

interface Parts {
  readonly meter: Meter;
  readonly delivery: Delivery;
}

async function converse(call: ClientCall, deps: AnswerDeps, { meter, delivery }: Parts): Promise<void> {
  const { settings, catalogue, send } = deps.running();
  const scanned = scanObject(await call.readBody());
  const ask = readAsk(viewOfBytes(scanned));
  meter.know({ model: ask.model.slice(0, MAX_LOGGED_MODEL) });
  const route = resolveRoute(ask.model, call.codec, { ...deps, settings, catalogue });
  meter.know({ upstream: route.model.type, lane: route.lane });
  const { outgoing, suffix, notes } = prepare(call, scanned, route, settings);
  meter.know({ notes });

  if (ask.stream === true) promiseStream(delivery, route.lane === 'translate' ? notes : '');
  const plan = {
    call,
    route,
    outgoing,
    target: targetOf(route, suffix, call.query),
    headers: headersFor(call, settings, deps.ids, { route, outgoing, stream: ask.stream ?? false }),
  };
  if (settings.devMode) logOutgoing(call.log, outgoing, plan.target.href);
  const result = await requestAnswer(plan, {
    send,
    meter,
    clock: deps.clock,
    pay: () => takeToken(deps.credentials, call.header),
  });
  if (!result.ok) {
    passFailure(result.failure, call, delivery, route);
    meter.finish(result.failure.error);
    return;
  }
  await deliver({
    call,
    route,
    delivery,
    meter,
    response: result.response,
    stream: ask.stream ?? (route.lane === 'relay' ? undefined : false),
    notes,
    ids: deps.ids,
    answer: { model: ask.model, request: outgoing.request, ids: deps.ids, now: deps.clock.now() },
    pump: { clock: deps.clock, pulse: deps.pulse, idleMs: settings.timeouts.idleMs },
  });
}

/** Until the upstream answers, the client hears heartbeats; the first one takes the head with it, and so the notes. */
function promiseStream(delivery: Delivery, notes: string): void {
  if (notes !== '') delivery.head(200, { ...SSE_HEADERS, 'x-translation-notes': notes });
  delivery.keepAlive();
}

/** Whatever else was thrown is a fault of ours: the log gets it whole, the client only learns that it happened. */
function asGatewayError(cause: unknown, { log }: ClientCall): GatewayError {
  if (cause instanceof GatewayError) return cause;
  log.error({ err: cause }, 'unexpected failure');
  return new GatewayError('server', 'the gateway failed to handle this request; its log says why', { cause });
}
