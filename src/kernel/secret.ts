/** A token, key or password. Whatever prints it, prints `[redacted]`; only {@link Secret.reveal} gives the text. */
export interface Secret {
  readonly reveal: () => string;
  readonly toString: () => string;
  readonly toJSON: () => string;
}

const SHOWN = '[redacted]';
const shown = (): string => SHOWN;

export const createSecret = (text: string): Secret =>
  Object.freeze({
    reveal: () => text,
    toString: shown,
    toJSON: shown,
    [Symbol.for('nodejs.util.inspect.custom')]: shown,
  });
