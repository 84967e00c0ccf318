/** Where the conversation takes place; text from outside is stripped of control characters. */
export interface Terminal {
  readonly intro: (title: string) => void;
  /** A few lines that must be seen. */
  readonly box: (title: string, lines: readonly string[]) => void;
  readonly say: (tone: Tone, text: string) => void;
  /** Shows that something goes on, until it is ended. */
  readonly spin: (text: string) => Spinner;
  /** `undefined` when the person wants to leave altogether; where nobody can be asked the answer is no. */
  readonly ask: (question: string) => Promise<boolean | undefined>;
  readonly outro: (text: string) => void;
}

export type Tone = 'info' | 'success' | 'warn' | 'error';

interface Spinner {
  readonly update: (text: string) => void;
  readonly end: (tone: Tone, text: string) => void;
}
