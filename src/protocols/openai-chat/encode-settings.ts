import type { EncodeContext } from '../../kernel/codec.ts';
import type { NamedField } from '../../kernel/field-names.ts';
import type { Json, JsonObject } from '../../kernel/json.ts';

/** A wish that becomes one member of the body, or is a hint that can be lost. */
export interface Setting {
  /** The member's name. */
  readonly key: string;
  readonly field: NamedField;
  readonly value: Json | undefined;
  /** False: this model or vendor refuses the member. */
  readonly taken: boolean | undefined;
}

/** The members that are wished and taken; those that are wished and refused are noted. */
export function encodeSettings(settings: readonly Setting[], { losses, names }: EncodeContext): JsonObject {
  const wished = settings.filter(({ value }) => value !== undefined);
  for (const { field, taken } of wished) if (taken === false) losses.note(names[field], 'dropped');
  return Object.fromEntries(
    wished.filter(({ taken }) => taken !== false).map(({ key, value }) => [key, value]),
  );
}
