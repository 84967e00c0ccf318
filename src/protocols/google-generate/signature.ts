import type { Capabilities } from '../../kernel/capabilities.ts';
import type { OpaqueState } from '../../kernel/conversation.ts';

interface Signer {
  readonly capabilities: Capabilities;
}

/** Stands in for a signature that was lost; only models that demand one may be sent it. */
export const NO_SIGNATURE = 'skip_thought_signature_validator';

/** A thought signature with its origin. */
export const createSignature = (data: string, { capabilities }: Signer): OpaqueState => ({
  issuer: issuerOf(capabilities),
  family: capabilities.family ?? '',
  kind: 'thoughtSignature',
  data,
});

/** The signature in `opaque` when this very family of models made it; another's would be refused as corrupted. */
export function findSignature(opaque: OpaqueState | undefined, { capabilities }: Signer): string | undefined {
  const own =
    opaque?.kind === 'thoughtSignature' &&
    opaque.issuer === issuerOf(capabilities) &&
    opaque.family === (capabilities.family ?? '');
  return own && opaque.data !== '' ? opaque.data : undefined;
}

const issuerOf = (capabilities: Capabilities): string => capabilities.issuer ?? 'gemini';
