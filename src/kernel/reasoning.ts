/** The setting of a model in `config.json`: `auto` leaves the client's wish, the others override it. */
export const REASONING_LEVELS = ['auto', 'off', 'low', 'medium', 'high', 'xhigh'] as const;
export type ReasoningLevel = (typeof REASONING_LEVELS)[number];

/** How hard a model may be asked to think, weakest first. Dialects and models offer subsets. */
export const EFFORTS = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'] as const;
export type Effort = (typeof EFFORTS)[number];

export const isEffort = (value: unknown): value is Effort => EFFORTS.some((effort) => effort === value);

/**
 * What is asked of a model's reasoning.
 *
 * `unset` asks nothing and must change nothing. `budget` is in tokens; a wish has an effort, a budget, or neither.
 */
export interface ReasoningWish {
  readonly mode: 'unset' | 'off' | 'on';
  readonly effort?: Effort;
  readonly budget?: number;
  /** The client wants to read the reasoning. */
  readonly show?: boolean;
  /** `level`: set by the operator for this model; `client`: translated from the request. */
  readonly from: 'level' | 'client';
}

export const NO_WISH: ReasoningWish = { mode: 'unset', from: 'client' };

/** Thinking tokens that each effort stands for (product figures: low to xhigh). */
const BUDGETS: Readonly<Record<Effort, number>> = {
  none: 0,
  minimal: 1024,
  low: 4096,
  medium: 12288,
  high: 24576,
  xhigh: 40960,
  max: 40960,
};

/** Tokens to think with, for a wish that is on; medium when the wish names no strength. */
export const budgetOf = (wish: ReasoningWish): number => wish.budget ?? BUDGETS[wish.effort ?? 'medium'];

/** The effort that a budget in tokens comes nearest to. */
export function effortOfBudget(budget: number): Effort {
  if (budget <= 0) return 'none';
  if (budget < 2048) return 'minimal';
  if (budget < 8192) return 'low';
  if (budget < 18432) return 'medium';
  if (budget < 32768) return 'high';
  return 'xhigh';
}

/** The effort of a wish that is on, or `undefined` when it names no strength. */
export const effortOf = (wish: ReasoningWish): Effort | undefined =>
  wish.effort ?? (wish.budget === undefined ? undefined : effortOfBudget(wish.budget));

/**
 * The next lower effort on offer, else the next higher one; the wish itself when nothing is known of the offer. Only a
 * wish for none is met with `none`.
 */
export function offeredEffort(wanted: Effort, offered: readonly Effort[] | undefined): Effort {
  if (offered === undefined || offered.length === 0 || offered.includes(wanted)) return wanted;
  const rank = EFFORTS.indexOf(wanted);
  const byRank = EFFORTS.filter((effort) => effort !== 'none' && offered.includes(effort));
  return byRank.findLast((effort) => EFFORTS.indexOf(effort) < rank) ?? byRank[0] ?? wanted;
}

/** The wish that a configured level stands for; `undefined` for `auto`. */
export function wishOfLevel(level: ReasoningLevel): ReasoningWish | undefined {
  if (level === 'auto') return undefined;
  if (level === 'off') return { mode: 'off', from: 'level' };
  return { mode: 'on', effort: level, from: 'level' };
}
