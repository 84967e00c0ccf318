import { findJson, findObject, findString, listOf } from '../kernel/json.ts';
import type { JsonObject } from '../kernel/json.ts';
import type { ModelPool } from '../kernel/settings.ts';
import { findResetMs } from './reset-time.ts';

/** What a refusal for a spent allowance says of itself. */
export interface QuotaNotice {
  /** The allowances that it names; none when it names none, or the account as a whole. */
  readonly pools: readonly ModelPool[];
  /** Milliseconds until the announced reset, rounded up, at most one window. */
  readonly waitMs?: number;
}

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;

/** The longest time for which any allowance can be spent. */
export const LONGEST_WINDOW_MS = 31 * DAY_MS;
/** Countdowns are rounded down, by up to a minute. */
const ROUNDED_DOWN_MS = 90_000;

const WINDOWS: readonly (readonly [RegExp, number])[] = [
  [/\b(?:5|five)[- ]?(?:hours?|hrs?|h)\b/i, 5 * HOUR_MS],
  [/\bweekly\b|\b(?:7|seven)[- ]?days?\b/i, 7 * DAY_MS],
  [/\bmonthly\b|\b(?:30|31|thirty)[- ]?days?\b/i, LONGEST_WINDOW_MS],
];

const POOLS: readonly (readonly [RegExp, ModelPool])[] = [
  [/\bstandard\b/i, 'standard'],
  [/\bcore\b/i, 'core'],
];

const ALLOWANCE = /\b(?:limits?|quotas?|allowances?|usage|pools?|credits?)\b/i;
const SPENT = /\b(?:reached|hit|exceeded|spent|exhausted|used up|used all|out of|ran out|over)\b/i;
/** What follows is what to do about it, and may well name the other allowance. */
const ADVICE =
  /\b(?:resets?|renews?|switch|change to|move to|enable|upgrade|top up|reload|buy|subscribe|try|use|continue|consider|please)\b/i;

/** Reads the sentences that say what is spent, and the countdown; the words of an advice are not mistaken for them. */
export function readQuota(words: string): QuotaNotice {
  const told = words
    .split(/[.!?;\n](?=\s|$)/)
    .map((sentence) => sentence.split(ADVICE, 1)[0] ?? '')
    .filter((clause) => ALLOWANCE.test(clause) && SPENT.test(clause))
    .join('\n');
  const pools = POOLS.filter(([pattern]) => pattern.test(told)).map(([, pool]) => pool);
  const resetMs = findResetMs(words);
  if (resetMs === undefined) return { pools };
  return { pools, waitMs: Math.min(resetMs + ROUNDED_DOWN_MS, windowOf(told, resetMs)) };
}

/** The smallest of the named windows that holds the countdown; of all windows, where none is named. */
function windowOf(told: string, resetMs: number): number {
  const named = WINDOWS.filter(([pattern]) => pattern.test(told)).map(([, windowMs]) => windowMs);
  const candidates = named.length > 0 ? named : WINDOWS.map(([, windowMs]) => windowMs);
  return candidates.find((windowMs) => windowMs >= resetMs) ?? candidates.at(-1) ?? LONGEST_WINDOW_MS;
}

const MOST_READ = 16_384;

/** The sentences for people in the body of a refusal, one a line; of JSON only the members that hold such. */
export function wordsOfBody(body: string): string {
  const json = findJson(body);
  if (json === undefined) return /^\s*[<{[]/.test(body) ? '' : body.slice(0, MOST_READ);
  const outer = findObject(json) ?? findObject(listOf(json)[0]);
  const inner = [outer, findObject(outer?.['error']), findObject(listOf(outer?.['errors'])[0])];
  const told = [...inner.flatMap(sentencesOf), findString(outer?.['error']) ?? ''];
  return told
    .filter((text) => text !== '')
    .join('\n')
    .slice(0, MOST_READ);
}

const sentencesOf = (object: JsonObject | undefined): readonly string[] =>
  ['title', 'detail', 'message'].map((key) => findString(object?.[key]) ?? '');
