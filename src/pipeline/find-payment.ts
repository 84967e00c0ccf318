import type { Credential, Demand } from '../credentials/credential.ts';
import type { CredentialChain } from '../credentials/resolve-credential.ts';
import type { Secret } from '../kernel/secret.ts';

/** Who pays for one attempt, and with what. */
export interface Payment {
  readonly credential: Credential;
  readonly token: Secret;
}

/** What a request asks of the chain, whichever attempt it is. */
export type Asked = Pick<Demand, 'client' | 'pool' | 'session'>;

/** Looks through the chain for one request; a credential that it has ruled out is not found again. */
export interface Search {
  /**
   * The first usable credential with its token. A login that turns out to be over makes room for the next.
   *
   * The promise rejects with the GatewayError of the chain, or of the login: that knows best what its owner can do.
   */
  readonly find: () => Promise<Payment>;
  /** Throws the GatewayError of the chain when nothing is left. */
  readonly requireAnother: () => void;
  readonly ruleOut: (credential: Credential) => void;
}

/** So many logins may turn out to be over while their token is fetched; a request does not go through all of a thousand. */
const MAX_DEAD_LOGINS = 3;

export function createSearch(chain: CredentialChain, asked: Asked): Search {
  const tried = new Set<string>();
  let mayProbe = true;
  const next = (failure: unknown, withoutAccounts: boolean): Credential => {
    try {
      return chain.resolve({ ...asked, tried, mayProbe, withoutAccounts });
    } catch (error) {
      throw failure ?? error;
    }
  };
  return {
    find: async () => {
      let failure: unknown;
      for (let count = 0; ; count++) {
        const credential = next(failure, count >= MAX_DEAD_LOGINS);
        if (tried.has(credential.id)) throw failure; // a source that has this one alone
        mayProbe &&= credential.isProbe !== true;
        try {
          return { credential, token: await credential.token() };
        } catch (error) {
          failure = error;
          tried.add(credential.id);
          credential.settle?.({ kind: 'unused' });
        }
      }
    },
    requireAnother: () => {
      chain.resolve({ ...asked, tried, mayProbe: false }); // not a trial, so nobody waits to hear how its use ended
    },
    ruleOut: ({ id }) => {
      tried.add(id);
    },
  };
}
