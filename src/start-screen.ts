import type { Readiness } from './credentials/resolve-credential.ts';
import { UPSTREAM_TYPES } from './kernel/settings.ts';
import type { Settings } from './kernel/settings.ts';

/** What an owner wants to see when the gateway has started, a line each. */
export function describeStart(
  address: string,
  settings: Settings,
  { sources }: Readiness,
  keyNames: readonly string[],
): string[] {
  const counts = UPSTREAM_TYPES.map(
    (type) => [type, settings.models.filter((model) => model.type === type).length] as const,
  );
  const configured = sources.filter(({ state }) => state !== 'absent').map(({ name }) => name);
  return [
    `droid2api listens on ${address}`,
    `Models: ${counts.map(([type, count]) => `${count} ${type}`).join(', ')}`,
    configured.length > 0
      ? `Credentials, in order: ${configured.join(', ')}`
      : 'Credentials: none configured, so every client sends its own key (Authorization or x-api-key)',
    settings.proxies.length > 0
      ? `Proxies, in turn: ${settings.proxies.map(({ name }) => name).join(', ')}`
      : 'Proxies: none',
    keyNames.length > 0
      ? `Clients show one of ${keyNames.length} keys: ${keyNames.join(', ')}`
      : 'Clients are asked for no key',
    `Claude Code: ANTHROPIC_BASE_URL=${address} ANTHROPIC_AUTH_TOKEN=${tokenFor(configured.length > 0, keyNames)} claude`,
  ];
}

const tokenFor = (isCovered: boolean, keyNames: readonly string[]): string => {
  if (keyNames.length > 0) return '<a key of PROXY_API_KEYS>';
  return isCovered ? 'any' : '<your key>';
};

/** What to tell an owner whose credentials are within reach of other machines; `undefined` when they are not. */
export function warnOfExposure(
  host: string,
  { sources }: Readiness,
  asksForKeys: boolean,
): string | undefined {
  const loopback = /^(?:localhost|127\.\d+\.\d+\.\d+|::1)$/.test(host);
  if (loopback || asksForKeys || sources.every(({ state }) => state === 'absent')) return undefined;
  return `HOST is ${host}: whoever reaches this port uses the credentials above. Set PROXY_API_KEYS.`;
}
