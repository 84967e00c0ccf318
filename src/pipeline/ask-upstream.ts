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
import { ownWords } from './own-words.ts';
import type { Payers } from './payers.ts';
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
  books: { readonly meter: Meter; readonly payers: Payers },
): Requester {
  const { settings, send } = deps.running();
  const target = targetOf(route, suffix, call.query);
  return (outgoing) => {
    if (settings.devMode) logOutgoing(call.log, outgoing, target.href);
    const headers = headersFor(call, settings, deps.ids, { route, outgoing, stream });
    return requestAnswer({ call, route, outgoing, target, headers }, { send, clock: deps.clock, ...books });
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
   * Asks once more after a failure that showed only when the answer had begun: on another account where that is who was
   * refused, or without opaque state where that is what was: the service may have forgotten its keys, or the model
   * behind a name may have changed. `undefined` when there is no use in it.
   */
  readonly askAfter: (cause: GatewayError) => Promise<Answer | undefined>;
  /** The response in which a broken-off answer goes on; rejects with GatewayError when the upstream refuses to. */
  readonly resume: (edits: readonly Edit[]) => Promise<UpstreamResponse>;
}

export function createAsker(outgoing: Outgoing, request: Requester, payers: Payers): Asker {
  let current = outgoing; // the form that was asked last
  const ask = async (): Promise<Answer> => {
    const answer = await request(current);
    return (answer.ok ? undefined : await askWithoutState(answer.failure.error)) ?? answer;
  };
  const askWithoutState = async (refusal: GatewayError): Promise<Answer | undefined> => {
    if (current.withoutState === undefined || !refusesState(refusal) || !payers.mayRepeat()) return undefined;
    current = current.withoutState();
    return request(current);
  };
  return {
    ask,
    askAfter: async (cause) => ((await payers.replace({ error: cause })) ? ask() : askWithoutState(cause)),
    resume: async (edits) => {
      if (current.resumed === undefined)
        throw new GatewayError('stream-cut', 'the upstream broke the answer off');
      const answer = await request(current.resumed(edits));
      if (answer.ok) return answer.response;
      throw answer.failure.error;
    },
  };
}

/** What {@link askUntilTold} does with an answer. */
interface Teller {
  /** Rejects when the answer turns out to be none. */
  readonly tell: (answer: Answer) => Promise<void>;
  /** False once the client has heard something. */
  readonly mayAskAgain: () => boolean;
}

/**
 * Asks, and asks again where an answer fails before the client has heard anything of it: some services refuse in the
 * first event of a good answer.
 *
 * The promise rejects with what the client is to be told.
 */
export async function askUntilTold(asker: Asker, payers: Payers, teller: Teller): Promise<void> {
  let asked: Promise<Answer> = asker.ask();
  for (;;) {
    try {
      await teller.tell(await asked);
      return;
    } catch (cause) {
      if (!(cause instanceof GatewayError)) throw cause;
      const isFinal = !teller.mayAskAgain();
      if (isFinal) payers.giveUp({ error: cause });
      const again = isFinal ? undefined : await asker.askAfter(cause);
      if (again === undefined) throw ownWords(cause, payers.payer(), payers.whyNoOther());
      asked = Promise.resolve(again);
    }
  }
}

const refusesState = (error: GatewayError): boolean =>
  error.kind === 'invalid-request' && STATE_REFUSAL.test(`${error.details.code ?? ''} ${error.message}`);
