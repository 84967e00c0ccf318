import { maskSecrets } from '../kernel/mask-secrets.ts';

/** The part of a zod issue that a sentence needs; `message` says what was expected ("one of low, high"). */
export interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly input?: unknown;
}

const MAX_SHOWN = 60;

/** `models[2].reasoning: "hgih" is not one of auto, off`; with `hidden` the value itself stays untold. */
export function describeIssue(issue: Issue, hidden = false): string {
  const path = pathText(issue.path);
  if (issue.input === undefined) return `${path}: missing, expected ${issue.message}`;
  return `${path}: ${hidden ? 'the value' : shown(issue.input)} is not ${issue.message}`;
}

/** A path as one would type it: `models[2].id`, `model_redirects["claude-*"]`. */
export function pathText(path: readonly PropertyKey[]): string {
  if (path.length === 0) return '(top level)';
  const text = path.map((step) => {
    if (typeof step === 'number') return `[${step}]`;
    const key = String(step);
    return /^\w+$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
  });
  return text.join('').replace(/^\./, '');
}

/** A value short enough for one line, without passwords that may stand in an address. */
function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = maskSecrets(JSON.stringify(value));
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}
