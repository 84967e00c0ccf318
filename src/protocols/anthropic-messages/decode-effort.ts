import type { JsonObject } from '../../kernel/json.ts';
import { optionalObject, optionalWord, pathOf } from '../../kernel/read-fields.ts';
import type { Effort } from '../../kernel/reasoning.ts';

const EFFORTS = ['low', 'medium', 'high', 'xhigh', 'max'] as const satisfies readonly Effort[];

/** The `output_config.effort` of a body or of a system message; throws `invalid-request`. */
export function decodeEffort(holder: JsonObject, at: string): Effort | undefined {
  const config = optionalObject(holder, 'output_config', at);
  return config && optionalWord(config, 'effort', pathOf(at, 'output_config'), EFFORTS);
}
