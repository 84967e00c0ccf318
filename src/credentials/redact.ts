import { findJson, findObject, findString } from '../kernel/json.ts';
import { maskSecrets } from '../kernel/mask-secrets.ts';
import type { Secret } from '../kernel/secret.ts';

/** The fields that RFC 6749 section 5.2 gives a token error. Everything else may quote a token and stays hidden. */
const SHOWN = ['error', 'error_description', 'error_uri'] as const;
const MAX_FIELD = 300;

export interface TokenErrorText {
  /** The `error` word (`invalid_grant`), when there is one. */
  readonly code?: string;
  /** One line that is safe for logs and clients. */
  readonly message: string;
}

/** What may be shown of a failed answer of a token endpoint; `secrets` are blotted out wherever they are quoted. */
export function describeTokenError(status: number, text: string, secrets: readonly Secret[]): TokenErrorText {
  const body = findObject(findJson(text));
  const fields = SHOWN.map((name) => findString(body?.[name]) ?? '').map((field) => redact(field, secrets));
  const [code, ...details] = fields;
  const words = [`HTTP ${status}`, code, ...details].filter((word) => word !== undefined && word !== '');
  return { message: words.join(', '), ...(code !== undefined && code !== '' && { code }) };
}

function redact(text: string, secrets: readonly Secret[]): string {
  const hidden = secrets
    .map((secret) => secret.reveal())
    .filter((word) => word !== '')
    .reduce((rest, word) => rest.replaceAll(word, '[redacted]'), text);
  return maskSecrets(hidden).replace(/\s+/g, ' ').trim().slice(0, MAX_FIELD);
}
