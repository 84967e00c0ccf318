import type { Capabilities } from '../../kernel/capabilities.ts';
import type { OverrideResult, Overrides } from '../../kernel/codec.ts';
import type { Edit, WireView } from '../../kernel/edit.ts';
import { findNumber, findObject, findString } from '../../kernel/json.ts';
import type { Losses } from '../../kernel/losses.ts';
import { budgetOf, effortOf, offeredEffort } from '../../kernel/reasoning.ts';
import type { Effort, ReasoningWish } from '../../kernel/reasoning.ts';
import {
  dropClearThinking,
  effortEdit,
  tameEffort,
  withoutRefusedSampling,
  withoutSampling,
} from './reasoning-companions.ts';
import { findObstacle, losesOpenThinking, UNSIGNED } from './thinking-obstacle.ts';
import { DEFAULT_MAX_TOKENS } from './token-limits.ts';
import { fitBudget, MIN_BUDGET, offForm, thinkingForm } from './thinking-form.ts';

/** Lets a model think between tool calls; adaptive thinking needs no flag for that. */
const INTERLEAVED = 'interleaved-thinking-2025-05-14';

/** The words that this dialect has. */
const EFFORTS: readonly Effort[] = ['low', 'medium', 'high', 'xhigh', 'max'];

/** A wire body and the wish that it has to follow. */
interface Case {
  readonly view: WireView;
  readonly wish: ReasoningWish;
  readonly capabilities: Capabilities;
  readonly losses: Losses;
}

/** The edits that make a body think as wished, and what that implies for the rest of it. */
export function overrideReasoning(view: WireView, overrides: Overrides, losses: Losses): OverrideResult {
  const { reasoning: wish, capabilities } = overrides;
  const given: Case = { view, wish, capabilities, losses };
  if (wish.mode === 'unset') return leaveAlone(given);
  if (wish.mode === 'off') return { edits: switchOff(given), removeBetas: [INTERLEAVED] };
  return switchOn(given);
}

/**
 * Nothing is asked, so nothing changes, unless the client thinks with a budget and its open calls have just lost the
 * thinking of another service: the API would refuse them.
 */
function leaveAlone(given: Case): OverrideResult {
  const { view, capabilities } = given;
  const asksBudget = findObject(view.read('thinking'))?.['type'] === 'enabled';
  return asksBudget && losesOpenThinking(view, capabilities) ? leaveOff(given, UNSIGNED) : { edits: [] };
}

function switchOn(given: Case): OverrideResult {
  const { view, capabilities, losses } = given;
  const form = thinkingForm(capabilities);
  if (form === 'none') {
    losses.note('reasoning', 'dropped');
    return { edits: [] };
  }
  const obstacle = findObstacle(view, form, capabilities);
  if (obstacle !== undefined) return leaveOff(given, obstacle);
  return form === 'adaptive' ? { edits: thinkAdaptively(given) } : thinkWithBudget(given);
}

function thinkAdaptively({ view, wish, capabilities, losses }: Case): Edit[] {
  const display = wish.show === true ? 'summarized' : clientDisplay(view);
  const thinking = { type: 'adaptive', ...(display !== undefined && { display }) };
  return [
    { kind: 'set', key: 'thinking', value: thinking },
    ...askEffort(view, effortOf(wish), capabilities),
    ...withoutSampling(view, capabilities, losses),
  ];
}

function askEffort(view: WireView, effort: Effort | undefined, { efforts }: Capabilities): Edit[] {
  const offered = efforts?.filter((word) => EFFORTS.includes(word)) ?? EFFORTS;
  if (effort === undefined || offered.length === 0) return [];
  return effortEdit(view, offeredEffort(effort, offered));
}

function thinkWithBudget(given: Case): OverrideResult {
  const { view, wish, capabilities, losses } = given;
  const { maxOutput } = capabilities;
  const asked = findNumber(view.read('max_tokens'));
  // A limit of another type is the client's mistake, and the upstream will say so.
  const readable = asked !== undefined || view.typeOf('max_tokens') === undefined;
  const limit = asked ?? (readable ? (maxOutput ?? DEFAULT_MAX_TOKENS) : Infinity);
  const fit = fitBudget(Math.max(MIN_BUDGET, budgetOf(wish)), limit, maxOutput);
  if (fit === undefined) return leaveOff(given, 'small-limit');
  const display = clientDisplay(view);
  const thinking = {
    type: 'enabled',
    budget_tokens: fit.budget,
    ...(display !== undefined && { display }),
  };
  const edits: Edit[] = [{ kind: 'set', key: 'thinking', value: thinking }];
  if (fit.maxTokens !== limit) {
    losses.note('max_tokens', 'raised');
    edits.push({ kind: 'set', key: 'max_tokens', value: fit.maxTokens });
  }
  return { edits: [...edits, ...withoutSampling(view, capabilities, losses)], addBetas: [INTERLEAVED] };
}

/** How the client wants to see thinking, whoever decides how much of it there is. */
const clientDisplay = (view: WireView): string | undefined =>
  findString(findObject(view.read('thinking'))?.['display']);

/** Something in the request forbids thinking, and goes before it. */
function leaveOff(given: Case, obstacle: string): OverrideResult {
  given.losses.note('reasoning', `off-for-${obstacle}`);
  const byName = offForm(given.capabilities) === 'disabled';
  return { edits: [byName ? setThinking('disabled') : REMOVE, ...clearUp(given)] };
}

function switchOff(given: Case): Edit[] {
  const { view, capabilities, losses } = given;
  const form = offForm(capabilities);
  switch (form) {
    case 'remove':
      return [REMOVE, ...clearUp(given)];
    case 'disabled':
      return [setThinking(form), ...clearUp(given)];
    case 'between_tools':
      return [
        setThinking(form),
        ...tameEffort(view),
        ...dropClearThinking(view),
        ...withoutSampling(view, capabilities, losses),
      ];
    default:
      losses.note('reasoning', 'lowest');
      return [
        setThinking('adaptive'),
        ...askEffort(view, 'low', capabilities),
        ...withoutSampling(view, capabilities, losses),
      ];
  }
}

/** Takes out what the API refuses of a model that does not think. */
const clearUp = ({ view, capabilities, losses }: Case): Edit[] => [
  ...tameEffort(view),
  ...dropClearThinking(view),
  ...withoutRefusedSampling(view, capabilities, losses),
];

const REMOVE: Edit = { kind: 'remove', key: 'thinking' };

const setThinking = (type: string): Edit => ({ kind: 'set', key: 'thinking', value: { type } });
