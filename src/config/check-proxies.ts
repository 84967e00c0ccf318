import { createSecret } from '../kernel/secret.ts';
import type { ProxyEntry } from '../kernel/settings.ts';
import type { Config } from './config-schema.ts';

interface CheckedProxies {
  readonly entries: readonly ProxyEntry[];
  readonly warnings: readonly string[];
}

/** Keeps the proxies that can be used; each other one is named in a warning, its address never. */
export function checkProxies(proxies: Config['proxies']): CheckedProxies {
  const checked = proxies.map(({ name, url }, index) => {
    const known = name ?? `proxy-${index + 1}`;
    const fault = faultOf(url);
    return fault === undefined
      ? { entry: { name: known, url: createSecret(url) } }
      : { warning: `proxies[${index}] (${known}): ${fault}, the entry is skipped` };
  });
  const entries = checked.flatMap(({ entry }) => entry ?? []);
  const warnings = checked.flatMap(({ warning }) => warning ?? []);
  const direct = proxies.length > 0 && entries.length === 0;
  return {
    entries,
    warnings: direct ? [...warnings, 'proxies: none is usable, requests go out directly'] : warnings,
  };
}

function faultOf(url: string): string | undefined {
  if (!URL.canParse(url)) return 'its URL cannot be read';
  const { protocol } = new URL(url);
  const usable = protocol === 'http:' || protocol === 'https:';
  return usable ? undefined : 'its URL does not begin with http:// or https://';
}
