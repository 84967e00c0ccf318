import { createLossLog } from '../kernel/losses.ts';
import type { ScannedObject } from '../kernel/json-scan.ts';
import type { Settings } from '../kernel/settings.ts';
import type { ClientCall } from './client-call.ts';
import { relayOutgoing, translateOutgoing } from './outgoing.ts';
import type { Outgoing } from './outgoing.ts';
import type { Recall } from '../fitting/recall-state.ts';
import type { Route } from './resolve-route.ts';
import { sideRouteOf } from './side-routes.ts';
import { createStrictLosses } from './strict-losses.ts';

/** A request ready to be sent, and what was lost on the way there. */
export interface Prepared {
  readonly outgoing: Outgoing;
  /** What the upstream's address has behind that of its main route. */
  readonly suffix: string;
  /** The value of `x-translation-notes`; empty when nothing was lost. */
  readonly notes: string;
}

/**
 * Writes the request for its upstream, in the lane that its route names.
 *
 * @throws GatewayError `invalid-request` naming the client's field.
 */
export function prepare(
  call: ClientCall,
  scanned: ScannedObject,
  route: Route,
  { settings, recall }: { readonly settings: Settings; readonly recall: Recall },
): Prepared {
  const side = sideRouteOf(call);
  const losses = createLossLog();
  const input = {
    route,
    settings,
    losses: settings.strictTranslation ? createStrictLosses(losses) : losses,
    editLosses: losses,
    recall,
    ...(side !== undefined && { editable: side.editable }),
  };
  const outgoing =
    route.lane === 'relay'
      ? relayOutgoing(scanned, input)
      : translateOutgoing(scanned.bytes, call.codec, input);
  return { outgoing, suffix: side?.suffix ?? '', notes: losses.summary() };
}
