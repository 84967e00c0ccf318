import type { Capabilities } from '../../kernel/capabilities.ts';
import type { OpaqueState } from '../../kernel/conversation.ts';
import { ISSUER } from './dialect.ts';

/** Stands in for a signature that was lost; only models that demand one may be sent it. */
export const NO_SIGNATURE = 'skip_thought_signature_validator';

/** A thought signature with its origin. */
export const createSignature = (data: string, { issuer, family }: Capabilities): OpaqueState => ({
  issuer: issuer ?? ISSUER,
  family: family ?? '',
  kind: 'thoughtSignature',
  data,
});

/** The thought signature in state that this model's service made, if it is one. */
export const findSignature = (opaque: OpaqueState | undefined): string | undefined =>
  opaque?.kind === 'thoughtSignature' && opaque.data !== '' ? opaque.data : undefined;
