import { findNumber, findObject, findString, listOf } from '../../kernel/json.ts';
import type { Json, JsonObject } from '../../kernel/json.ts';
import type { TokenLogprob } from '../../kernel/reply.ts';

/** The chosen tokens of one chunk, each with its rivals as far as the upstream was asked for them. */
export function decodeLogprobs(result: JsonObject | undefined): readonly TokenLogprob[] {
  const rivals = listOf(result?.['topCandidates']);
  return listOf(result?.['chosenCandidates']).map((chosen, index) => ({
    ...decodeToken(chosen),
    top: listOf(findObject(rivals[index])?.['candidates']).map(decodeToken),
  }));
}

/** Google leaves zero out: a token without a logarithm was certain. */
function decodeToken(wire: Json): Omit<TokenLogprob, 'top'> {
  const token = findObject(wire);
  return { token: findString(token?.['token']) ?? '', logprob: findNumber(token?.['logProbability']) ?? 0 };
}
