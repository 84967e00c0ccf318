/**
 * The client's list of beta flags with some added and some taken out; `undefined` when none is left. Without a change
 * the client's own text comes back as it is.
 */
export function joinBetas(
  own: string | undefined,
  add: readonly string[],
  remove: readonly string[],
): string | undefined {
  if (add.length === 0 && remove.length === 0) return own;
  const flags = (own ?? '')
    .split(',')
    .map((flag) => flag.trim())
    .filter((flag) => flag !== '');
  const kept = new Set([...flags, ...add].filter((flag) => !remove.includes(flag)));
  return kept.size === 0 ? undefined : [...kept].join(', ');
}
