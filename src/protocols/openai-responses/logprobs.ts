import { findNumber, findObject, findString, isRawJson, listOf, rawText } from '../../kernel/json.ts';
import type { Json, JsonObject } from '../../kernel/json.ts';
import type { TokenLogprob } from '../../kernel/reply.ts';

/** The probabilities in a wire list; entries that are none are left out. */
export const decodeLogprobs = (value: Json | undefined): readonly TokenLogprob[] =>
  listOf(value).flatMap((entry) => {
    const token = decodeToken(entry);
    return token === undefined
      ? []
      : [{ ...token, top: listOf(findObject(entry)?.['top_logprobs']).flatMap(listToken) }];
  });

type Candidate = Omit<TokenLogprob, 'top'>;

const listToken = (entry: Json): readonly Candidate[] => {
  const token = decodeToken(entry);
  return token === undefined ? [] : [token];
};

function decodeToken(entry: Json): Candidate | undefined {
  const wire = findObject(entry);
  const token = findString(wire?.['token']);
  const logprob = numberOf(wire?.['logprob']);
  if (token === undefined || logprob === undefined) return undefined;
  const bytes = listOf(wire?.['bytes']).filter((byte) => typeof byte === 'number');
  return { token, logprob, ...(bytes.length > 0 && { bytes }) };
}

/** Logarithms often have more digits than a double holds, and nobody needs them. */
const numberOf = (value: Json | undefined): number | undefined =>
  isRawJson(value) ? Number(rawText(value)) : findNumber(value);

/** One token in wire form, where every member is required. */
export const encodeLogprob = ({ top, ...token }: TokenLogprob): JsonObject => ({
  ...encodeToken(token),
  top_logprobs: top.map(encodeToken),
});

const encodeToken = ({ token, logprob, bytes }: Candidate): JsonObject => ({
  token,
  logprob,
  bytes: bytes ?? [...new TextEncoder().encode(token)],
});
