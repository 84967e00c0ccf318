import { findJson, findNumber, findObject, findString } from '../kernel/json.ts';
import type { Json, JsonObject } from '../kernel/json.ts';
import type { Secret } from '../kernel/secret.ts';
import { findTime } from './tokens.ts';

/** What an access token says of itself, unverified: good for planning and labels, never for trust. */
export interface Claims {
  /** Unix milliseconds. */
  readonly expiresAt?: number;
  /** Unix milliseconds. */
  readonly issuedAt?: number;
  readonly email?: string;
  /** The WorkOS organisation, `org_…`. */
  readonly organizationId?: string;
  /** The person, `user_…`. */
  readonly userId?: string;
  /** One log-in of that person, `session_…`; refreshes stay in it. */
  readonly sessionId?: string;
}

/** The claims of a JSON web token; empty when it is none. */
export function readClaims(token: Secret): Claims {
  const claims = findPayload(token.reveal());
  const expiresAt = findMoment(claims?.['exp']);
  const issuedAt = findMoment(claims?.['iat']);
  return {
    ...(expiresAt !== undefined && { expiresAt }),
    ...(issuedAt !== undefined && { issuedAt }),
    ...readOwner(claims),
  };
}

function readOwner(claims: JsonObject | undefined): Claims {
  const email = findString(claims?.['email']);
  const organizationId = findString(claims?.['org_id']);
  const userId = findString(claims?.['sub']);
  const sessionId = findString(claims?.['sid']);
  return {
    ...(email !== undefined && { email }),
    ...(organizationId !== undefined && { organizationId }),
    ...(userId !== undefined && { userId }),
    ...(sessionId !== undefined && { sessionId }),
  };
}

function findPayload(token: string): JsonObject | undefined {
  const [, payload, signature] = token.split('.');
  if (payload === undefined || signature === undefined) return undefined;
  return findObject(findJson(Buffer.from(payload, 'base64url').toString('utf8')));
}

/** A claim in Unix seconds, as milliseconds. */
function findMoment(claim: Json | undefined): number | undefined {
  const seconds = findNumber(claim);
  return seconds === undefined ? undefined : findTime(seconds * 1000);
}
