import { unsupportedField } from '../kernel/gateway-error.ts';
import type { LossLog } from '../kernel/losses.ts';

/** Under strict translation a loss is not noted but refused, naming the field. */
export const createStrictLosses = (): LossLog => ({
  note: (field, action) => {
    throw unsupportedField(field, `would be ${action} for this model, and strict_translation is on`);
  },
  summary: () => '',
});
