import { applyEdits, modify } from 'jsonc-parser';
import { findJson, findNumber, findObject, findString, writeJson } from '../kernel/json.ts';
import type { Json, JsonObject } from '../kernel/json.ts';
import { createSecret } from '../kernel/secret.ts';
import type { Secret } from '../kernel/secret.ts';
import { errorCode } from '../disk/disk.ts';
import type { DurableFile, HeldFile } from '../disk/durable-file.ts';
import { readClaims } from './jwt.ts';
import { findTime } from './tokens.ts';
import type { TokenPair, Tokens } from './tokens.ts';

/** What the disk says of one login; a `malformed` one comes with words for its owner. */
export type TokenReading =
  | { readonly kind: 'absent' }
  | { readonly kind: 'malformed'; readonly reason: string }
  | {
      readonly kind: 'found';
      readonly tokens: Tokens;
      readonly origin?: string;
      /** A refresh token that was spent to get here, where the place knows one. */
      readonly ancestor?: Secret;
    };

/** Where one login is kept. */
export interface TokenStore {
  /** What is there now; never rejects. */
  readonly read: () => Promise<TokenReading>;
  /** Runs `action` while no other process refreshes or writes this login. */
  readonly exclusively: <T>(action: (held: HeldTokens) => Promise<T>) => Promise<T>;
}

/** The login in the hands of the one who may change it. */
export interface HeldTokens {
  readonly read: () => Promise<TokenReading>;
  /** Resolves once the pair is on the disk. @throws Error, its message safe to show, when it cannot be. */
  readonly write: (pair: TokenPair) => Promise<void>;
}

/**
 * A file with `access_token` and `refresh_token`. All its other members stay as they are written, so that other
 * programs can share it.
 *
 * @param extraFields - members to keep beside the two tokens.
 */
export function createTokenFile(
  file: DurableFile,
  extraFields: (pair: TokenPair) => JsonObject = () => ({}),
): TokenStore {
  let lastGood: JsonText | undefined;
  const read = async (source: Pick<HeldFile, 'read'>): Promise<TokenReading> => {
    try {
      const text = await source.read();
      if (text === undefined) return { kind: 'absent' };
      const found = findJsonText(text);
      lastGood = found ?? lastGood;
      return (
        (found && readTokens(found.json)) ?? malformed(file.path, found === undefined ? NOT_JSON : NO_TOKENS)
      );
    } catch (error) {
      return malformed(file.path, `cannot be read (${errorCode(error)})`);
    }
  };
  const write = async (held: HeldFile, pair: TokenPair): Promise<void> => {
    // Someone who edits the file by hand at this moment must not cost the members that were in it.
    const before = findJsonText((await held.read()) ?? '') ?? lastGood;
    const fields = {
      access_token: pair.accessToken.reveal(),
      refresh_token: pair.refreshToken.reveal(),
      ...extraFields(pair),
    };
    await held.write(mergeFields(before, fields));
  };
  return {
    read: () => read(file),
    exclusively: (action) =>
      file.exclusively((held) => action({ read: () => read(held), write: (pair) => write(held, pair) })),
  };
}

interface JsonText {
  readonly text: string;
  readonly json: JsonObject;
}

const NOT_JSON = 'is not a JSON object';
const NO_TOKENS = 'holds neither "access_token" nor "refresh_token"';

const malformed = (path: string, fault: string): TokenReading => ({
  kind: 'malformed',
  reason: `${path} ${fault}; log in again with droid, or write {"access_token": "…", "refresh_token": "…"} into it`,
});

function findJsonText(text: string): JsonText | undefined {
  const plain = text.replace(/^\uFEFF/, '');
  const json = findObject(findJson(plain));
  return json && { text: plain, json };
}

function readTokens(json: JsonObject): TokenReading | undefined {
  const accessToken = findToken(json['access_token']);
  const refreshToken = findToken(json['refresh_token']);
  if (accessToken === undefined && refreshToken === undefined) return undefined;
  const claims = accessToken && readClaims(accessToken);
  const expiresAt = claims?.expiresAt ?? findTime(findNumber(json['expires_at']));
  const origin = findString(json['origin_sha256']);
  const tokens: Tokens = {
    ...claims,
    ...(accessToken !== undefined && { accessToken }),
    ...(refreshToken !== undefined && { refreshToken }),
    ...(expiresAt !== undefined && { expiresAt }),
  };
  return { kind: 'found', tokens, ...(origin !== undefined && { origin }) };
}

function findToken(value: Json | undefined): Secret | undefined {
  const text = findString(value)?.trim();
  return text === undefined || text === '' ? undefined : createSecret(text);
}

/** `before` with `fields` set in its text, or a new file. */
function mergeFields(before: JsonText | undefined, fields: JsonObject): string {
  if (before === undefined) return `${JSON.stringify(fields, undefined, 2)}\n`;
  const edited = Object.entries(fields).reduce(
    (text, [key, value]) =>
      applyEdits(text, modify(text, [key], value, { formattingOptions: { insertSpaces: true, tabSize: 2 } })),
    before.text,
  );
  const result = findObject(findJson(edited));
  const isSet = Object.entries(fields).every(([key, value]) => result?.[key] === value);
  return isSet ? edited : writeJson({ ...before.json, ...fields }); // a key that stands there twice
}
