import type { Readiness } from './credentials/resolve-credential.ts';
import { UPSTREAM_TYPES } from './kernel/settings.ts';
import type { Settings } from './kernel/settings.ts';

/** What an owner wants to see when the gateway has started, a line each. */
export function describeStart(address: string, settings: Settings, { sources }: Readiness): string[] {
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
    `Claude Code: ANTHROPIC_BASE_URL=${address} ANTHROPIC_AUTH_TOKEN=${configured.length > 0 ? 'any' : '<your key>'} claude`,
  ];
}

/** What to tell an owner who has set keys for clients, which nothing asks for yet. */
export const warnOfUnusedKeys = (count: number): string | undefined =>
  count === 0
    ? undefined
    : 'PROXY_API_KEYS is set, but this version does not ask clients for a key: keep the port closed to others';

/** What to tell an owner whose credentials are within reach of other machines; `undefined` when they are not. */
export function warnOfExposure(host: string, { sources }: Readiness): string | undefined {
  const loopback = /^(?:localhost|127\.\d+\.\d+\.\d+|::1)$/.test(host);
  if (loopback || sources.every(({ state }) => state === 'absent')) return undefined;
  return `HOST is ${host}: whoever reaches this port uses the credentials above. Put a firewall or a proxy with a login in front.`;
}
