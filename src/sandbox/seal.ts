import { createHash } from 'node:crypto';

/** Who can open a seal; a seal of one service means nothing to another. */
export type Issuer = 'anthropic' | 'openai' | 'gemini';

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32);

/** Opaque reasoning state in base64: only {@link unseal} of the same issuer opens it, and only unchanged. */
export const seal = (issuer: Issuer, text: string): string =>
  Buffer.from(`${issuer}:${digestOf(issuer + text)}:${text}`).toString('base64');

/** The text behind a seal, or `undefined` when this issuer never made it. */
export function unseal(issuer: Issuer, sealed: string): string | undefined {
  const [, name, digest, text = ''] =
    /^(\w+):([0-9a-f]{32}):([^]*)$/.exec(Buffer.from(sealed, 'base64').toString('utf8')) ?? [];
  return name === issuer && digest === digestOf(issuer + text) ? text : undefined;
}
