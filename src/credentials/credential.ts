import type { HeaderReader } from '../kernel/codec.ts';
import type { Secret } from '../kernel/secret.ts';

/** What pays for one upstream call. */
export interface Credential {
  /** Names the credential in logs and metrics; never a secret. */
  readonly label: string;
  /** Whose it is: a refusal of the gateway's own is the gateway's fault, of the client's is passed on. */
  readonly holder: 'gateway' | 'client';
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
}

/** `absent`: not configured. `unusable`: configured, but it cannot pay at the moment. */
export type SourceState = 'absent' | 'usable' | 'unusable';

/** One place that credentials come from. */
export interface CredentialSource {
  readonly name: string;
  readonly state: () => SourceState;
  /** A credential for this request; `client` reads the headers that the client sent. */
  readonly find: (client: HeaderReader) => Credential | undefined;
  /** Why it is unusable and what to do about it, without secrets. */
  readonly reason?: () => string | undefined;
}
