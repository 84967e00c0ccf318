/** Longer than any model id; a client may send more, and only this much of it is measured. */
const MAX_LENGTH = 64;

/** The ids most like `wanted`, best first, at most `count`; shared words and a short edit distance make likeness. */
export function closestIds(wanted: string, ids: readonly string[], count: number): string[] {
  const target = wanted.toLowerCase().slice(0, MAX_LENGTH);
  return ids
    .map((id) => ({ id, likeness: likeness(target, id.toLowerCase()) }))
    .sort((one, other) => other.likeness - one.likeness)
    .slice(0, count)
    .map(({ id }) => id);
}

/** From 0 (nothing in common) to 2 (equal). */
function likeness(one: string, other: string): number {
  const [words, others] = [wordsOf(one), wordsOf(other)];
  const shared = [...words].filter((word) => others.has(word)).length;
  const longest = Math.max(one.length, other.length, 1);
  return (2 * shared) / Math.max(words.size + others.size, 1) + 1 - editDistance(one, other) / longest;
}

const wordsOf = (id: string): Set<string> => new Set(id.split(/[^a-z0-9]+/).filter((word) => word !== ''));

/** Insertions, deletions and replacements that lead from one text to the other. */
function editDistance(one: string, other: string): number {
  const letters = other.split('');
  let row = Array.from({ length: letters.length + 1 }, (_, column) => column);
  for (const [index, letter] of one.split('').entries()) {
    const next = [index + 1];
    for (const [column, otherLetter] of letters.entries()) {
      const replaced = (row[column] ?? 0) + (letter === otherLetter ? 0 : 1);
      next.push(Math.min(replaced, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
