import { createHash, timingSafeEqual } from 'node:crypto';
import type { HeaderReader } from '../kernel/codec.ts';
import { GatewayError } from '../kernel/gateway-error.ts';
import type { AccessKey } from '../kernel/settings.ts';

/** Somebody who may use the gateway. */
interface Access {
  /** Which key they showed; absent while none is asked for. */
  readonly keyName?: string;
  /** Their headers without the key: what else they sent is theirs, for the upstream. */
  readonly header: HeaderReader;
}

export interface AccessKeys {
  /** @throws GatewayError `authentication` when a key is asked for and none of the two headers holds a valid one. */
  readonly admit: (header: HeaderReader) => Access;
  /** True when {@link admit} would not throw. */
  readonly isAdmitted: (header: HeaderReader) => boolean;
}

/** Where clients put a key, and how it is read out of there. */
const PLACES = {
  authorization: (value: string) => /^\s*bearer\s+(\S.*)$/i.exec(value)?.[1]?.trim(),
  'x-api-key': (value: string) => value.trim(),
} as const;

const NAMES = ['authorization', 'x-api-key'] as const;

/** Asks clients for one of `keys`; for none where there are none. How long that takes tells nothing about them. */
export function createAccessKeys(keys: readonly AccessKey[]): AccessKeys {
  const known = keys.map(({ name, key }) => ({ name, digest: digestOf(key.reveal()) }));
  const nameOf = (text: string): string | undefined => {
    const digest = digestOf(text);
    // All of them are compared, whichever fits.
    const [fitting] = known.filter((candidate) => timingSafeEqual(candidate.digest, digest));
    return fitting?.name;
  };
  const find = (header: HeaderReader): Access | undefined => {
    if (known.length === 0) return { header };
    for (const place of NAMES) {
      const text = PLACES[place](header(place) ?? '') ?? '';
      const keyName = text === '' ? undefined : nameOf(text);
      if (keyName !== undefined) return { keyName, header: without(header, place, nameOf) };
    }
    return undefined;
  };
  return {
    admit: (header) => {
      const access = find(header);
      if (access === undefined) throw refused(header);
      return access;
    },
    isAdmitted: (header) => find(header) !== undefined,
  };
}

/** A gateway key never goes upstream, also one that stands in both headers. */
function without(
  header: HeaderReader,
  taken: string,
  nameOf: (text: string) => string | undefined,
): HeaderReader {
  const hidden = NAMES.filter((place) => {
    const text = PLACES[place](header(place) ?? '');
    return place === taken || (text !== undefined && nameOf(text) !== undefined);
  });
  return (name) => (hidden.some((place) => place === name) ? undefined : header(name));
}

/** Of equal length, so that they can be compared in constant time. */
const digestOf = (text: string): Buffer => createHash('sha256').update(text).digest();

function refused(header: HeaderReader): GatewayError {
  const isSent = NAMES.some((place) => header(place) !== undefined);
  return new GatewayError(
    'authentication',
    isSent
      ? 'this gateway does not know that key: send one of its own as "Authorization: Bearer <key>" or "x-api-key"'
      : 'this gateway asks for a key: send it as "Authorization: Bearer <key>" or "x-api-key"',
    { code: isSent ? 'invalid_api_key' : 'missing_api_key' },
  );
}
