import type { OpaqueState } from './conversation.ts';
import { findJson, findObject, findString } from './json.ts';
import type { JsonObject } from './json.ts';
import { sha256Hex } from './sha256.ts';

/** What every carrier starts with. */
export const CARRIER_MARK = 'px1.';

/** No state of any service is this long; a longer carrier is not read. */
const MAX_CARRIER = 4 * 1024 * 1024;

const KINDS: readonly OpaqueState['kind'][] = [
  'signature',
  'redacted',
  'encrypted_content',
  'thoughtSignature',
  'none',
];

/** Reasoning that came without any state: a carrier of it says so, and holds the text to what was written. */
export const NO_STATE: OpaqueState = { issuer: '', family: '', kind: 'none', data: '' };

/**
 * Wraps opaque state of another service so that a client can echo it: `px1.` and, in base64url, who issued it and a
 * hash of the readable text it belongs to.
 */
export function createCarrier({ issuer, family, kind, data }: OpaqueState, text: string): string {
  return (
    CARRIER_MARK + toBase64Url(JSON.stringify({ i: issuer, f: family, k: kind, d: data, h: hashOf(text) }))
  );
}

/** True when a client's opaque field holds one of our carriers, whether it can be read or not. */
export const isCarrier = (value: string): boolean => value.startsWith(CARRIER_MARK);

/**
 * The state in a carrier that a client sent back; `undefined` when it is none, is damaged, or belongs to another text:
 * a signature is worth nothing beside words that it did not sign.
 */
export function readCarrier(carrier: string, text: string): OpaqueState | undefined {
  if (!isCarrier(carrier) || carrier.length > MAX_CARRIER) return undefined;
  const fields = findObject(findJson(fromBase64Url(carrier.slice(CARRIER_MARK.length))));
  return fields?.['h'] === hashOf(text) ? stateOf(fields) : undefined;
}

function stateOf(fields: JsonObject): OpaqueState | undefined {
  const [issuer, family, data] = ['i', 'f', 'd'].map((key) => findString(fields[key]));
  const kind = KINDS.find((known) => known === fields['k']);
  return issuer === undefined || family === undefined || data === undefined || kind === undefined
    ? undefined
    : { issuer, family, kind, data };
}

const hashOf = (text: string): string => sha256Hex(text).slice(0, 16);

const CHUNK = 0x8000; // arguments that one call takes safely

function toBase64Url(text: string): string {
  const bytes = new TextEncoder().encode(text);
  let binary = '';
  for (let at = 0; at < bytes.length; at += CHUNK) {
    binary += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  }
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** The text, or nothing readable when the client changed it. */
function fromBase64Url(text: string): string {
  try {
    const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
    return new TextDecoder().decode(Uint8Array.from(binary, (sign) => sign.charCodeAt(0)));
  } catch {
    return '';
  }
}
