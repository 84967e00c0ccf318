import { maskSecrets } from '../kernel/mask-secrets.ts';
import type { Logger } from '../kernel/ports.ts';
import type { ClientCall, ClientResponse } from './client-call.ts';
import type { Outgoing } from './outgoing.ts';

const MAX_LOGGED_BYTES = 64 * 1024;

/** What bodies look like in the log of `dev_mode`: masked, and cut when they are long. */
const bodyText = (chunks: readonly Uint8Array[]): string =>
  maskSecrets(Buffer.concat(chunks).toString('utf8', 0, MAX_LOGGED_BYTES));

/** Logs the request body, and the answer when it is over. */
export function withBodyLog(call: ClientCall): ClientCall {
  const { log, path, response } = call;
  const readBody = async (): Promise<Uint8Array> => {
    const body = await call.readBody();
    log.info({ body: bodyText([body]) }, `${path} request body`);
    return body;
  };
  return { ...call, readBody, response: watchAnswer(response, log, path) };
}

/** Logs what goes upstream. */
export const logOutgoing = (log: Logger, { chunks }: Outgoing, href: string): void =>
  log.info({ body: bodyText(chunks) }, `upstream body for ${href}`);

function watchAnswer(response: ClientResponse, log: Logger, path: string): ClientResponse {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const keep = (data: string | Uint8Array | undefined): void => {
    if (data === undefined || size > MAX_LOGGED_BYTES) return;
    const bytes = Buffer.from(data);
    size += bytes.byteLength;
    chunks.push(bytes);
  };
  const tell = (): void => log.info({ body: bodyText(chunks) }, `${path} answer body`);
  return {
    ...response,
    write: (data) => {
      keep(data);
      return response.write(data);
    },
    end: (data) => {
      keep(data);
      tell();
      response.end(data);
    },
    cut: () => {
      tell();
      response.cut();
    },
  };
}
