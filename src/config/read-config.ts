import { readFileSync } from 'node:fs';
import { checkConfig } from './check-config.ts';
import type { ConfigResult } from './check-config.ts';
import { parseJsonc } from './parse-jsonc.ts';

/**
 * Reads and checks a configuration file. One that is missing is a mistake when it is `required`, else it means the
 * built-in defaults, with a warning. Never throws.
 */
export function loadConfig(path: string, { required }: { readonly required: boolean }): ConfigResult {
  const file = readText(path);
  if (file.text !== undefined) return checkText(file.text);
  if (file.code !== 'ENOENT')
    return { ok: false, mistakes: [`${path}: cannot be read (${file.code})`], warnings: [] };
  if (required) return { ok: false, mistakes: [`${path}: there is no such file`], warnings: [] };
  const defaults = checkConfig({});
  const warning = `${path}: there is no such file, the built-in defaults are used`;
  return { ...defaults, warnings: [warning, ...defaults.warnings] };
}

function checkText(text: string): ConfigResult {
  const parsed = parseJsonc(text);
  return parsed.ok ? checkConfig(parsed.value) : { ok: false, mistakes: parsed.mistakes, warnings: [] };
}

function readText(path: string): { text: string } | { text?: undefined; code: string } {
  try {
    return { text: readFileSync(path, 'utf8') };
  } catch (error) {
    return { code: (error as NodeJS.ErrnoException).code ?? 'unknown error' };
  }
}
