import type { Capabilities } from '../../kernel/capabilities.ts';
import type { OpaqueState } from '../../kernel/conversation.ts';

/** Who makes this dialect's reasoning state, unless the model's record says otherwise. */
export const ISSUER = 'openai';

/** Whose reasoning state the model behind this record can read. */
export const ownerOf = ({
  issuer = ISSUER,
  family = '',
}: Capabilities): Pick<OpaqueState, 'issuer' | 'family'> => ({ issuer, family });
