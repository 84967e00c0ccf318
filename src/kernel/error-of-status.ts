import { statusOfKind } from './gateway-error.ts';
import type { ErrorKind } from './gateway-error.ts';

const BY_STATUS: Readonly<Record<number, ErrorKind>> = {
  400: 'invalid-request',
  401: 'authentication',
  402: 'billing',
  403: 'permission',
  404: 'not-found',
  408: 'timeout',
  409: 'conflict',
  413: 'too-large',
  422: 'invalid-request',
  429: 'rate-limit',
  500: 'server',
  502: 'bad-upstream',
  503: 'overloaded',
  504: 'timeout',
  524: 'timeout',
  529: 'overloaded',
};

/** What an upstream's status means when its body says nothing better. */
export function kindOfStatus(status: number): ErrorKind {
  const known = BY_STATUS[status];
  if (known !== undefined) return known;
  if (status >= 400 && status < 500) return 'invalid-request';
  return status >= 520 && status <= 523 ? 'bad-upstream' : 'server';
}

/**
 * What a failure is, by its status and what a word of its body means. A word may say more than the status (404 where
 * 400 was sent), but not that the other side is at fault; the catch-all words of a class say nothing more.
 */
export function kindOfFailure(status: number, byWord: ErrorKind | undefined): ErrorKind {
  if (status < 400) return byWord ?? 'server';
  const byStatus = kindOfStatus(status);
  if (byWord === undefined || byWord === 'invalid-request' || byWord === 'server') return byStatus;
  return isRefusal(statusOfKind(byWord)) === isRefusal(status) ? byWord : byStatus;
}

const isRefusal = (status: number): boolean => status < 500;

/** The status to pass on: a refusal of the request keeps its own number, everything else takes its kind's. */
export const passedStatus = (status: number): number | undefined =>
  status >= 400 && status < 500 && BY_STATUS[status] === undefined
    ? status
    : status === 422
      ? 422
      : undefined;
