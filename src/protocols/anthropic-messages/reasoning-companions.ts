import type { Capabilities } from '../../kernel/capabilities.ts';
import type { Edit, WireView } from '../../kernel/edit.ts';
import { findNumber, findObject, findString, isJsonArray } from '../../kernel/json.ts';
import type { Json, JsonObject } from '../../kernel/json.ts';
import type { Losses } from '../../kernel/losses.ts';
import type { Effort } from '../../kernel/reasoning.ts';

/** Puts an effort beside what else `output_config` holds; a member of another type is left alone. */
export function effortEdit(view: WireView, effort: Effort): Edit[] {
  const type = view.typeOf('output_config');
  if (type !== undefined && type !== 'null' && type !== 'object') return [];
  const old = findObject(view.read('output_config'));
  return [{ kind: 'set', key: 'output_config', value: { ...old, effort } }];
}

/** Takes out an effort that the API refuses while the model does not think. */
export function tameEffort(view: WireView): Edit[] {
  const config = findObject(view.read('output_config'));
  const effort = config?.['effort'];
  if (config === undefined || (effort !== 'xhigh' && effort !== 'max')) return [];
  return replaceMember('output_config', without(config, 'effort'));
}

/** Takes out the context edits that the API refuses while the model does not think. */
export function dropClearThinking(view: WireView): Edit[] {
  const management = findObject(view.read('context_management'));
  const edits = management?.['edits'];
  if (management === undefined || !isJsonArray(edits)) return [];
  const kept = edits.filter((edit) => !isClearThinking(edit));
  if (kept.length === edits.length) return [];
  const rest = kept.length > 0 ? { ...management, edits: kept } : without(management, 'edits');
  return replaceMember('context_management', rest);
}

/** Takes out the sampling that the API refuses while the model thinks. */
export function withoutSampling(view: WireView, { sampling }: Capabilities, losses: Losses): Edit[] {
  const least = sampling?.topP === false ? 0.99 : 0.95;
  const topP = findNumber(view.read('top_p')) ?? 0;
  const refused = ['temperature', 'top_k', ...(topP >= least && topP <= 1 ? [] : ['top_p'])];
  const present = refused.filter((key) => view.typeOf(key) !== undefined);
  for (const key of present) {
    if (key !== 'temperature' || view.read(key) !== 1) losses.note(key, 'dropped'); // 1 is what thinking has
  }
  return present.map((key) => ({ kind: 'remove', key }));
}

const isClearThinking = (edit: Json): boolean =>
  findString(findObject(edit)?.['type'])?.startsWith('clear_thinking_') === true;

const without = (object: JsonObject, name: string): JsonObject =>
  Object.fromEntries(Object.entries(object).filter(([key]) => key !== name));

const replaceMember = (key: string, value: JsonObject): Edit[] =>
  Object.keys(value).length === 0 ? [{ kind: 'remove', key }] : [{ kind: 'set', key, value }];
