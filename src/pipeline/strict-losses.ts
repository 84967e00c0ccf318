import { unsupportedField } from '../kernel/gateway-error.ts';
import type { Losses } from '../kernel/losses.ts';

/** Under strict translation a loss is not noted but refused, naming the field. */
export const createStrictLosses = (): Losses => ({
  note: (field, action) => {
    throw unsupportedField(field, `would be ${action} for this model, and strict_translation is on`);
  },
});
