import { GatewayError } from '../kernel/gateway-error.ts';
import type { Catalogue } from '../kernel/settings.ts';

const SUGGESTIONS = 3;

/** The 404 for an id that is not configured; it names the configured ids most like it. */
export function unknownModel(id: string, catalogue: Catalogue): GatewayError {
  const closest = catalogue.closest(id, SUGGESTIONS);
  const hint = closest.length === 0 ? '' : `; closest configured ids: ${closest.join(', ')}`;
  return new GatewayError('not-found', `model ${JSON.stringify(id.slice(0, 200))} is not configured${hint}`, {
    param: 'model',
    code: 'model_not_found',
  });
}
