import type { AssistantPart, ReasoningPart } from './conversation.ts';

/**
 * Gives calls back the state that clients carry in front of them: a client without a place for the state of a call
 * sends it as reasoning without words, directly before the call.
 */
export function settleCallState(parts: readonly AssistantPart[]): readonly AssistantPart[] {
  if (!parts.some(isCallState)) return parts;
  return parts.flatMap((part, index): readonly AssistantPart[] => {
    const next = parts[index + 1];
    if (isCallState(part) && next?.kind === 'tool-call') return [];
    const before = parts[index - 1];
    return part.kind === 'tool-call' && before !== undefined && isCallState(before)
      ? [{ ...part, opaque: before.opaque }]
      : [part];
  });
}

type CallState = ReasoningPart & Required<Pick<ReasoningPart, 'opaque'>>;

const isCallState = (part: AssistantPart): part is CallState =>
  part.kind === 'reasoning' &&
  part.opaque?.kind === 'thoughtSignature' &&
  (part.raw ?? '') === '' &&
  (part.summary ?? []).every((text) => text === '');
