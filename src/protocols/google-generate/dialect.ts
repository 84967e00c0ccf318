/** The id of this dialect. */
export const PROTOCOL = 'google-generate';
