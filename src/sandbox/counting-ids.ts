/** Ids that a counter makes: the same calls bring the same ids. */
export type NextId = (prefix: string) => string;

export function createCountingIds(): NextId {
  let count = 0;
  return (prefix) => {
    count += 1;
    return `${prefix}sandbox${String(count).padStart(8, '0')}`;
  };
}
