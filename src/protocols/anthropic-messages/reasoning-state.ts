import type { OpaqueState } from '../../kernel/conversation.ts';

/** The signature that Anthropic gave this reasoning; state of another issuer has none that a client may show it. */
export const signatureOf = (opaque: OpaqueState | undefined): string | undefined =>
  nativeState(opaque, 'signature');

/** The encrypted text of reasoning that Anthropic keeps to itself. */
export const redactedOf = (opaque: OpaqueState | undefined): string | undefined =>
  nativeState(opaque, 'redacted');

const nativeState = (opaque: OpaqueState | undefined, kind: OpaqueState['kind']): string | undefined =>
  opaque?.issuer === 'anthropic' && opaque.kind === kind ? opaque.data : undefined;
