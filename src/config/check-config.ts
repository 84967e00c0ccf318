import { findObject, findString, listOf } from '../kernel/json.ts';
import type { Settings } from '../kernel/settings.ts';
import { buildSettings } from './build-settings.ts';
import { configSchema } from './config-schema.ts';
import type { Config } from './config-schema.ts';
import { checkProxies } from './check-proxies.ts';
import { describeIssue, pathText } from './describe-issue.ts';
import type { Issue } from './describe-issue.ts';

/** The settings of a configuration, or every mistake in it; each sentence begins with the path it is about. */
export type ConfigResult =
  | { readonly ok: true; readonly settings: Settings; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly mistakes: readonly string[]; readonly warnings: readonly string[] };

/** Checks what `config.json` says; knows nothing of files and the environment. */
export function checkConfig(value: unknown): ConfigResult {
  const shape = checkShape(value);
  const mistakes = [
    ...shape.mistakes,
    ...findDuplicates(value, 'models', 'id'),
    ...findDuplicates(value, 'endpoint', 'name'),
  ];
  if (shape.config === undefined || mistakes.length > 0) {
    return { ok: false, mistakes, warnings: shape.warnings };
  }
  const proxies = checkProxies(shape.config.proxies);
  return {
    ok: true,
    settings: buildSettings(shape.config, proxies.entries),
    warnings: [...shape.warnings, ...proxies.warnings, ...modelWarnings(shape.config)],
  };
}

interface Shape {
  readonly config?: Config;
  readonly mistakes: readonly string[];
  readonly warnings: readonly string[];
}

function checkShape(value: unknown): Shape {
  const first = configSchema.safeParse(value, { reportInput: true });
  if (first.success) return { config: first.data, mistakes: [], warnings: [] };
  const unknown = first.error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : [],
  );
  const wrong = first.error.issues.filter((issue) => issue.code !== 'unrecognized_keys');
  const warnings = unknown.map((path) => `${pathText(path)}: unknown key, ignored`);
  if (wrong.length > 0) return { mistakes: [...new Set(wrong.map(describe))], warnings };
  return { config: configSchema.parse(without(value, unknown)), mistakes: [], warnings };
}

/** Below `proxies` a value may hold a password, even where it is out of place. */
const describe = (issue: Issue): string => describeIssue(issue, issue.path[0] === 'proxies');

/** A copy of `value` that lacks what stands at these paths. */
function without(value: unknown, paths: readonly (readonly PropertyKey[])[]): unknown {
  if (paths.length === 0 || typeof value !== 'object' || value === null) return value;
  const below = (key: PropertyKey) => paths.filter((path) => path[0] === key).map((path) => path.slice(1));
  if (Array.isArray(value)) return value.map((item: unknown, index) => without(item, below(index)));
  const kept = Object.entries(value).filter(([key]) => !below(key).some((rest) => rest.length === 0));
  return Object.fromEntries(kept.map(([key, member]) => [key, without(member, below(key))]));
}

/** Entries of a list that claim what an earlier one has; read from the raw value, to be told with all else. */
function findDuplicates(value: unknown, list: 'models' | 'endpoint', key: string): string[] {
  const claims = listOf(findObject(value)?.[list]).map((entry) => findString(findObject(entry)?.[key]));
  return claims.flatMap((claim, index) => {
    const first = claims.indexOf(claim);
    if (claim === undefined || first === index) return [];
    return [`${list}[${index}].${key}: ${JSON.stringify(claim)} is already taken by ${list}[${first}]`];
  });
}

function modelWarnings({ models, model_redirects: redirects }: Config): string[] {
  const ids = new Set(models.map(({ id }) => id));
  const astray = Object.entries(redirects).filter(([, target]) => !ids.has(target));
  return [
    ...(models.length === 0 ? ['models: the list is empty, every request will be answered with 404'] : []),
    ...astray.map(
      ([key, target]) =>
        `${pathText(['model_redirects', key])}: ${JSON.stringify(target)} is not a configured model`,
    ),
  ];
}
