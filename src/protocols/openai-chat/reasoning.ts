import type { Capabilities, ReasoningStyle } from '../../kernel/capabilities.ts';
import type { Overrides } from '../../kernel/codec.ts';
import type { Edit, WireView } from '../../kernel/edit.ts';
import { findObject } from '../../kernel/json.ts';
import type { Json, JsonObject } from '../../kernel/json.ts';
import type { Losses } from '../../kernel/losses.ts';
import { budgetOf, effortOf, offeredEffort } from '../../kernel/reasoning.ts';
import type { Effort, ReasoningWish } from '../../kernel/reasoning.ts';
import { isOpenai } from './vendor.ts';

/** Members from which one vendor or another reads how a model should reason. */
const MEMBERS = ['reasoning_effort', 'reasoning', 'thinking', 'enable_thinking', 'thinking_budget'];

/** Grades of the vendors that know `low`, `high` and `max` alone, and whose models cannot stop reasoning. */
const COARSE: Readonly<Record<Effort, 'low' | 'high' | 'max'>> = {
  none: 'low',
  minimal: 'low',
  low: 'low',
  medium: 'high',
  high: 'high',
  xhigh: 'max',
  max: 'max',
};

/**
 * The edits that give a body the wished reasoning, in the form its model takes, and take away what contradicts it.
 * A wish that the model cannot follow is noted.
 */
export function reasoningEdits(view: WireView, overrides: Overrides, losses: Losses): readonly Edit[] {
  const { reasoning, capabilities } = overrides;
  if (reasoning.mode === 'unset') return [];
  const wish = legalWish(view, reasoning, capabilities, losses);
  const style = styleOf(capabilities);
  const form = FORMS[style];
  const members = (wish.mode === 'on' ? form.on : form.off)({ view, wish, capabilities, losses });
  const contradicting = MEMBERS.filter((key) => !(key in members) && view.typeOf(key) !== undefined);
  return [
    ...contradicting.map((key): Edit => ({ kind: 'remove', key })),
    ...Object.entries(members).map(([key, value]): Edit => ({ kind: 'set', key, value })),
    ...(wish.mode === 'on' && style !== 'none' ? samplingEdits(view, capabilities, losses) : []),
  ];
}

/** Where a forced tool and reasoning exclude each other, the forced tool wins. */
function legalWish(
  view: WireView,
  wish: ReasoningWish,
  capabilities: Capabilities,
  losses: Losses,
): ReasoningWish {
  const { reasoningStyle: style, forcedToolWithThinking: allowed } = capabilities;
  const excluded =
    allowed === false || ((style === 'deepseek' || style === 'enable-thinking') && allowed !== true);
  if (wish.mode !== 'on' || !excluded || !isToolForced(view)) return wish;
  losses.note('reasoning_effort', 'dropped');
  return { mode: 'off', from: wish.from };
}

function isToolForced(view: WireView): boolean {
  const choice = view.read('tool_choice');
  if (typeof choice === 'string') return choice === 'required';
  const type = findObject(choice)?.['type'];
  if (type !== 'allowed_tools') return type !== undefined;
  return findObject(findObject(choice)?.['allowed_tools'])?.['mode'] === 'required';
}

/** The members that carry a wish; all others that could are taken away. */
type Members = Readonly<Record<string, Json>>;

interface Asked {
  readonly view: WireView;
  readonly wish: ReasoningWish;
  readonly capabilities: Capabilities;
  readonly losses: Losses;
}

interface Form {
  readonly on: (asked: Asked) => Members;
  readonly off: (asked: Asked) => Members;
}

const noteIgnored = ({ losses }: Asked): Members => {
  losses.note('reasoning_effort', 'ignored');
  return {};
};
const nothing = (): Members => ({});

/** How vendors are asked. A model of which nothing is known takes the plain word, and leaving it out means off. */
const FORMS: Readonly<Record<ReasoningStyle | 'unknown', Form>> = {
  unknown: { on: offered, off: nothing },
  effort: { on: offered, off: lowest },
  'effort-lhm': {
    on: ({ wish }) => ({ reasoning_effort: COARSE[wordOf(wish)] }),
    off: ({ losses }) => {
      losses.note('reasoning_effort', 'raised');
      return { reasoning_effort: 'low' };
    },
  },
  'thinking-type': {
    on: ({ view }) => ({ thinking: thinkingSwitch(view, 'enabled') }),
    off: ({ view }) => ({ thinking: thinkingSwitch(view, 'disabled') }),
  },
  deepseek: {
    on: (asked) => ({
      thinking: thinkingSwitch(asked.view, 'enabled'),
      ...(asked.capabilities.efforts !== undefined && offered(asked)),
    }),
    off: ({ view }) => ({ thinking: thinkingSwitch(view, 'disabled') }),
  },
  'enable-thinking': {
    on: (asked) => ({ enable_thinking: true, thinking_budget: cappedBudget(asked) }),
    off: () => ({ enable_thinking: false }),
  },
  'always-on': { on: nothing, off: noteIgnored },
  none: { on: noteIgnored, off: nothing },
};

function styleOf({ reasoning, reasoningStyle, efforts }: Capabilities): ReasoningStyle | 'unknown' {
  if (reasoning === false) return 'none';
  return reasoningStyle ?? (efforts === undefined ? 'unknown' : 'effort');
}

const wordOf = (wish: ReasoningWish): Effort => effortOf(wish) ?? 'medium';

function offered({ wish, capabilities: { efforts = [] } }: Asked): Members {
  const wanted = wordOf(wish);
  // No documentation promises `max` for an average model.
  if (efforts.length === 0 && wanted === 'max') return { reasoning_effort: 'xhigh' };
  return { reasoning_effort: offeredEffort(wanted, efforts) };
}

/** As near to off as the model goes. */
function lowest({ capabilities: { efforts = [], canDisableReasoning }, losses }: Asked): Members {
  if (canDisableReasoning !== false && (efforts.length === 0 || efforts.includes('none'))) {
    return { reasoning_effort: 'none' };
  }
  losses.note('reasoning_effort', 'raised');
  return { reasoning_effort: offeredEffort('minimal', efforts.length === 0 ? ['low'] : efforts) };
}

/** The switch; what else the client's own `thinking` holds stays. */
const thinkingSwitch = (view: WireView, type: 'enabled' | 'disabled'): JsonObject => ({
  ...findObject(view.read('thinking')),
  type,
});

const cappedBudget = ({ wish, capabilities }: Asked): number =>
  Math.min(budgetOf(wish), capabilities.thinkingBudget?.max ?? Infinity);

/** By member, the ability that a model has to have while it reasons, where an ability is known. */
const SAMPLING: readonly (readonly [key: string, ability?: keyof NonNullable<Capabilities['sampling']>])[] = [
  ['temperature', 'temperature'],
  ['top_p', 'topP'],
  ['top_k', 'topK'],
  ['frequency_penalty', 'penalties'],
  ['presence_penalty', 'penalties'],
  ['logprobs'],
  ['top_logprobs'],
];

/** What the model refuses goes when reasoning is switched on; OpenAI's models then cannot be sampled at all. */
function samplingEdits(view: WireView, capabilities: Capabilities, losses: Losses): readonly Edit[] {
  const { sampling = {} } = capabilities;
  const openai = isOpenai(capabilities);
  return SAMPLING.flatMap(([key, ability]): readonly Edit[] => {
    const isRefused = openai || (ability !== undefined && sampling[ability] === false);
    if (!isRefused || view.typeOf(key) === undefined) return [];
    losses.note(key, 'dropped');
    return [{ kind: 'remove', key }];
  });
}
