import { GatewayError } from '../kernel/gateway-error.ts';

/** The proxy failed, not the upstream behind it: the request may go on over another road. */
export class ProxyFailure extends Error {
  override readonly name = 'ProxyFailure';
  /** What the client reads when no road is left. */
  readonly shown: GatewayError;

  constructor(shown: GatewayError) {
    super(shown.message, { cause: shown.cause });
    this.shown = new GatewayError(shown.kind, shown.message, { ...shown.details, isBlameless: true });
  }
}

/** A reused connection was closed before the first byte of the answer: nothing can have been read from it. */
export class StaleSocket extends Error {
  override readonly name = 'StaleSocket';
}
