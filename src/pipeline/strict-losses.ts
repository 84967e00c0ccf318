import { unsupportedField } from '../kernel/gateway-error.ts';
import type { Losses } from '../kernel/losses.ts';

/** What was done to a field without losing it: the gateway does the work itself, or the form alone changes. */
const KEPT: readonly string[] = [
  'completed',
  'emulated',
  'folded',
  'ignored',
  'merged',
  'moved',
  'raised',
  'repaired',
  'withheld',
  'wrapped',
];

/** Under strict translation a loss is not noted but refused, naming the field; what is kept some other way is noted. */
export const createStrictLosses = (kept: Losses): Losses => ({
  note: (field, action) => {
    if (!KEPT.includes(action)) {
      throw unsupportedField(field, `would be ${action} for this model, and strict_translation is on`);
    }
    kept.note(field, action);
  },
});
