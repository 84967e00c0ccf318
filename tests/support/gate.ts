/** A call that stays unanswered until the test answers it. */
export interface Gate<T> {
  /** What waits: to be handed to the code under test. */
  readonly pass: () => Promise<T>;
  /** Resolves when somebody has come to the gate. */
  readonly reached: Promise<void>;
  readonly open: (value: T) => void;
  readonly refuse: (error: Error) => void;
}

export function createGate<T = void>(): Gate<T> {
  let reach: () => void = () => undefined;
  let open: (value: T) => void = () => undefined;
  let refuse: (error: Error) => void = () => undefined;
  const reached = new Promise<void>((resolve) => {
    reach = resolve;
  });
  const opened = new Promise<T>((resolve, reject) => {
    open = resolve;
    refuse = reject;
  });
  const pass = (): Promise<T> => {
    reach();
    return opened;
  };
  return { pass, reached, open, refuse };
}
