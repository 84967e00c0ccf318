import type { Credential, Outcome } from '../credentials/credential.ts';
import { faultOf } from '../credentials/fault.ts';
import type { Fault } from '../credentials/fault.ts';
import type { CredentialChain } from '../credentials/resolve-credential.ts';
import { GatewayError } from '../kernel/gateway-error.ts';
import type { Usage } from '../kernel/reply.ts';
import { createSearch } from './find-payment.ts';
import type { Asked, Payment, Search } from './find-payment.ts';

/** A failure of an attempt, as far as it is known. */
export interface Refusal {
  readonly error: GatewayError;
  /** The upstream's own status, where it came with one. */
  readonly status?: number;
  /** The upstream's own words. */
  readonly text?: string;
}

/** Who pays for the attempts of one request; it knows how often the request may be sent, and on whose account. */
export interface Payers {
  /**
   * What pays for the next attempt: what paid for the last one, or what has taken its place.
   *
   * The promise rejects with the GatewayError of the chain, or of the last login that could not get a token.
   */
  readonly take: () => Promise<Payment>;
  /** Hears of a failed attempt; true when the request may be sent again, with another token or on another account. */
  readonly replace: (refusal: Refusal) => Promise<boolean>;
  /** Hears of a failed attempt that is the last, because the client has heard something of it already. */
  readonly giveUp: (refusal: Refusal) => void;
  /** True when the request may be sent once more for a reason of its own; counts as sent. */
  readonly mayRepeat: () => boolean;
  /**
   * Hears how the request ended, and with it the attempt under way; later words on the same attempt count for nothing.
   * What is found afterwards, for a client that has left meanwhile, is given back unused.
   */
  readonly settle: (error: GatewayError | undefined, usage?: Usage) => void;
  /** Who paid last. */
  readonly payer: () => Credential | undefined;
  /** Why there was no other credential; `undefined` when one was left or nobody asked. */
  readonly whyNoOther: () => GatewayError | undefined;
}

/** A request is sent this often in all, whatever happens to it. */
const MAX_ATTEMPTS = 3;

interface PayersOptions {
  /** What is asked for costs nothing: an answer to it says nothing of what is left of an allowance. */
  readonly isFree?: boolean;
}

interface State {
  readonly search: Search;
  readonly isFree: boolean;
  readonly renewed: Set<string>;
  payment: Payment | undefined;
  /** `found`: nothing was sent yet. `open`: an attempt is under way. `told`: its end has been heard. */
  stage: 'found' | 'open' | 'told';
  retries: number;
  hasHopped: boolean;
  isOver: boolean;
  whyNoOther: GatewayError | undefined;
}

export function createPayers(
  chain: CredentialChain,
  asked: Asked,
  { isFree = false }: PayersOptions = {},
): Payers {
  const state: State = {
    search: createSearch(chain, asked),
    isFree,
    renewed: new Set(),
    payment: undefined,
    stage: 'told',
    retries: 0,
    hasHopped: false,
    isOver: false,
    whyNoOther: undefined,
  };
  return {
    take: async () => {
      if (state.stage === 'open') close(state, { kind: 'answered', usage: undefined }); // it goes on in another attempt
      const payment = state.payment ?? use(state, await state.search.find());
      if (!state.isOver) state.stage = 'open';
      return payment;
    },
    replace: (refusal) => replace(state, refusal),
    giveUp: (refusal) => giveUp(state, refusal),
    mayRepeat: () => mayRepeat(state),
    settle: (error, usage) => {
      state.isOver = true;
      close(state, error === undefined && isFree ? { kind: 'inconclusive', usage } : outcomeOf(error, usage));
    },
    payer: () => state.payment?.credential,
    whyNoOther: () => state.whyNoOther,
  };
}

async function replace(state: State, { error, status, text }: Refusal): Promise<boolean> {
  const { payment } = state;
  if (payment === undefined || saysNothing(error)) return false;
  const fault = faultOf(error, status);
  if (fault === 'login' && (await renew(state, payment))) return true;
  // A service that does not count is no news of the account.
  const isUnserved = state.isFree && (status === 404 || status === 405);
  close(state, isUnserved ? { kind: 'inconclusive' } : { kind: 'failed', error, status, text });
  if (state.isOver || fault === undefined || payment.credential.isAccount !== true) return false;
  return hop(state, payment, fault);
}

/** One new token for each credential that a request meets. */
async function renew(state: State, { credential, token }: Payment): Promise<boolean> {
  if (state.renewed.has(credential.id) || !isAttemptLeft(state)) return false;
  state.renewed.add(credential.id);
  const other = await credential.renew(token);
  if (other === undefined || state.isOver) return false;
  use(state, { credential, token: other });
  return mayRepeat(state);
}

async function hop(state: State, { credential }: Payment, fault: Fault): Promise<boolean> {
  const { search } = state;
  search.ruleOut(credential);
  const mayHop = isAttemptLeft(state) && !(fault === 'throttle' && state.hasHopped); // twice: it is not the account
  state.hasHopped ||= fault === 'throttle';
  try {
    if (mayHop) use(state, await search.find());
    else search.requireAnother();
  } catch (error) {
    state.whyNoOther = error instanceof GatewayError ? error : undefined;
    return false;
  }
  return mayHop && mayRepeat(state);
}

/** What the refusal says of the account counts all the same; what no account is blamed for, the end of the request tells. */
function giveUp(state: State, { error, status, text }: Refusal): void {
  const { payment, search } = state;
  if (payment?.credential.isAccount !== true || faultOf(error, status) === undefined) return;
  close(state, { kind: 'failed', error, status, text });
  search.ruleOut(payment.credential);
  try {
    search.requireAnother();
  } catch (reason) {
    state.whyNoOther = reason instanceof GatewayError ? reason : undefined;
  }
}

function use(state: State, payment: Payment): Payment {
  state.payment = payment;
  state.stage = 'found';
  if (state.isOver) close(state, { kind: 'unused' });
  return payment;
}

function close(state: State, outcome: Outcome): void {
  const { stage, payment } = state;
  state.stage = 'told';
  if (stage !== 'told') payment?.credential.settle?.(stage === 'open' ? outcome : { kind: 'unused' });
}

const isAttemptLeft = ({ retries }: State): boolean => retries + 1 < MAX_ATTEMPTS;

function mayRepeat(state: State): boolean {
  if (!isAttemptLeft(state)) return false;
  state.retries += 1;
  return true;
}

function outcomeOf(error: GatewayError | undefined, usage: Usage | undefined): Outcome {
  if (error === undefined) return { kind: 'answered', usage };
  if (saysNothing(error)) return { kind: 'inconclusive', usage };
  return { kind: 'failed', error, status: undefined, usage };
}

const saysNothing = (error: GatewayError): boolean =>
  error.kind === 'cancelled' || error.details.isBlameless === true;
