import type { Capabilities } from '../../kernel/capabilities.ts';
import type { Edit, WireView } from '../../kernel/edit.ts';
import { findNumber, findObject, findString, isJsonArray } from '../../kernel/json.ts';
import type { Json, JsonObject } from '../../kernel/json.ts';
import type { Losses } from '../../kernel/losses.ts';
import type { Effort } from '../../kernel/reasoning.ts';
import { without } from '../../kernel/without.ts';

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
export const withoutSampling = (view: WireView, capabilities: Capabilities, losses: Losses): Edit[] =>
  dropSampling(view, losses, [
    'temperature',
    'top_k',
    ...(isWholeNucleus(view, capabilities) ? [] : ['top_p']),
  ]);

/** Takes out the sampling that the model refuses at any time. */
export function withoutRefusedSampling(view: WireView, capabilities: Capabilities, losses: Losses): Edit[] {
  const { temperature, topP, topK } = capabilities.sampling ?? {};
  return dropSampling(view, losses, [
    ...(temperature === false ? ['temperature'] : []),
    ...(topK === false ? ['top_k'] : []),
    ...(topP === false && !isWholeNucleus(view, capabilities) ? ['top_p'] : []),
  ]);
}

/** So little is left out of the nucleus that thinking goes with it. */
function isWholeNucleus(view: WireView, { sampling }: Capabilities): boolean {
  const topP = findNumber(view.read('top_p')) ?? 0;
  return topP <= 1 && topP >= (sampling?.topP === false ? 0.99 : 0.95);
}

function dropSampling(view: WireView, losses: Losses, refused: readonly string[]): Edit[] {
  const present = refused.filter((key) => view.typeOf(key) !== undefined);
  for (const key of present) {
    if (key !== 'temperature' || view.read(key) !== 1) losses.note(key, 'dropped'); // 1 is what every model has
  }
  return present.map((key) => ({ kind: 'remove', key }));
}

const isClearThinking = (edit: Json): boolean =>
  findString(findObject(edit)?.['type'])?.startsWith('clear_thinking_') === true;

const replaceMember = (key: string, value: JsonObject): Edit[] =>
  Object.keys(value).length === 0 ? [{ kind: 'remove', key }] : [{ kind: 'set', key, value }];
