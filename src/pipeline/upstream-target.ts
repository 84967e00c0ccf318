import { parseTarget } from '../upstream/target.ts';
import type { Target } from '../upstream/target.ts';
import type { Route } from './resolve-route.ts';

/** The address of one request; `query` is the client's, kept where it speaks the upstream's own format. */
export function targetOf({ model, endpoint, lane }: Route, suffix: string, query: string): Target {
  if (model.type === 'google' && endpoint.flavor === 'vendor') {
    return parseTarget(
      endpoint.baseUrl,
      `/models/${encodeURIComponent(model.id)}:streamGenerateContent`,
      'alt=sse',
    );
  }
  return parseTarget(endpoint.baseUrl, suffix, lane === 'relay' ? query : '');
}
