import { GatewayError } from '../kernel/gateway-error.ts';
import type { Clock } from '../kernel/ports.ts';
import type { Secret } from '../kernel/secret.ts';
import type { Exchange, Send } from '../upstream/send.ts';
import type { Target } from '../upstream/target.ts';
import type { UpstreamResponse } from '../upstream/upstream-response.ts';
import { readFailure } from './read-failure.ts';
import type { Failure } from './read-failure.ts';
import type { ClientCall } from './client-call.ts';
import type { Meter } from './meter.ts';
import type { Outgoing } from './outgoing.ts';
import { ownWords } from './own-words.ts';
import type { Payers } from './payers.ts';
import type { Route } from './resolve-route.ts';

export interface RequestPlan {
  readonly call: ClientCall;
  readonly route: Route;
  readonly target: Target;
  readonly outgoing: Outgoing;
  readonly headers: (token: Secret) => Readonly<Record<string, string>>;
}

export interface RequestDeps {
  readonly send: Send;
  readonly payers: Payers;
  readonly meter: Meter;
  readonly clock: Clock;
}

/** An answer with a good status, or what is known of a bad one. */
export type Answer =
  | { readonly ok: true; readonly response: UpstreamResponse }
  | { readonly ok: false; readonly failure: Failure };

/**
 * Asks the upstream, and again with another token or on another account where the refusal is that of whoever paid;
 * nothing of an answer has gone to the client by then. A client that leaves ends the exchange in every phase.
 *
 * The promise rejects with GatewayError for everything that did not get as far as an answer.
 */
export async function requestAnswer(plan: RequestPlan, { payers, ...deps }: RequestDeps): Promise<Answer> {
  const client = watchClient(plan.call);
  for (;;) {
    const { credential, token } = await client.whileThere(payers.take());
    client.throwIfGone();
    deps.meter.attempt(credential.label);
    const exchange = deps.send(
      { ...plan.outgoing, target: plan.target, headers: plan.headers(token) },
      plan.call.log,
    );
    client.cancelWhenGone(exchange);
    const response = await exchange.response;
    if (response.status >= 200 && response.status < 300) return { ok: true, response };
    const failure = await readFailure(response, {
      upstream: plan.route.upstream,
      token,
      clock: deps.clock,
    });
    client.throwIfGone();
    const { error, answer } = failure;
    const refusal = { error, status: response.status, text: answer?.text ?? '' };
    if (await client.whileThere(payers.replace(refusal))) continue;
    const shown = ownWords(error, credential, payers.whyNoOther(), response.status);
    return { ok: false, failure: shown === error ? failure : { error: shown } };
  }
}

interface ClientWatch {
  readonly cancelWhenGone: (exchange: Exchange) => void;
  readonly throwIfGone: () => void;
  /** Waits for work that others may share: a client that leaves ends the waiting, not the work. */
  readonly whileThere: <T>(work: Promise<T>) => Promise<T>;
}

function watchClient({ response }: ClientCall): ClientWatch {
  let gone = false;
  let current: Exchange | undefined;
  const left = new Promise<never>((_resolve, reject) => {
    response.onGone(() => {
      gone = true;
      current?.cancel();
      reject(cancelled());
    });
  });
  left.catch(() => undefined); // most clients leave while nothing waits for it
  return {
    cancelWhenGone: (exchange) => {
      current = exchange;
      if (gone) exchange.cancel();
    },
    throwIfGone: () => {
      if (gone) throw cancelled();
    },
    whileThere: (work) => Promise.race([work, left]),
  };
}

const cancelled = (): GatewayError => new GatewayError('cancelled', 'the client went away');
