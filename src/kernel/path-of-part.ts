import type { UserPart } from './conversation.ts';

/** The client's own path of a part, for errors and notes; `turn` where the client's reader did not keep it. */
export const pathOfPart = (part: UserPart, turn: string): string =>
  part.kind === 'text' ? turn : (part.at ?? turn);
