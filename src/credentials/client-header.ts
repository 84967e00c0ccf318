import type { HeaderReader } from '../kernel/codec.ts';
import { createSecret } from '../kernel/secret.ts';
import type { CredentialSource } from './credential.ts';

/** The client's own `Authorization: Bearer …` or `x-api-key`; the header that held a gateway key is not shown to it. */
export function createClientHeaderSource(): CredentialSource {
  return {
    name: 'client header',
    state: () => 'usable',
    find: ({ client }) => {
      const text = findToken(client);
      if (text === undefined) return undefined;
      const token = createSecret(text);
      return {
        id: 'client',
        label: 'client',
        holder: 'client',
        token: () => Promise.resolve(token),
        renew: () => Promise.resolve(undefined),
      };
    },
  };
}

function findToken(client: HeaderReader): string | undefined {
  const bearer = /^\s*bearer\s+(\S.*)$/i.exec(client('authorization') ?? '')?.[1]?.trim();
  const key = client('x-api-key')?.trim();
  return bearer ?? (key === '' ? undefined : key);
}
