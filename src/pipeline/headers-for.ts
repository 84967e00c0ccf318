import type { Ids } from '../kernel/ids.ts';
import type { Secret } from '../kernel/secret.ts';
import type { Settings } from '../kernel/settings.ts';
import { requestHeaders } from '../upstream/request-headers.ts';
import type { ClientCall, HeaderMap } from './client-call.ts';
import type { Outgoing } from './outgoing.ts';
import type { Route } from './resolve-route.ts';

interface HeadersInput {
  readonly route: Route;
  readonly outgoing: Outgoing;
  readonly stream: boolean;
}

/** The upstream headers of one request for whichever token an attempt has; session and message ids stay the same. */
export function headersFor(
  { header }: ClientCall,
  settings: Settings,
  ids: Ids,
  { route, outgoing, stream }: HeadersInput,
): (token: Secret) => HeaderMap {
  const made = new Map([
    ['x-session-id', ids.uuid()],
    ['x-assistant-message-id', ids.uuid()],
  ]);
  return (token) =>
    requestHeaders({
      model: route.model,
      endpoint: route.endpoint,
      token,
      client: (name) => header(name) ?? made.get(name),
      userAgent: settings.userAgent,
      stream: stream || route.lane === 'translate',
      addBetas: outgoing.addBetas,
      removeBetas: outgoing.removeBetas,
      sameProtocol: route.lane === 'relay',
      ids,
    });
}
