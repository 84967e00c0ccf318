/** `max_tokens` has to be said; this is said for a model whose maximum is not known. */
export const DEFAULT_MAX_TOKENS = 32_000;
