import type { Credential } from '../../src/credentials/credential.ts';
import type { CredentialChain } from '../../src/credentials/resolve-credential.ts';
import { createSecret } from '../../src/kernel/secret.ts';

/** A chain of one credential of the gateway's own; its token is `first-token` and cannot be renewed unless told. */
export function stubChain(behaviour: Partial<Credential> = {}): CredentialChain {
  const credential: Credential = {
    id: 'stub',
    label: 'stub',
    holder: 'gateway',
    token: () => Promise.resolve(createSecret('first-token')),
    renew: () => Promise.resolve(undefined),
    ...behaviour,
  };
  return {
    resolve: () => credential,
    readiness: () => ({ ready: true, sources: [{ name: 'stub', state: 'usable' }] }),
  };
}
