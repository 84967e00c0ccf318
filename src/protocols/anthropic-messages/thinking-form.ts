import type { Capabilities } from '../../kernel/capabilities.ts';

/** How a model is told to think: with a budget of tokens, as it sees fit, or not at all. */
export type ThinkingForm = 'budget' | 'adaptive' | 'none';

/** The form that the model takes; a budget where nothing is known. */
export function thinkingForm({ reasoning, thinkingTypes }: Capabilities): ThinkingForm {
  if (reasoning === false) return 'none';
  if (thinkingTypes?.adaptive === true) return 'adaptive';
  return thinkingTypes?.enabled === false ? 'none' : 'budget';
}

/**
 * How a model is told not to think: by saying nothing, by name, by the least that it offers. A model that takes budgets
 * does not think unless told; one that is adaptive only does.
 */
export type OffForm = 'remove' | 'disabled' | 'between_tools' | 'lowest-effort';

/** The form that the model takes. */
export function offForm({ thinkingTypes: types, canDisableReasoning, reasoning }: Capabilities): OffForm {
  if (reasoning === false || types?.adaptive !== true || types.enabled === true) return 'remove';
  if (types.disabled === true) return 'disabled';
  if (types.betweenTools === true) return 'between_tools';
  return canDisableReasoning === true ? 'remove' : 'lowest-effort';
}

/** Fewest tokens that a thinking budget may have. */
export const MIN_BUDGET = 1024;

export interface BudgetFit {
  readonly budget: number;
  readonly maxTokens: number;
}

/**
 * Makes room for a budget, which has to stay below `max_tokens`: by raising that as far as the model goes, else by a
 * smaller budget. `undefined` when there is no room.
 *
 * @param maxTokens - what the request allows.
 * @param maxOutput - what the model allows, in tokens too.
 */
export function fitBudget(budget: number, maxTokens: number, maxOutput = Infinity): BudgetFit | undefined {
  if (maxTokens > budget) return { budget, maxTokens };
  const raised = Math.min(maxOutput, budget + maxTokens);
  const fitting = raised > budget ? budget : Math.max(MIN_BUDGET, raised - MIN_BUDGET);
  return fitting < raised ? { budget: fitting, maxTokens: raised } : undefined;
}
