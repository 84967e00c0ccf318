import { invalidField } from '../../kernel/gateway-error.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { pathOf, requireString } from '../../kernel/read-fields.ts';

/** The text of a member that names something; throws `invalid-request` when it is not there or empty. */
export function requireName(parent: JsonObject, key: string, at: string): string {
  const name = requireString(parent, key, at);
  if (name === '') throw invalidField(pathOf(at, key), 'must not be empty');
  return name;
}
