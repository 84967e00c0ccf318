import type { Capabilities } from '../kernel/capabilities.ts';
import { CLAUDE_MODELS } from './claude-models.ts';
import { GEMINI_MODELS } from './gemini-models.ts';
import { matchesGlob } from './glob.ts';
import { GPT_MODELS } from './gpt-models.ts';
import type { ModelRule } from './model-rule.ts';
import { OPEN_MODELS } from './open-models.ts';

const RULES: readonly ModelRule[] = [...CLAUDE_MODELS, ...GPT_MODELS, ...GEMINI_MODELS, ...OPEN_MODELS];

/**
 * What is known of a model by its id: the first rule that fits, and its line as `family` where it has an issuer.
 * Empty for a model that no rule fits.
 */
export function builtInCapabilities(id: string): Capabilities {
  const line = modelLine(id);
  const rule = RULES.find(({ lines }) => lines.some((pattern) => matchesGlob(pattern, line)));
  if (rule === undefined) return {};
  const { capabilities } = rule;
  return capabilities.issuer === undefined ? capabilities : { family: line, ...capabilities };
}

/**
 * The id without what does not change the model: a vendor's path in front, the date of a snapshot, `-latest` and
 * `-fast`. Claude's versions are joined by hyphens, as in most of its ids (`claude-fable-5.1` is `claude-fable-5-1`).
 */
export function modelLine(id: string): string {
  const name = (id.toLowerCase().split('/').at(-1) ?? '').replace(
    /(?:-\d{8}|-\d{4}-\d\d-\d\d|-latest|-fast)+$/,
    '',
  );
  return name.startsWith('claude-') ? name.replace(/(?<=\d)\.(?=\d)/g, '-') : name;
}
