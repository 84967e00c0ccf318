/**
 * Runs one at a time; those who ask while it runs share the next run, so that what they get is never older than their
 * question. A thousand accounts that look at one file at once read it twice.
 */
export function shareNext<T>(run: () => Promise<T>): () => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  let next: Promise<T> | undefined;
  return () => {
    if (next !== undefined) return next;
    const own = last.then(() => {
      next = undefined;
      return run();
    });
    next = own;
    last = own.catch(() => undefined);
    return own;
  };
}
