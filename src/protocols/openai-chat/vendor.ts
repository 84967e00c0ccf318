import type { Capabilities } from '../../kernel/capabilities.ts';

/** Who makes this dialect's opaque state, unless the model's record names another. */
export const ISSUER = 'openai-chat';

/** True for OpenAI's own models: they know members that other vendors refuse, and refuse some that others know. */
export const isOpenai = ({ issuer, maxTokensField }: Capabilities): boolean =>
  issuer === 'openai' || maxTokensField === 'max_completion_tokens';
