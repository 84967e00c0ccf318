import type { HeaderReader } from '../kernel/codec.ts';
import type { GatewayError } from '../kernel/gateway-error.ts';
import type { Usage } from '../kernel/reply.ts';
import type { Secret } from '../kernel/secret.ts';
import type { ModelPool } from '../kernel/settings.ts';

/** How one use of a credential ended. */
export type Outcome =
  /** The answer came whole. */
  | { readonly kind: 'answered'; readonly usage: Usage | undefined }
  /** Nothing was sent with it. */
  | { readonly kind: 'unused' }
  /** The client left, or the fault lies between us and the upstream: it says nothing of the credential. */
  | { readonly kind: 'inconclusive'; readonly usage?: Usage | undefined }
  /** The upstream refused, did not answer, or broke off. */
  | {
      readonly kind: 'failed';
      readonly error: GatewayError;
      /** The upstream's own status, where there was one with the failure. */
      readonly status: number | undefined;
      /** The upstream's own words, unmasked, where there were some: to be read, never to be shown. */
      readonly text?: string | undefined;
      readonly usage?: Usage | undefined;
    };

/** What pays for one upstream call. */
export interface Credential {
  /** Tells it from all others; never a secret. */
  readonly id: string;
  /** Names the credential in logs and metrics; never a secret. */
  readonly label: string;
  /** Whose it is: a refusal of the gateway's own is the gateway's fault, of the client's is passed on. */
  readonly holder: 'gateway' | 'client';
  /** One of several accounts: when it is refused, a request goes on with another credential. */
  readonly isAccount?: boolean;
  /** This use finds out whether a parked account is back; a request serves for one such trial. */
  readonly isProbe?: boolean;
  /**
   * The bearer token to send now.
   *
   * @throws GatewayError `unavailable` or `upstream-auth` saying what to do, when there is no valid one to be had.
   */
  readonly token: () => Promise<Secret>;
  /**
   * Another token than `refused`, which the upstream answered with 401; `undefined` when there is none. However many
   * callers ask, the login is refreshed once. Never throws.
   */
  readonly renew: (refused: Secret) => Promise<Secret | undefined>;
  /** Hears once how this use of it ended, where somebody keeps count. Never throws. */
  readonly settle?: (outcome: Outcome) => void;
}

/** What a request asks of whoever is to pay for it. */
export interface Demand {
  /** The headers that the client sent. */
  readonly client: HeaderReader;
  /** Which of an account's allowances the model draws on. */
  readonly pool: ModelPool;
  /** Names the conversation, where the client does. */
  readonly session?: string | undefined;
  /** Ids of the credentials that this request has tried already. */
  readonly tried: ReadonlySet<string>;
  /** Whether the request may still serve for finding out that a parked account is back. */
  readonly mayProbe: boolean;
  /** It has asked enough accounts: only what comes after them counts. */
  readonly withoutAccounts?: boolean;
}

/** `absent`: not configured. `unusable`: configured, but it cannot pay at the moment. */
export type SourceState = 'absent' | 'usable' | 'unusable';

/** One place that credentials come from. */
export interface CredentialSource {
  readonly name: string;
  /** Its credentials are accounts, perhaps a thousand of them. */
  readonly hasAccounts?: boolean;
  readonly state: () => SourceState;
  /** A credential for this request; `undefined` when there is none left for it. */
  readonly find: (demand: Demand) => Credential | undefined;
  /** Why it is unusable and what to do about it, without secrets. */
  readonly reason?: () => string | undefined;
  /** What to tell a client that no source has a credential for, where this one can say more than its reason. */
  readonly refusal?: (demand: Demand) => GatewayError | undefined;
}
