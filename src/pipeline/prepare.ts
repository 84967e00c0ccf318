import { createLossLog } from '../kernel/losses.ts';
import type { ScannedObject } from '../kernel/json-scan.ts';
import type { Settings } from '../kernel/settings.ts';
import type { ClientCall } from './client-call.ts';
import { relayOutgoing, translateOutgoing } from './outgoing.ts';
import type { Outgoing } from './outgoing.ts';
import type { Route } from './resolve-route.ts';
import { createStrictLosses } from './strict-losses.ts';

/** A request ready to be sent, and what was lost on the way there. */
export interface Prepared {
  readonly outgoing: Outgoing;
  /** What the upstream's address has behind that of its main route. */
  readonly suffix: string;
  /** The value of `x-translation-notes`; empty when nothing was lost. */
  readonly notes: string;
}

/** The routes of a dialect besides its main one, and the members that the operator's edits may touch there. */
const SIDE_ROUTES = [{ suffix: '/count_tokens', editable: ['model', 'system', 'thinking'] }] as const;

/**
 * Writes the request for its upstream, in the lane that its route names.
 *
 * @throws GatewayError `invalid-request` naming the client's field.
 */
export function prepare(
  call: ClientCall,
  scanned: ScannedObject,
  route: Route,
  settings: Settings,
): Prepared {
  const side = SIDE_ROUTES.find(({ suffix }) => call.path === call.codec.path + suffix);
  const losses = createLossLog();
  const input = {
    route,
    settings,
    losses: settings.strictTranslation ? createStrictLosses(losses) : losses,
    editLosses: losses,
    ...(side !== undefined && { editable: side.editable }),
  };
  const outgoing =
    route.lane === 'relay'
      ? relayOutgoing(scanned, input)
      : translateOutgoing(scanned.bytes, call.codec, input);
  return { outgoing, suffix: side?.suffix ?? '', notes: losses.summary() };
}
