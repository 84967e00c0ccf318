/** The id of this dialect. */
export const PROTOCOL = 'google-generate';

/** Who makes thought signatures, unless a model's record names another. */
export const ISSUER = 'gemini';
