import type { HeaderReader } from './codec.ts';
import { kindOfFailure, passedStatus } from './error-of-status.ts';
import { messageOf } from './error-words.ts';
import { GatewayError, statusOfKind } from './gateway-error.ts';
import type { ErrorDetails, ErrorKind } from './gateway-error.ts';
import { findJson, findNumber, findObject, findString, listOf } from './json.ts';
import type { Json, JsonObject } from './json.ts';
import { maskSecrets } from './mask-secrets.ts';

const MAX_MESSAGE = 2048;
const MAX_READ = 8 * MAX_MESSAGE; // masking shortens, so it gets more than it may leave over

/** Words that vendors use as `type`, `code` or `status`, upper or lower case, with the kind they mean. */
export type ErrorWords = Readonly<Record<string, ErrorKind>>;

const CONTEXT_TEXT =
  /prompt is too long|context[ _]length|context window|input token count.*exceeds|maximum context|too many (?:input )?tokens/i;

/**
 * Reads a failed answer of any upstream: the dialect's own envelope, Factory's (`detail`, `title`, `status`), plain
 * text, a page of HTML, nothing at all. The message is the upstream's, masked and at most 2 KB long.
 */
export function readUpstreamError(
  status: number,
  text: string,
  headers: HeaderReader,
  words: ErrorWords,
): GatewayError {
  const json = findJson(text);
  const body = unwrap(json);
  const inner = findObject(body?.['error']) ?? findObject(listOf(body?.['errors'])[0]) ?? body;
  const message =
    messageOf(body, inner) ??
    plainText(json === undefined ? text : json) ??
    `upstream returned HTTP ${status}`;
  return buildError(
    { status, message, words: wordsOf(inner, body), fields: inner },
    words,
    retryAfter(headers),
  );
}

/** Reads an error object that came inside a stream or under status 200. */
export function readErrorObject(error: Json | undefined, words: ErrorWords): GatewayError {
  const inner = findObject(error);
  const message =
    plainText(error) ?? messageOf(inner, inner) ?? 'the upstream reported an error without a message';
  const status = numericStatus(inner?.['code']) ?? numericStatus(inner?.['status']) ?? 0;
  return buildError({ status, message, words: wordsOf(inner, undefined), fields: inner }, words, {});
}

interface ErrorParts {
  readonly status: number;
  readonly message: string;
  readonly words: readonly string[];
  readonly fields: JsonObject | undefined;
}

function buildError(parts: ErrorParts, known: ErrorWords, retry: ErrorDetails): GatewayError {
  const { status, message, words, fields } = parts;
  const kind = kindOf(parts, known);
  const code = findCode(fields?.['code']);
  const param = findString(fields?.['param']);
  const kept = statusOfKind(kind) === 400 ? passedStatus(status) : undefined;
  return new GatewayError(kind, shown(message), {
    ...(kept !== undefined && { status: kept }),
    ...(code !== undefined && { code }),
    ...(param !== undefined && { param }),
    ...retry,
    cause: { status, words },
  });
}

/** What of the upstream's message a client may read; never half a character, which strict JSON readers refuse. */
const shown = (message: string): string =>
  maskSecrets(message.slice(0, MAX_READ))
    .slice(0, MAX_MESSAGE)
    .replace(/[\ud800-\udbff]$/, '');

function kindOf({ status, message, words }: ErrorParts, known: ErrorWords): ErrorKind {
  const word = words.map((word) => word.toLowerCase()).find((word) => Object.hasOwn(known, word));
  const kind = kindOfFailure(status, word === undefined ? undefined : known[word]);
  return kind === 'invalid-request' && CONTEXT_TEXT.test(message) ? 'context-length' : kind;
}

function wordsOf(inner: JsonObject | undefined, body: JsonObject | undefined): string[] {
  const words = [inner?.['code'], inner?.['type'], inner?.['status'], body?.['code']];
  return words.filter((word): word is string => typeof word === 'string');
}

/** Some services wrap the error object in a list. */
const unwrap = (body: Json | undefined): JsonObject | undefined =>
  findObject(body) ?? findObject(listOf(body)[0]);

/** Text that is neither JSON nor HTML. */
function plainText(text: Json | undefined): string | undefined {
  const trimmed = findString(text)?.trim() ?? '';
  return trimmed === '' || /^[<{[]/.test(trimmed) ? undefined : trimmed;
}

/** The vendor's own word for the failure; a status that stands in its place is no word. */
function findCode(value: Json | undefined): string | undefined {
  const code = findString(value) ?? '';
  return code === '' || numericStatus(code) !== undefined ? undefined : code;
}

/** A status that a vendor put into the body, as number or text. */
function numericStatus(value: Json | undefined): number | undefined {
  const status = Number(findString(value) ?? findNumber(value));
  return Number.isInteger(status) && status >= 400 && status <= 599 ? status : undefined;
}

/** `Retry-After` in seconds or as a date (measured against the upstream's own clock), and the SDKs' two additions. */
function retryAfter(headers: HeaderReader): ErrorDetails {
  const seconds = retrySeconds(headers);
  const should = headers('x-should-retry');
  return {
    ...(seconds !== undefined && { retryAfterSeconds: seconds }),
    ...((should === 'true' || should === 'false') && { shouldRetry: should === 'true' }),
  };
}

function retrySeconds(headers: HeaderReader): number | undefined {
  const ms = decimal(headers('retry-after-ms'));
  if (ms !== undefined && ms >= 0) return Math.ceil(ms / 1000);
  const text = headers('retry-after') ?? '';
  const seconds = decimal(text);
  if (seconds !== undefined) return Math.max(0, Math.ceil(seconds));
  const wait = Date.parse(text) - Date.parse(headers('date') ?? '');
  return Number.isFinite(wait) ? Math.max(0, Math.ceil(wait / 1000)) : undefined;
}

const decimal = (text: string | undefined): number | undefined =>
  /^\s*-?\d+(?:\.\d+)?\s*$/.test(text ?? '') ? Number(text) : undefined;
