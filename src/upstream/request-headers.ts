import type { HeaderReader } from '../kernel/codec.ts';
import { joinBetas } from './betas.ts';
import { factoryHeaders } from './factory-headers.ts';
import type { HeaderInput } from './header-input.ts';

const DEFAULT_ANTHROPIC_VERSION = '2023-06-01';

/** The headers of one upstream request, except its length. */
export function requestHeaders(input: HeaderInput): Record<string, string> {
  const headers = input.endpoint.flavor === 'factory' ? factoryHeaders(input) : vendorHeaders(input);
  return {
    ...headers,
    ...(input.model.type === 'anthropic' && anthropicHeaders(input)),
    ...traceHeaders(input.client),
    'content-type': 'application/json',
    'user-agent': input.endpoint.flavor === 'factory' ? input.userAgent : 'droid2api',
  };
}

/** The format's own way to present a key, for a vendor's service or a local model server. */
function vendorHeaders({ model, token }: HeaderInput): Record<string, string> {
  if (model.type === 'anthropic') return { 'x-api-key': token.reveal() };
  if (model.type === 'google') return { 'x-goog-api-key': token.reveal() };
  return { authorization: `Bearer ${token.reveal()}` };
}

function anthropicHeaders(input: HeaderInput): Record<string, string> {
  const { client, sameProtocol, addBetas, removeBetas } = input;
  const version = sameProtocol ? client('anthropic-version') : undefined;
  const betas = joinBetas(sameProtocol ? client('anthropic-beta') : undefined, addBetas, removeBetas);
  return {
    'anthropic-version': version ?? DEFAULT_ANTHROPIC_VERSION,
    ...(betas !== undefined && { 'anthropic-beta': betas }),
  };
}

/** W3C trace context belongs to the caller's own monitoring and is passed on. */
function traceHeaders(client: HeaderReader): Record<string, string> {
  const parent = client('traceparent');
  const state = client('tracestate');
  return {
    ...(parent !== undefined && { traceparent: parent }),
    ...(state !== undefined && { tracestate: state }),
  };
}
