import type { Capabilities } from './capabilities.ts';
import type { ProtocolId } from './conversation.ts';
import type { ReasoningLevel } from './reasoning.ts';
import type { Secret } from './secret.ts';

/** The words of `config.json` for the four upstream formats. */
export const UPSTREAM_TYPES = ['anthropic', 'openai', 'common', 'google'] as const;
export type UpstreamType = (typeof UPSTREAM_TYPES)[number];

/** The wire format behind each type. */
export const PROTOCOL_OF: Readonly<Record<UpstreamType, ProtocolId>> = {
  anthropic: 'anthropic-messages',
  openai: 'openai-responses',
  common: 'openai-chat',
  google: 'google-generate',
};

/** The two allowances of a Factory account: `standard` for the large vendors' models, `core` for open ones. */
export type ModelPool = 'standard' | 'core';

/** One model of the catalogue. */
export interface ModelEntry {
  /** The id that clients send and the upstream knows. */
  readonly id: string;
  readonly name: string;
  readonly type: UpstreamType;
  /** Goes upstream as `x-api-provider`. */
  readonly provider: string;
  /** Which allowance of an account it draws on. */
  readonly pool: ModelPool;
  readonly reasoning: ReasoningLevel;
  readonly fast: boolean;
  /** The built-in record of this model's family with the configured one over it. */
  readonly capabilities: Capabilities;
}

/** Where requests of one type go. */
export interface Endpoint {
  /** The whole address of the route, `https://host/v1/messages`. */
  readonly baseUrl: string;
  /**
   * `factory`: Factory's headers and a bearer token, whatever the type. `vendor`: the format's own authentication
   * header and nothing of Factory's.
   */
  readonly flavor: 'factory' | 'vendor';
}

export interface ProxyEntry {
  readonly name: string;
  /** May hold user and password, so it is a secret. */
  readonly url: Secret;
}

/** A key that clients present. */
export interface AccessKey {
  /** Tells it from the others in logs; never the key. */
  readonly name: string;
  readonly key: Secret;
}

/** The running configuration; every field has its default filled in. */
export interface Settings {
  readonly port: number;
  readonly modelRedirects: Readonly<Record<string, string>>;
  readonly endpoints: Readonly<Record<UpstreamType, Endpoint>>;
  readonly proxies: readonly ProxyEntry[];
  readonly models: readonly ModelEntry[];
  readonly userAgent: string;
  readonly systemPrompt: string;
  readonly devMode: boolean;
  readonly oauth: { readonly baseUrl: string; readonly clientId: string };
  readonly bodyLimitBytes: number;
  readonly timeouts: {
    readonly connectMs: number;
    readonly firstByteMs: number;
    readonly idleMs: number;
    readonly drainMs: number;
  };
  readonly heartbeatMs: number;
  readonly refreshIntervalMs: number;
  /** `conversation`: requests of one conversation stay with one account while that is healthy. */
  readonly accountAffinity: 'off' | 'conversation';
  readonly corsOrigins: readonly string[];
  readonly strictTranslation: boolean;
}

/** The models on offer, and how a client's word for one is understood. */
export interface Catalogue {
  readonly list: () => readonly ModelEntry[];
  /** The model that this id names, directly or by a redirect. */
  readonly find: (id: string) => ModelEntry | undefined;
  /** The configured ids most like this one, best first, at most `count`. */
  readonly closest: (id: string, count: number) => readonly string[];
}
