import type { Capabilities } from '../../kernel/capabilities.ts';
import type { OpaqueState } from '../../kernel/conversation.ts';

/** Who makes the opaque state of this dialect, unless the model's record names another. */
export const ISSUER = 'anthropic';

/** Who made the state that this model's answers hold, and can read it again. */
export const ownerOf = ({ issuer, family }: Capabilities): Pick<OpaqueState, 'issuer' | 'family'> => ({
  issuer: issuer ?? ISSUER,
  family: family ?? '',
});
