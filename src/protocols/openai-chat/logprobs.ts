import type { AnswerContext } from '../../kernel/codec.ts';
import { findObject, findString, isJsonObject, isRawJson, listOf, rawText } from '../../kernel/json.ts';
import type { Json, JsonObject } from '../../kernel/json.ts';
import { present } from '../../kernel/read-fields.ts';
import type { TokenLogprob } from '../../kernel/reply.ts';

type Candidate = TokenLogprob['top'][number];

const NONE: readonly TokenLogprob[] = [];

/** The probabilities of text among the `logprobs` of a choice; those of a refusal have no place in the canon. */
export const decodeLogprobs = (value: Json | undefined): readonly TokenLogprob[] =>
  isJsonObject(value)
    ? candidatesOf(value['content']).map(([candidate, entry]) => ({
        ...candidate,
        top: candidatesOf(entry['top_logprobs']).map(([rival]) => rival),
      }))
    : NONE;

const candidatesOf = (list: Json | undefined): (readonly [Candidate, JsonObject])[] =>
  listOf(list).flatMap((value) => {
    const entry = findObject(value);
    const token = findString(entry?.['token']);
    const logprob = numberOf(entry?.['logprob']);
    if (entry === undefined || token === undefined || logprob === undefined) return [];
    const bytes = Array.isArray(entry['bytes']) ? listOf(entry['bytes']).flatMap(byteOf) : undefined;
    return [[{ token, logprob, ...present({ bytes }) }, entry]];
  });

/** Logarithms are often longer than what is read as a number at once; a double is enough of them. */
function numberOf(value: Json | undefined): number | undefined {
  const number = isRawJson(value) ? Number(rawText(value)) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

const byteOf = (value: Json): number[] => (typeof value === 'number' ? [value] : []);

/** True when the client asked for them; what an upstream of its own dialect tells, it was asked for. */
export const wantsLogprobs = ({ native, request }: AnswerContext): boolean =>
  native || request?.logprobs !== undefined;

/** The member `logprobs` of a choice. */
export const encodeLogprobs = (tokens: readonly TokenLogprob[]): JsonObject => ({
  content: tokens.map((token) => ({
    ...encodeCandidate(token),
    top_logprobs: token.top.map(encodeCandidate),
  })),
  refusal: null,
});

const encodeCandidate = ({ token, logprob, bytes }: Candidate): JsonObject => ({
  token,
  logprob,
  bytes: bytes ?? null,
});
