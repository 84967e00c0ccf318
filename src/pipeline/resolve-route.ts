import type { ClientCodec, UpstreamCodec } from '../kernel/codec.ts';
import { PROTOCOL_OF } from '../kernel/settings.ts';
import type { Catalogue, Endpoint, ModelEntry, Settings } from '../kernel/settings.ts';
import type { Protocols } from '../protocols/registry.ts';
import { unknownModel } from './unknown-model.ts';

/** Where a request goes, and in which lane. */
export interface Route {
  readonly model: ModelEntry;
  readonly endpoint: Endpoint;
  readonly upstream: UpstreamCodec;
  readonly lane: 'relay' | 'translate';
}

export interface RouteDeps {
  readonly settings: Settings;
  readonly catalogue: Catalogue;
  readonly protocols: Protocols;
}

/**
 * Finds the upstream for a model id as the client wrote it.
 *
 * @throws GatewayError `not-found` naming the closest ids.
 */
export function resolveRoute(id: string, client: ClientCodec, deps: RouteDeps): Route {
  const model = deps.catalogue.find(id);
  if (model === undefined) throw unknownModel(id, deps.catalogue);
  const { upstream } = deps.protocols.byId(PROTOCOL_OF[model.type]);
  const lane = upstream.protocol === client.protocol ? 'relay' : 'translate';
  return { model, endpoint: deps.settings.endpoints[model.type], upstream, lane };
}
