import type { Credential } from '../credentials/credential.ts';
import type { CredentialChain } from '../credentials/resolve-credential.ts';
import type { HeaderReader } from '../kernel/codec.ts';
import type { Secret } from '../kernel/secret.ts';

/** Who pays for a request, and with what. */
export interface Payment {
  readonly credential: Credential;
  readonly token: Secret;
}

/**
 * The first usable credential and its token. One that dies while its token is fetched makes room for the next source.
 *
 * The promise rejects with the GatewayError of the chain or of the last credential.
 */
export async function takeToken(chain: CredentialChain, client: HeaderReader): Promise<Payment> {
  const credential = chain.resolve(client);
  try {
    return { credential, token: await credential.token() };
  } catch (error) {
    const next = chain.resolve(client);
    if (next.label === credential.label) throw error;
    return { credential: next, token: await next.token() };
  }
}
