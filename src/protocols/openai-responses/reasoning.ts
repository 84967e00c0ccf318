import type { Overrides } from '../../kernel/codec.ts';
import type { Capabilities } from '../../kernel/capabilities.ts';
import type { Edit, WireView } from '../../kernel/edit.ts';
import { findObject, isJsonArray } from '../../kernel/json.ts';
import type { Json, JsonObject } from '../../kernel/json.ts';
import type { Losses } from '../../kernel/losses.ts';
import { effortOf, offeredEffort } from '../../kernel/reasoning.ts';
import type { Effort, ReasoningWish } from '../../kernel/reasoning.ts';

/** The edits that bring `reasoning` to the wish, and take out what the service refuses beside it. */
export function reasoningEdits(
  view: WireView,
  { reasoning: wish, capabilities }: Pick<Overrides, 'reasoning' | 'capabilities'>,
  losses: Losses,
): readonly Edit[] {
  if (wish.mode === 'unset') return [];
  if (capabilities.reasoning === false) {
    if (wish.mode === 'on') losses.note('reasoning', 'dropped');
    return removeIfPresent(view, 'reasoning');
  }
  const found = view.typeOf('reasoning');
  // The client's own mistake: the upstream's refusal names it better than we could.
  if (found !== undefined && found !== 'null' && found !== 'object') return [];
  const choice = chooseEffort(wish, capabilities);
  if (choice === 'leave-out') return removeIfPresent(view, 'reasoning');
  const own = findObject(view.read('reasoning')) ?? {};
  const value = { ...own, ...summaryFor(wish, own), ...(choice !== 'unnamed' && { effort: choice }) };
  return [
    { kind: 'set', key: 'reasoning', value },
    ...(choice === 'none' ? [] : samplingEdits(view, losses)),
  ];
}

/** `unnamed` asks for reasoning at the model's own strength. */
type Choice = Effort | 'unnamed' | 'leave-out';

function chooseEffort(wish: ReasoningWish, { efforts, canDisableReasoning }: Capabilities): Choice {
  const thinking = (efforts ?? []).filter((effort) => effort !== 'none');
  const wanted = wish.mode === 'off' ? 'none' : effortOf(wish);
  if (wanted === undefined) return 'unnamed';
  if (wanted !== 'none') {
    // No documentation promises `max` for an average model.
    return thinking.length === 0 && wanted === 'max' ? 'xhigh' : offeredEffort(wanted, thinking);
  }
  const known = efforts !== undefined && efforts.length > 0;
  if (canDisableReasoning === false) return offeredEffort('minimal', known ? thinking : ['low']);
  return known ? offeredEffort('none', efforts) : 'leave-out';
}

/** The client's own summary setting stays; a wish not to see the reasoning, or none to have, asks for no summary. */
function summaryFor({ mode, show }: ReasoningWish, own: JsonObject): JsonObject {
  const silent = mode === 'off' || show === false;
  return silent || 'summary' in own || 'generate_summary' in own ? {} : { summary: 'auto' };
}

const LOGPROBS = 'message.output_text.logprobs';

/** Reasoning models take neither sampling parameters nor a request for probabilities. */
function samplingEdits(view: WireView, losses: Losses): readonly Edit[] {
  const refused = ['temperature', 'top_p', 'top_logprobs'].flatMap((key) => removeIfPresent(view, key));
  for (const { key } of refused) if (!isNeutral(key, view.read(key))) losses.note(key, 'dropped');
  const include = view.typeOf('include') === 'array' ? view.read('include') : undefined;
  if (!isJsonArray(include) || !include.includes(LOGPROBS)) return refused;
  return [...refused, { kind: 'set', key: 'include', value: include.filter((entry) => entry !== LOGPROBS) }];
}

/** A temperature or a nucleus of 1 changes nothing. */
const isNeutral = (key: string, value: Json | undefined): boolean => key !== 'top_logprobs' && value === 1;

const removeIfPresent = (view: WireView, key: string): readonly Edit[] =>
  view.typeOf(key) === undefined ? [] : [{ kind: 'remove', key }];
