import type { Capabilities } from '../../kernel/capabilities.ts';
import { budgetOf, effortOf } from '../../kernel/reasoning.ts';
import type { Effort, ReasoningWish } from '../../kernel/reasoning.ts';
import type { WireThinkingConfig } from './wire-types.ts';

const LEVELS = ['MINIMAL', 'LOW', 'MEDIUM', 'HIGH'] as const;
type Level = (typeof LEVELS)[number];

const LEVEL_OF: Readonly<Record<Effort, Level>> = {
  none: 'MINIMAL',
  minimal: 'MINIMAL',
  low: 'LOW',
  medium: 'MEDIUM',
  high: 'HIGH',
  xhigh: 'HIGH',
  max: 'HIGH',
};

/** What every model of the 3.x line is said to take. */
const COMMON_LEVELS: readonly Level[] = ['LOW', 'MEDIUM', 'HIGH'];

/** The model decides how long it thinks. */
const DYNAMIC = -1;

/** How a wish is written for one model: `undefined` leaves thinking to the service. */
export function encodeThinking(
  wish: ReasoningWish,
  capabilities: Capabilities,
): WireThinkingConfig | undefined {
  if (capabilities.reasoning === false) return undefined;
  const config = isOff(wish) ? encodeOff(capabilities) : encodeStrength(wish, capabilities);
  const shown = !isOff(wish) && (wish.show ?? wish.from === 'level');
  const written = { ...config, ...(shown && { includeThoughts: true }) };
  return Object.keys(written).length === 0 ? undefined : written;
}

/** Tokens that an answer has to be given on top of its own for the thoughts that a level brings in. */
export const thinkingTokens = (wish: ReasoningWish, { thinkingBudget }: Capabilities): number =>
  Math.min(budgetOf(wish), thinkingBudget?.max ?? Infinity);

/** True for a wish not to think, in whatever words. */
export const isOff = (wish: ReasoningWish): boolean => wish.mode === 'off' || effortOf(wish) === 'none';

/** Models that always think are told to think least; one of which nothing is known is told nothing. */
function encodeOff(capabilities: Capabilities): WireThinkingConfig {
  const { thinkingLevels, thinkingBudget, canDisableReasoning } = capabilities;
  if (thinkingLevels !== undefined) return { thinkingLevel: offered('MINIMAL', thinkingLevels) };
  if (thinkingBudget !== undefined) return { thinkingBudget: thinkingBudget.off ?? thinkingBudget.min };
  return canDisableReasoning === false ? { thinkingLevel: offered('MINIMAL', undefined) } : {};
}

function encodeStrength(
  wish: ReasoningWish,
  { thinkingLevels, thinkingBudget }: Capabilities,
): WireThinkingConfig {
  const effort = effortOf(wish);
  if (thinkingLevels === undefined && thinkingBudget !== undefined) {
    const budget = effort === undefined ? DYNAMIC : clamp(budgetOf(wish), thinkingBudget);
    return { thinkingBudget: budget };
  }
  return effort === undefined ? {} : { thinkingLevel: offered(LEVEL_OF[effort], thinkingLevels) };
}

/** The level itself or the next higher one on offer, else the highest. */
function offered(wanted: Level, levels: readonly Level[] | undefined): Level {
  const known = levels === undefined || levels.length === 0 ? COMMON_LEVELS : levels;
  const byRank = LEVELS.filter((level) => known.includes(level));
  return byRank.find((level) => LEVELS.indexOf(level) >= LEVELS.indexOf(wanted)) ?? byRank.at(-1) ?? wanted;
}

const clamp = (budget: number, { min, max }: { readonly min: number; readonly max: number }): number =>
  Math.min(Math.max(budget, min), max);
