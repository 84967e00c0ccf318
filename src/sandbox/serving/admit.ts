import { findExpiry } from '../login/access-token.ts';
import { Refusal } from '../refusal.ts';
import { factoryEnvelope } from './envelope.ts';
import type { Visit } from './visit.ts';

/** @throws Refusal 401 without a Bearer token, or with one that has expired. */
export function requireBearer(visit: Visit): void {
  const token = /^Bearer (.+)$/i.exec(visit.header('authorization') ?? '')?.[1];
  if (token === undefined) refuse(401, 'Unauthorized', 'No Bearer token was sent.');
  const expiresAt = findExpiry(token);
  if (expiresAt !== undefined && expiresAt * 1000 <= visit.now) {
    refuse(401, 'Unauthorized', 'The access token has expired.');
  }
}

/** @throws Refusal 401 as {@link requireBearer}, 400 without `x-api-provider`. */
export function requireFactoryHeaders(visit: Visit): void {
  requireBearer(visit);
  if (visit.header('x-api-provider') === undefined) {
    refuse(400, 'Bad Request', 'The header x-api-provider is required.');
  }
}

/** @throws Refusal 403 without any key, in Google's words. */
export function requireGoogleKey(visit: Visit): void {
  const key = visit.header('x-goog-api-key') ?? visit.header('authorization');
  if (key !== undefined) return;
  const message =
    "Method doesn't allow unregistered callers. Please use API Key or other form of API consumer identity.";
  throw new Refusal(403, { error: { code: 403, message, status: 'PERMISSION_DENIED' } });
}

function refuse(status: number, title: string, detail: string): never {
  throw new Refusal(status, factoryEnvelope(status, title, detail));
}
