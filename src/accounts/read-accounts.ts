import type { Node } from 'jsonc-parser';
import { readClaims } from '../credentials/jwt.ts';
import { findTime } from '../credentials/tokens.ts';
import type { Tokens } from '../credentials/tokens.ts';
import { hashText } from '../disk/journal.ts';
import { findBoolean, findNumber, findString, isJsonObject } from '../kernel/json.ts';
import type { Json, JsonObject } from '../kernel/json.ts';
import { createSecret } from '../kernel/secret.ts';
import type { Secret } from '../kernel/secret.ts';
import type { Account, AccountsReading } from './account.ts';
import { jsonOf, openDocument } from './accounts-document.ts';
import type { AccountsDocument } from './accounts-document.ts';
import { compareAge } from './token-age.ts';

/** A login in its place in the file. */
export interface PlacedAccount {
  readonly account: Account;
  readonly node: Node;
  /** False for one of the same id as another entry, whose tokens are newer. */
  readonly counts: boolean;
}

/** Reads the text of an accounts file; `undefined` and a blank text are no file. Never throws. */
export function readAccounts(text: string | undefined): AccountsReading {
  if (text === undefined || isBlank(text)) return { kind: 'absent' };
  const document = openDocument(text);
  if (document.kind === 'broken') return { kind: 'malformed', reason: document.fault };
  const { placed, mistakes } = readDocument(document);
  const accounts = placed.filter(({ counts }) => counts).map(({ account }) => account);
  return { kind: 'found', accounts, mistakes };
}

/** True for a file in which there is nothing yet, such as one that was made to be mounted. */
export const isBlank = (text: string): boolean => text.replace(/^\uFEFF/, '').trim() === '';

/** All logins of a document, with those that stand there twice. */
export function readDocument(document: AccountsDocument): {
  readonly placed: readonly PlacedAccount[];
  readonly mistakes: readonly string[];
} {
  const counting = new Map<string, number>();
  const readings = document.entries.map((node) => readEntry(jsonOf(document.text, node)));
  readings.forEach((account, index) => {
    if (typeof account === 'string') return;
    const rival = readings[counting.get(account.id) ?? -1];
    if (rival === undefined || typeof rival === 'string' || compareAge(account.tokens, rival.tokens) > 0) {
      counting.set(account.id, index);
    }
  });
  const placed: PlacedAccount[] = [];
  const mistakes: string[] = [];
  document.entries.forEach((node, index) => {
    const account = readings[index];
    if (account === undefined || typeof account === 'string') {
      mistakes.push(`accounts[${index}] ${account ?? 'is nothing'}`);
      return;
    }
    const winner = counting.get(account.id) ?? index;
    placed.push({ account, node, counts: winner === index });
    if (winner !== index) mistakes.push(`accounts[${index}] has the id of accounts[${winner}], which counts`);
  });
  return { placed, mistakes };
}

/** The account that an entry describes, else what is wrong with it. The status words of other tools are not heeded. */
export function readEntry(entry: Json): Account | string {
  if (!isJsonObject(entry)) return 'is not an object';
  const wrong = findMistake(entry);
  if (wrong !== undefined) return wrong;
  const accessToken = findToken(entry['access_token']);
  const refreshToken = findToken(entry['refresh_token']);
  const holder = refreshToken ?? accessToken;
  if (holder === undefined) return 'has neither an "access_token" nor a "refresh_token"';
  const tokens = readTokens(entry, accessToken, refreshToken);
  const id = findOwnId(entry) ?? `acc_${hashText(holder.reveal()).slice(0, 16)}`;
  const enabledAt = findMoment(entry['enabled_at']);
  return {
    id,
    ...readNames(entry, tokens, id),
    tokens,
    enabled: findBoolean(entry['enabled']) ?? true,
    ...(enabledAt !== undefined && { enabledAt }),
    entry: () => entry,
  };
}

function readNames(
  entry: JsonObject,
  tokens: Tokens,
  id: string,
): Pick<Account, 'label' | 'email' | 'organizationId'> {
  const email = findText(entry['email']) ?? tokens.email;
  const organizationId = findText(entry['organization_id']) ?? tokens.organizationId;
  return {
    label: findText(entry['label']) ?? email ?? id,
    ...(email !== undefined && { email }),
    ...(organizationId !== undefined && { organizationId }),
  };
}

/** The id that an entry gives itself. */
export function findOwnId(entry: JsonObject): string | undefined {
  const id = findString(entry['id']);
  return id === undefined || id.trim() === '' ? undefined : id;
}

/** A moment as people and programs write it: milliseconds or seconds, a number or its text. */
export function findMoment(value: Json | undefined): number | undefined {
  const text = findString(value)?.trim();
  const number = text === undefined || text === '' ? findNumber(value) : findNumber(Number(text));
  if (number === undefined) return undefined;
  return findTime(number < FIRST_MILLISECONDS ? number * 1000 : number);
}

/** As milliseconds this is 1973, as seconds the year 5138. */
const FIRST_MILLISECONDS = 1e11;

const TEXTS = ['access_token', 'refresh_token', 'email', 'label', 'organization_id'] as const;

/** What an `Authorization` header can hold; a note to the reader, or half a line, cannot. */
const TOKEN = /^[\x21-\x7e]*$/;

function findMistake(entry: JsonObject): string | undefined {
  const isGiven = (key: string): boolean => entry[key] !== undefined && entry[key] !== null;
  const noText = TEXTS.find((key) => isGiven(key) && findString(entry[key]) === undefined);
  if (noText !== undefined) return `holds no text in "${noText}"`;
  const noToken = TEXTS.slice(0, 2).find((key) => !TOKEN.test(findString(entry[key])?.trim() ?? ''));
  if (noToken !== undefined) return `holds no token in "${noToken}"`;
  const isFlag = !isGiven('enabled') || findBoolean(entry['enabled']) !== undefined;
  return isFlag ? undefined : 'has an "enabled" that is neither true nor false';
}

function readTokens(
  entry: JsonObject,
  accessToken: Secret | undefined,
  refreshToken: Secret | undefined,
): Tokens {
  const claims = accessToken && readClaims(accessToken);
  const issuedAt = claims?.issuedAt ?? findMoment(entry['last_refresh']);
  const expiresAt = claims?.expiresAt ?? findMoment(entry['expires_at']) ?? findMoment(entry['exp']);
  return {
    ...claims,
    ...(accessToken !== undefined && { accessToken }),
    ...(refreshToken !== undefined && { refreshToken }),
    ...(issuedAt !== undefined && { issuedAt }),
    ...(expiresAt !== undefined && { expiresAt }),
  };
}

function findToken(value: Json | undefined): Secret | undefined {
  const text = findText(value);
  return text === undefined ? undefined : createSecret(text);
}

/** A text of one line, as it goes into logs and tables. */
function findText(value: Json | undefined): string | undefined {
  const text = findString(value)
    ?.replace(/\p{Cc}+/gu, ' ')
    .trim();
  return text === '' ? undefined : text;
}
