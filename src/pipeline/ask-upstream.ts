import type { Edit } from '../kernel/edit.ts';
import { GatewayError } from '../kernel/gateway-error.ts';
import type { UpstreamResponse } from '../upstream/upstream-response.ts';
import type { AnswerDeps } from './answer-deps.ts';
import type { ClientCall } from './client-call.ts';
import { logOutgoing } from './dev-log.ts';
import { headersFor } from './headers-for.ts';
import type { Meter } from './meter.ts';
import type { Outgoing } from './outgoing.ts';
import { requestAnswer } from './request-answer.ts';
import type { Answer } from './request-answer.ts';
import type { Route } from './resolve-route.ts';
import { takeToken } from './take-token.ts';
import { targetOf } from './upstream-target.ts';

/** Sends one form of a request; may be asked again with another. */
export type Requester = (outgoing: Outgoing) => Promise<Answer>;

export interface Question {
  readonly call: ClientCall;
  readonly route: Route;
  readonly suffix: string;
  readonly stream: boolean;
}

/** Everything about one request's way upstream but its body. */
export function createRequester(
  { call, route, suffix, stream }: Question,
  deps: AnswerDeps,
  meter: Meter,
): Requester {
  const { settings, send } = deps.running();
  const target = targetOf(route, suffix, call.query);
  return (outgoing) => {
    if (settings.devMode) logOutgoing(call.log, outgoing, target.href);
    const headers = headersFor(call, settings, deps.ids, { route, outgoing, stream });
    return requestAnswer(
      { call, route, outgoing, target, headers },
      { send, meter, clock: deps.clock, pay: () => takeToken(deps.credentials, call.header) },
    );
  };
}

/** How services word that they cannot verify reasoning state, theirs or another's, or miss what belongs to it. */
const STATE_REFUSAL = new RegExp(
  [
    'encrypted[ _]content',
    'thought[ _]?signature',
    'signature.{0,20}thinking|thinking.{0,20}signature',
    'redacted_thinking',
    'expected .?thinking',
    'thinking.{0,40}cannot be modified',
    "of type 'reasoning'",
  ].join('|'),
  'i',
);

/** The exchange about one request, which may take more than one asking. */
export interface Asker {
  readonly ask: () => Promise<Answer>;
  /**
   * Asks once more without opaque state, when that is what the service refuses: it may have forgotten its keys, or the
   * model behind a name may have changed. `undefined` when there is nothing to leave out.
   */
  readonly askWithoutState: (refusal: unknown) => Promise<Answer> | undefined;
  /** The response in which a broken-off answer goes on; rejects with GatewayError when the upstream refuses to. */
  readonly resume: (edits: readonly Edit[]) => Promise<UpstreamResponse>;
}

export function createAsker(outgoing: Outgoing, request: Requester): Asker {
  let { resumed, withoutState } = outgoing; // of the form that was asked last
  const askWithoutState: Asker['askWithoutState'] = (refusal) => {
    if (withoutState === undefined || !refusesState(refusal)) return undefined;
    const stateless = withoutState();
    ({ resumed, withoutState } = stateless);
    return request(stateless);
  };
  return {
    ask: async () => {
      const answer = await request(outgoing);
      return (answer.ok ? undefined : await askWithoutState(answer.failure.error)) ?? answer;
    },
    askWithoutState,
    resume: async (edits) => {
      if (resumed === undefined) throw new GatewayError('stream-cut', 'the upstream broke the answer off');
      const answer = await request(resumed(edits));
      if (answer.ok) return answer.response;
      throw answer.failure.error;
    },
  };
}

const refusesState = (error: unknown): boolean =>
  error instanceof GatewayError &&
  error.kind === 'invalid-request' &&
  STATE_REFUSAL.test(`${error.details.code ?? ''} ${error.message}`);
