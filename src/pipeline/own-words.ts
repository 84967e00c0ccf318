import type { Credential } from '../credentials/credential.ts';
import { GatewayError } from '../kernel/gateway-error.ts';

/** Seconds after which a client may ask again where another account is ready now. */
const SOON_SECONDS = 1;

/**
 * What a client is told when the upstream refuses a credential that the gateway holds. That is the operator's business:
 * a 401 would send the client to a login screen that cannot help, and a 402 is only true when nothing else can pay.
 *
 * @param whyNoOther - what the chain said when another credential was looked for, where it had none.
 */
export function ownWords(
  error: GatewayError,
  credential: Credential | undefined,
  whyNoOther: GatewayError | undefined,
): GatewayError {
  if (credential?.holder !== 'gateway') return error;
  if (error.kind === 'authentication') return lastWord(whyNoOther) ?? upstreamAuth(error, credential);
  if (error.kind === 'billing') return lastWord(whyNoOther) ?? billing(error, credential, whyNoOther);
  if (error.kind === 'rate-limit') return throttled(error, whyNoOther);
  return error;
}

/** Others are throttled, so that waiting helps. */
const lastWord = (whyNoOther: GatewayError | undefined): GatewayError | undefined =>
  whyNoOther?.kind === 'rate-limit' ? whyNoOther : undefined;

function upstreamAuth(error: GatewayError, { label }: Credential): GatewayError {
  const words = error.message.replace(/\.$/, '');
  const message = `the upstream refused the gateway's credential (${label}): ${words}. Replace it, or log in again.`;
  return new GatewayError('upstream-auth', message, { code: 'upstream_auth', cause: error });
}

function billing(
  error: GatewayError,
  { isAccount, label }: Credential,
  whyNoOther: GatewayError | undefined,
): GatewayError {
  if (isAccount === true && whyNoOther === undefined) {
    const message = `the quota of ${label} is spent (${error.message}); another account is ready, ask again`;
    return new GatewayError('unavailable', message, {
      retryAfterSeconds: SOON_SECONDS,
      shouldRetry: true,
      cause: error,
    });
  }
  return new GatewayError('billing', error.message, { ...error.details, shouldRetry: false, cause: error });
}

/** A bare 429 leaves a client guessing for minutes; the cool-down that it caused is a better word. */
function throttled(error: GatewayError, whyNoOther: GatewayError | undefined): GatewayError {
  const seconds = whyNoOther?.details.retryAfterSeconds;
  if (error.details.retryAfterSeconds !== undefined || whyNoOther?.kind !== 'rate-limit') return error;
  return seconds === undefined
    ? error
    : new GatewayError('rate-limit', error.message, { ...error.details, retryAfterSeconds: seconds });
}
