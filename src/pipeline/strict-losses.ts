import { unsupportedField } from '../kernel/gateway-error.ts';
import type { Losses } from '../kernel/losses.ts';

/** What was done to a field without losing it: the gateway does the work itself, or the form alone changes. */
const KEPT: readonly string[] = [
  'completed',
  'emulated',
  'folded',
  'ignored',
  'loosened',
  'merged',
  'moved',
  'raised',
  'repaired',
  'withheld',
  'wrapped',
];

/** Hints by whatever name a client has for them: none of them changes a word of the answer. */
const HINTS: readonly string[] = [
  'cache_control',
  'metadata',
  'metadata.user_id',
  'prompt_cache_breakpoint',
  'prompt_cache_key',
  'safety_identifier',
  'store',
  'user',
];

/** Under strict translation a loss is not noted but refused, naming the field; what is kept some other way is noted. */
export const createStrictLosses = (kept: Losses): Losses => ({
  note: (field, action) => {
    if (!KEPT.includes(action) && !HINTS.includes(field)) {
      throw unsupportedField(field, `would be ${action} for this model, and strict_translation is on`);
    }
    kept.note(field, action);
  },
});
