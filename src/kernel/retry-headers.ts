import type { ErrorKind, GatewayError } from './gateway-error.ts';

/** Asking again brings the same answer. */
const FINAL: ReadonlySet<ErrorKind> = new Set(['billing', 'context-length', 'invalid-request']);

/** The headers that tell a client of any dialect whether and when to ask again; all official SDKs obey them. */
export function retryHeaders({ kind, details }: GatewayError): Readonly<Record<string, string>> {
  const { retryAfterSeconds } = details;
  const retry = details.shouldRetry ?? (FINAL.has(kind) ? false : undefined);
  return {
    ...(retryAfterSeconds !== undefined && { 'retry-after': String(retryAfterSeconds) }),
    ...(retry !== undefined && { 'x-should-retry': String(retry) }),
  };
}
