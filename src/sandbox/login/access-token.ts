import { findJson, findNumber, findObject, findString } from '../../kernel/json.ts';
import type { JsonObject } from '../../kernel/json.ts';

const encode = (value: JsonObject): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A JWT that nobody signed: well formed, and worth nothing anywhere else. */
export const createAccessToken = (claims: JsonObject): string =>
  `${encode({ alg: 'none', typ: 'JWT' })}.${encode(claims)}.${Buffer.from('sandbox').toString('base64url')}`;

/** The Unix second after which a JWT is no longer good; `undefined` for a key that is no JWT. */
export const findExpiry = (token: string): number | undefined => findNumber(findClaims(token)?.['exp']);

/** Whose token it is; `undefined` for a key that is no JWT. */
export const findEmail = (token: string): string | undefined => findString(findClaims(token)?.['email']);

function findClaims(token: string): JsonObject | undefined {
  const [, claims = ''] = token.split('.');
  return findObject(findJson(Buffer.from(claims, 'base64url').toString('utf8')));
}
