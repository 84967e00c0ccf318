import type { AnswerContext } from '../kernel/codec.ts';
import { GatewayError } from '../kernel/gateway-error.ts';
import { scanObject, viewOfBytes } from '../kernel/json-scan.ts';
import { answerCount, isUncounted } from './answer-count.ts';
import type { AnswerDeps } from './answer-deps.ts';
import { askUntilTold, createAsker, createRequester } from './ask-upstream.ts';
import type { ClientCall } from './client-call.ts';
import { deliver } from './deliver.ts';
import { createDelivery, SSE_HEADERS } from './delivery.ts';
import type { Delivery } from './delivery.ts';
import { withBodyLog } from './dev-log.ts';
import { roughInputTokens } from './estimate-tokens.ts';
import { createMeter } from './meter.ts';
import type { Meter } from './meter.ts';
import type { Outgoing } from './outgoing.ts';
import { ownWords } from './own-words.ts';
import { createPayers } from './payers.ts';
import type { Payers } from './payers.ts';
import { findSession } from './find-session.ts';
import { passFailure } from './pass-failure.ts';
import { prepare } from './prepare.ts';
import { readAsk } from './read-ask.ts';
import type { Ask } from './read-ask.ts';
import type { Answer } from './request-answer.ts';
import { resolveRoute } from './resolve-route.ts';
import type { Route } from './resolve-route.ts';
import { sideRouteOf } from './side-routes.ts';

/** A client may call a model anything; the log keeps the beginning. */
const MAX_LOGGED_MODEL = 200;

/** The whole way of one request; every failure ends as an answer in the client's dialect. Never rejects. */
export async function answer(asked: ClientCall, deps: AnswerDeps): Promise<void> {
  const running = deps.running();
  const call = running.settings.devMode ? withBodyLog(asked) : asked;
  const meter = createMeter(call, deps);
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
  const { settings, catalogue } = deps.running();
  const scanned = scanObject(await call.readBody());
  const ask = readAsk(viewOfBytes(scanned));
  meter.know({ model: ask.model.slice(0, MAX_LOGGED_MODEL) });
  const route = resolveRoute(ask.model, call.codec, { ...deps, settings, catalogue });
  meter.know({ upstream: route.model.type, lane: route.lane });
  const counts = sideRouteOf(call) !== undefined;
  const count = (): Promise<void> =>
    answerCount({ ...deps, call, route, body: scanned.bytes, settings, delivery });
  if (counts && route.lane === 'translate') return count();

  const memory = deps.memory.of(call.header, call.clientKey);
  const { outgoing, suffix, notes } = prepare(call, scanned, route, { settings, recall: memory.recall });
  meter.know({ notes });
  if (ask.stream === true) promiseStream(delivery, route.lane === 'translate' ? notes : '');
  const session =
    settings.accountAffinity === 'off' ? undefined : findSession(call.header, viewOfBytes(scanned));
  const payers = createPayers(
    deps.credentials,
    { client: call.header, pool: route.model.pool, session },
    { isFree: counts },
  );
  meter.onFinish(payers.settle);
  const request = createRequester({ call, route, suffix, stream: ask.stream ?? false }, deps, {
    meter,
    payers,
  });
  const asker = createAsker(outgoing, request, payers);
  const tell = async (answer: Answer): Promise<void> => {
    if (!answer.ok && counts && isUncounted(answer.failure.answer?.response.status)) return count();
    if (!answer.ok) {
      passFailure(answer.failure, call, delivery, route);
      meter.finish(answer.failure.error);
      return;
    }
    await deliver({
      ...{ call, route, delivery, meter, notes },
      response: answer.response,
      resume: asker.resume,
      stream: wantsStream(ask, route),
      lateWords: (error) => lateWords(error, payers),
      ids: deps.ids,
      restored: outgoing.restored,
      stops: outgoing.untoldStops,
      watch: call.codec.carriesState ? undefined : memory.watch(),
      answer: answerContext(ask.model, outgoing, route, deps),
      pump: { clock: deps.clock, pulse: deps.pulse, idleMs: settings.timeouts.idleMs },
    });
  };
  await askUntilTold(asker, payers, { tell, mayAskAgain: () => !delivery.committed() });
}

/** A refusal in the middle of an answer counts like any other; the request cannot go on elsewhere. */
function lateWords(error: GatewayError, payers: Payers): GatewayError {
  payers.giveUp({ error });
  return ownWords(error, payers.payer(), payers.whyNoOther());
}

/** A client that says nothing gets what the upstream makes of it, or where we ask the upstream, one body. */
const wantsStream = ({ stream }: Ask, { lane }: Route): boolean | undefined =>
  stream ?? (lane === 'relay' ? undefined : false);

function answerContext(
  model: string,
  { request, byteLength }: Outgoing,
  { lane }: Route,
  deps: AnswerDeps,
): AnswerContext {
  return {
    model,
    request,
    native: lane === 'relay',
    estimatedInput: request === undefined ? 0 : roughInputTokens(request, byteLength),
    ids: deps.ids,
    now: deps.clock.now(),
  };
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
  return new GatewayError('server', 'the gateway failed to handle this request; its log says why', {
    isBlameless: true,
    cause,
  });
}
