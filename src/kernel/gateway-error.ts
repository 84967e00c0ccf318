/** Every way a request can fail, with the HTTP status it has unless something more exact is known. */
const STATUS = {
  'invalid-request': 400,
  'context-length': 400,
  'content-policy': 400,
  authentication: 401,
  billing: 402,
  permission: 403,
  'not-found': 404,
  conflict: 409,
  'too-large': 413,
  'rate-limit': 429,
  overloaded: 503,
  timeout: 504,
  server: 500,
  'bad-upstream': 502,
  'stream-cut': 502,
  'upstream-auth': 502,
  unavailable: 503,
  cancelled: 499,
} as const;

export type ErrorKind = keyof typeof STATUS;

export const ERROR_KINDS = Object.keys(STATUS) as readonly ErrorKind[];

/** The HTTP status of a kind when nothing more exact is known. */
export const statusOfKind = (kind: ErrorKind): number => STATUS[kind];

export interface ErrorDetails {
  /** The status to answer with, where the upstream's own says more than the kind (422, 405). */
  readonly status?: number;
  /** A machine-readable code of the upstream or of ours (`context_length_exceeded`). */
  readonly code?: string;
  /** The field that is at fault, as a path into the client's body. */
  readonly param?: string;
  /** Seconds that the client should wait. */
  readonly retryAfterSeconds?: number;
  /** What an official SDK should do, whatever it thinks of the status. */
  readonly shouldRetry?: boolean;
  /** The model slipped before it said anything: the same request may well succeed at once. */
  readonly mayRepeat?: boolean;
  /** A fault of the gateway or of its proxy: neither the upstream nor whoever pays had a part in it. */
  readonly isBlameless?: boolean;
  /** For the log only. */
  readonly cause?: unknown;
}

/** A failure the client may read: `message` is safe to show, `cause` is for the log only. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError';
  readonly kind: ErrorKind;
  readonly status: number;
  readonly details: ErrorDetails;

  constructor(kind: ErrorKind, message: string, details: ErrorDetails = {}) {
    super(message, { cause: details.cause });
    this.kind = kind;
    this.status = details.status ?? STATUS[kind];
    this.details = details;
  }
}

/** A request that is wrong at `param`; the message names the field first. */
export const invalidField = (param: string, message: string, code = 'invalid_value'): GatewayError =>
  new GatewayError('invalid-request', `${param}: ${message}`, { param, code });

/** A request that asks for what its target cannot do. */
export const unsupportedField = (param: string, message: string): GatewayError =>
  invalidField(param, message, 'unsupported_parameter');
