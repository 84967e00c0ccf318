import type { HeaderInput } from './header-input.ts';

const PASSED_STAINLESS = [
  'x-stainless-arch',
  'x-stainless-lang',
  'x-stainless-os',
  'x-stainless-package-version',
  'x-stainless-retry-count',
  'x-stainless-runtime',
  'x-stainless-runtime-version',
] as const;

const ACCEPT = {
  anthropic: 'application/json',
  common: 'application/json',
  google: '*/*',
  openai: undefined,
} as const;

/** What Factory's model routes expect, by upstream type; see docs/upstream.md for what was observed and when. */
export function factoryHeaders(input: HeaderInput): Record<string, string> {
  const { model, client, token, ids } = input;
  const accept = ACCEPT[model.type];
  return {
    authorization: `Bearer ${token.reveal()}`,
    'x-factory-client': 'cli',
    'x-api-provider': model.provider,
    'x-session-id': client('x-session-id') ?? ids.uuid(),
    'x-assistant-message-id': client('x-assistant-message-id') ?? ids.uuid(),
    ...(accept !== undefined && { accept }),
    ...(model.type === 'anthropic' && anthropicExtras(input)),
    ...(model.type === 'google' ? googleExtras(input) : stainless(input)),
  };
}

function anthropicExtras({ client, stream }: HeaderInput): Record<string, string> {
  return {
    'x-api-key': 'placeholder', // the route wants the header, the bearer token is what counts
    'x-stainless-timeout': client('x-stainless-timeout') ?? '600',
    ...(stream && { 'x-stainless-helper-method': 'stream' }),
  };
}

function googleExtras({ client, userAgent }: HeaderInput): Record<string, string> {
  return {
    'x-factory-client': client('x-factory-client') ?? 'cli',
    'x-client-version': /\/(\d+\.\d+\.\d+)/.exec(userAgent)?.[1] ?? '0.84.0',
  };
}

/** What the client's own SDK says of itself; where it says nothing, what is true of this process. */
function stainless({ client }: HeaderInput): Record<string, string> {
  const own: Record<string, string> = {
    'x-stainless-arch': process.arch,
    'x-stainless-lang': 'js',
    'x-stainless-os': OS_NAMES[process.platform] ?? 'Unknown',
    'x-stainless-retry-count': '0',
    'x-stainless-runtime': 'node',
    'x-stainless-runtime-version': process.version,
  };
  const passed = PASSED_STAINLESS.map((name) => [name, client(name)] as const);
  return {
    ...own,
    ...Object.fromEntries(passed.filter((pair): pair is [(typeof pair)[0], string] => pair[1] !== undefined)),
  };
}

const OS_NAMES: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  darwin: 'MacOS',
  linux: 'Linux',
  win32: 'Windows',
  freebsd: 'FreeBSD',
};
