/**
 * Gathers what comes while `run` waits for its turn, and does it in one go; `run` calls `take` when its turn has come.
 * Whoever hands in an item learns the fate of the run that took it.
 */
export function createBatch<T>(run: (take: () => readonly T[]) => Promise<void>): (item: T) => Promise<void> {
  let items: T[] = [];
  let next: Promise<void> | undefined;
  const takeAll = (): readonly T[] => {
    const taken = items;
    items = [];
    next = undefined;
    return taken;
  };
  const runOnce = async (): Promise<void> => {
    const turn = { hasCome: false };
    try {
      await run(() => {
        turn.hasCome = true;
        return takeAll();
      });
    } finally {
      if (!turn.hasCome) takeAll(); // all who waited for it learn that it never came
    }
  };
  return (item) => {
    items.push(item);
    next ??= Promise.resolve().then(runOnce);
    return next;
  };
}
