const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const UNITS: readonly (readonly [RegExp, number])[] = [
  [/^mo(?:nths?)?$/i, 30 * DAY_MS],
  [/^w(?:(?:ee)?ks?)?$/i, 7 * DAY_MS],
  [/^d(?:ays?)?$/i, DAY_MS],
  [/^h(?:(?:ou)?rs?)?$/i, HOUR_MS],
  [/^m(?:in(?:ute)?s?)?$/i, MINUTE_MS],
  [/^s(?:ec(?:ond)?s?)?$/i, SECOND_MS],
];

// "in" must follow: "resets on Monday" and "reset your password in the settings" are no countdowns.
const ANNOUNCED =
  /\b(?:resets?|renews?|refills?|replenish(?:es)?|(?:available|back|try) again|available):?\s+(?:again\s+)?in\s+(?:about\s+|approximately\s+|less than\s+|under\s+|[~<]\s*)?/gi;
const PIECE = /(\d+(?:\.\d+)?|an?(?=\s))\s*([a-z]+)(?:\s*,?\s*and\s+|\s*,\s*|\s*)/iy;

/**
 * The countdown of the first "resets in 1h 51min" of `text`, in milliseconds: never negative, never NaN, perhaps
 * infinite. `undefined` when none is announced.
 */
export function findResetMs(text: string): number | undefined {
  for (const announced of text.matchAll(ANNOUNCED)) {
    const waitMs = readDuration(text, announced.index + announced[0].length);
    if (waitMs !== undefined) return waitMs;
  }
  return undefined;
}

/** Adds up the pieces that stand at `start`: `6 days`, `2 hours and 5 minutes`, `1h51m`, `an hour`. */
function readDuration(text: string, start: number): number | undefined {
  const pieces = new RegExp(PIECE);
  pieces.lastIndex = start;
  let sum: number | undefined;
  for (let piece = pieces.exec(text); piece !== null; piece = pieces.exec(text)) {
    const [, count = '', word = ''] = piece;
    const unit = UNITS.find(([pattern]) => pattern.test(word));
    if (unit === undefined) break;
    sum = (sum ?? 0) + (/^\d/.test(count) ? Number(count) : 1) * unit[1];
  }
  return sum;
}
