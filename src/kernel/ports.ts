/** Time as the gateway sees it; a test moves it by hand. */
export interface Clock {
  /** Unix milliseconds. */
  now(): number;
  /** Calls `run` once after `delayMs`; the returned function takes it back. */
  after(delayMs: number, run: () => void): () => void;
  /** Calls `run` every `periodMs` until the returned function is called; never keeps the process alive. */
  every(periodMs: number, run: () => void): () => void;
}

/** Randomness; a test makes it repeatable. */
export interface Random {
  /** `count` random bytes. */
  bytes(count: number): Uint8Array;
  /** UUID version 4. */
  uuid(): string;
}

export type LogFields = Readonly<Record<string, unknown>>;

/** Structured logging; fields never hold secrets. */
export interface Logger {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
  child(fields: LogFields): Logger;
}
