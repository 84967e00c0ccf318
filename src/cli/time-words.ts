const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
] as const;

/** Minutes and seconds, `04:07`; never below zero. */
export function minutesLeft(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  return `${pad(Math.floor(seconds / 60))}:${pad(seconds % 60)}`;
}

const pad = (number: number): string => String(number).padStart(2, '0');

/** How long, in its two largest units: `7 h 12 min`. */
export function duration(ms: number): string {
  const largest = UNITS.findIndex(([, size]) => ms >= size);
  if (largest === -1) return 'under 1 s';
  let rest = ms;
  const words = UNITS.slice(largest, largest + 2).map(([unit, size]) => {
    const count = Math.floor(rest / size);
    rest -= count * size;
    return count === 0 ? '' : `${count} ${unit}`;
  });
  return words.filter((word) => word !== '').join(' ');
}

/** A moment as seen from `now`: `in 7 h 12 min`, `3 d ago`. */
export const relative = (time: number, now: number): string =>
  time >= now ? `in ${duration(time - now)}` : `${duration(now - time)} ago`;
