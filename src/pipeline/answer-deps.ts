import type { CredentialChain } from '../credentials/resolve-credential.ts';
import type { Ids } from '../kernel/ids.ts';
import type { Clock } from '../kernel/ports.ts';
import type { RequestRecord } from '../kernel/request-record.ts';
import type { Catalogue, Settings } from '../kernel/settings.ts';
import type { Protocols } from '../protocols/registry.ts';
import type { CountTokens } from '../tokens/count-tokens.ts';
import type { Send } from '../upstream/send.ts';
import type { Pulse } from './pulse.ts';
import type { StateMemory } from './state-memory.ts';

/** What a configuration amounts to; replaced as a whole when it changes. */
export interface Running {
  readonly settings: Settings;
  readonly catalogue: Catalogue;
  readonly send: Send;
}

export interface AnswerDeps {
  /** The configuration of this moment; a request keeps the one it began with. */
  readonly running: () => Running;
  readonly protocols: Protocols;
  readonly credentials: CredentialChain;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly pulse: Pulse;
  readonly record: (record: RequestRecord) => void;
  readonly memory: StateMemory;
  readonly countTokens: CountTokens;
}
