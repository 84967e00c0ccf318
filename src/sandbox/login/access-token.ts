import { findJson, findNumber, findObject } from '../../kernel/json.ts';
import type { JsonObject } from '../../kernel/json.ts';

const encode = (value: JsonObject): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A JWT that nobody signed: well formed, and worth nothing anywhere else. */
export const createAccessToken = (claims: JsonObject): string =>
  `${encode({ alg: 'none', typ: 'JWT' })}.${encode(claims)}.${Buffer.from('sandbox').toString('base64url')}`;

/** The Unix second after which a JWT is no longer good; `undefined` for a key that is no JWT. */
export function findExpiry(token: string): number | undefined {
  const [, claims = ''] = token.split('.');
  return findNumber(findObject(findJson(Buffer.from(claims, 'base64url').toString('utf8')))?.['exp']);
}
