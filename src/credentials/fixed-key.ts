import type { Secret } from '../kernel/secret.ts';
import type { Credential, CredentialSource } from './credential.ts';

/** The key of `FACTORY_API_KEY`: sent as it is, never refreshed. */
export function createFixedKeySource(key: Secret | undefined): CredentialSource {
  const name = 'FACTORY_API_KEY';
  const credential: Credential | undefined = key && {
    id: name,
    label: name,
    holder: 'gateway',
    token: () => Promise.resolve(key),
    renew: () => Promise.resolve(undefined),
  };
  return {
    name,
    state: () => (credential === undefined ? 'absent' : 'usable'),
    find: ({ tried }) => (tried.has(name) ? undefined : credential),
  };
}
