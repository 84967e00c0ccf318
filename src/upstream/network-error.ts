import { GatewayError } from '../kernel/gateway-error.ts';

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refused the connection',
  ECONNRESET: 'reset the connection before it answered',
  EPIPE: 'closed the connection before it answered',
  ENOTFOUND: 'could not be found (DNS)',
  EAI_AGAIN: 'could not be found (DNS is not answering)',
  ETIMEDOUT: 'did not answer in time',
  EHOSTUNREACH: 'cannot be reached from here',
  ENETUNREACH: 'cannot be reached from here',
  CERT_HAS_EXPIRED: 'has an expired certificate',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'has a self-signed certificate',
  SELF_SIGNED_CERT_IN_CHAIN: 'has a self-signed certificate in its chain',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'has a certificate that cannot be verified',
  ERR_TLS_CERT_ALTNAME_INVALID: 'has a certificate for another host',
};

/** The error code of a failed socket, `''` when there is none. */
export const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

/** A failure to reach the upstream or its proxy, in words a client may read: no host, address or password. */
export function networkError(what: 'upstream' | 'proxy', error: unknown): GatewayError {
  const code = codeOf(error);
  const words =
    WORDS[code] ??
    (code.startsWith('HPE_') ? 'does not answer in HTTP' : 'closed the connection or could not be reached');
  return new GatewayError(code === 'ETIMEDOUT' ? 'timeout' : 'bad-upstream', `the ${what} ${words}`, {
    cause: error,
  });
}
