import type { Credential } from '../credentials/credential.ts';
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
import type { Payment } from './take-token.ts';
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
  /** Asked when the request is about to be sent. */
  readonly pay: () => Promise<Payment>;
  readonly meter: Meter;
  readonly clock: Clock;
}

/** An answer with a good status, or what is known of a bad one. */
export type Answer =
  | { readonly ok: true; readonly response: UpstreamResponse }
  | { readonly ok: false; readonly failure: Failure };

/**
 * Asks the upstream. A token that is refused with 401 is renewed and the request sent again, once; nothing has gone to
 * the client by then. A client that leaves ends the exchange in every phase.
 *
 * The promise rejects with GatewayError for everything that did not get as far as an answer.
 */
export async function requestAnswer(plan: RequestPlan, deps: RequestDeps): Promise<Answer> {
  const client = watchClient(plan.call);
  const { credential, token: first } = await client.whileThere(deps.pay());
  let token = first;
  for (let attempt = 1; ; attempt++) {
    client.throwIfGone();
    deps.meter.know({ account: credential.label, attempts: attempt });
    const exchange = deps.send(
      { ...plan.outgoing, target: plan.target, headers: plan.headers(token) },
      plan.call.log,
    );
    client.cancelWhenGone(exchange);
    const response = await exchange.response;
    if (response.status >= 200 && response.status < 300) return { ok: true, response };
    const failure = await readFailure(response, plan.route.upstream, deps.clock);
    client.throwIfGone();
    const renewed =
      attempt === 1 ? await client.whileThere(renew(credential, response.status, token)) : undefined;
    if (renewed === undefined) return { ok: false, failure: ownFailure(failure, credential) };
    token = renewed;
  }
}

/** Another token after a 401; `undefined` when this was not one or there is none. */
const renew = async (credential: Credential, status: number, token: Secret): Promise<Secret | undefined> =>
  status === 401 ? credential.renew(token) : undefined;

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

/**
 * A refusal of a credential that the gateway holds is the operator's business: a 401 would send the client to a login
 * screen that cannot help.
 */
function ownFailure(failure: Failure, { holder, label }: Credential): Failure {
  const { error } = failure;
  if (holder === 'client') return failure;
  if (error.kind === 'authentication') {
    const words = error.message.replace(/\.$/, '');
    const message = `the upstream refused the gateway's credential (${label}): ${words}. Replace it, or log in again.`;
    return { error: new GatewayError('upstream-auth', message, { code: 'upstream_auth', cause: error }) };
  }
  if (error.kind === 'billing') {
    const details = { ...error.details, shouldRetry: false, cause: error };
    return { error: new GatewayError('billing', error.message, details) };
  }
  return failure;
}
