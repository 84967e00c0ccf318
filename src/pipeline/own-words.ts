import type { Credential } from '../credentials/credential.ts';
import { faultOf } from '../credentials/fault.ts';
import { kindOfStatus } from '../kernel/error-of-status.ts';
import { GatewayError } from '../kernel/gateway-error.ts';

/** Seconds after which a client may ask again where another account is ready now. */
const SOON_SECONDS = 1;

/** What these refuse is the request, whatever word their bodies use for it. */
const OF_THE_REQUEST: ReadonlySet<number> = new Set([403, 404, 413, 422]);

/**
 * What a client is told when the upstream refuses a credential that the gateway holds. That is the operator's business:
 * a 401 would send the client to a login screen that cannot help, and a 402 is only true when nothing else can pay.
 *
 * @param whyNoOther - what the chain said when another credential was looked for, where it had none.
 * @param status - the upstream's own, where the refusal came with one.
 */
export function ownWords(
  error: GatewayError,
  credential: Credential | undefined,
  whyNoOther: GatewayError | undefined,
  status?: number,
): GatewayError {
  if (credential?.holder !== 'gateway' || !isOfCredential(error)) return error;
  if (status !== undefined && OF_THE_REQUEST.has(status)) return refusedRequest(error, status);
  if (error.kind === 'rate-limit') return throttled(error, whyNoOther);
  const word = lastWord(whyNoOther);
  if (word !== undefined) return word;
  if (error.kind === 'authentication') return upstreamAuth(error, credential);
  const isParked = credential.isAccount === true && faultOf(error, status) !== undefined;
  return isParked ? (whyNoOther ?? askAgain(error, credential)) : spent(error);
}

const refusedRequest = (error: GatewayError, status: number): GatewayError =>
  new GatewayError(kindOfStatus(status), error.message, { ...error.details, status, cause: error });

const isOfCredential = ({ kind }: GatewayError): boolean =>
  kind === 'authentication' || kind === 'billing' || kind === 'rate-limit';

/** Others are throttled or being tried, so that waiting helps; or the quota of all is spent, and the first to be back is known. */
const lastWord = (whyNoOther: GatewayError | undefined): GatewayError | undefined =>
  whyNoOther?.kind === 'billing' || whyNoOther?.details.retryAfterSeconds !== undefined
    ? whyNoOther
    : undefined;

function upstreamAuth(error: GatewayError, { label }: Credential): GatewayError {
  const words = error.message.replace(/\.$/, '');
  const message = `the upstream refused the gateway's credential (${label}): ${words}. Replace it, or log in again.`;
  return new GatewayError('upstream-auth', message, { code: 'upstream_auth', cause: error });
}

function askAgain(error: GatewayError, { label }: Credential): GatewayError {
  const message = `the quota of ${label} is spent (${error.message}); another account is ready, ask again`;
  return new GatewayError('unavailable', message, {
    retryAfterSeconds: SOON_SECONDS,
    shouldRetry: true,
    cause: error,
  });
}

const spent = (error: GatewayError): GatewayError =>
  new GatewayError('billing', error.message, { ...error.details, shouldRetry: false, cause: error });

/** A client is told when the first account is back: not nothing, and not how long this one stays away. */
function throttled(error: GatewayError, whyNoOther: GatewayError | undefined): GatewayError {
  const { retryAfterSeconds = Infinity } = error.details;
  const soonest = whyNoOther?.details.retryAfterSeconds ?? Infinity;
  if (soonest >= retryAfterSeconds) return error;
  return new GatewayError('rate-limit', error.message, { ...error.details, retryAfterSeconds: soonest });
}
