import type { HeaderReader } from '../kernel/codec.ts';
import type { Ids } from '../kernel/ids.ts';
import type { Secret } from '../kernel/secret.ts';
import type { Endpoint, ModelEntry } from '../kernel/settings.ts';

/** Everything that the headers of one upstream request depend on. */
export interface HeaderInput {
  readonly model: ModelEntry;
  readonly endpoint: Endpoint;
  readonly token: Secret;
  /** The client's own headers; only a few named ones are passed on. */
  readonly client: HeaderReader;
  readonly userAgent: string;
  readonly stream: boolean;
  readonly addBetas: readonly string[];
  readonly removeBetas: readonly string[];
  /** True when the client speaks the upstream's own format, so that its version and beta headers mean something. */
  readonly sameProtocol: boolean;
  readonly ids: Ids;
}
