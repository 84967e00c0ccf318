import { isCarrier, readCarrier } from '../../kernel/carrier.ts';
import type { OpaqueState, ReasoningPart } from '../../kernel/conversation.ts';
import { findObject, findString, listOf } from '../../kernel/json.ts';
import type { Json, JsonObject } from '../../kernel/json.ts';
import type { Losses } from '../../kernel/losses.ts';
import { optionalString, pathOf } from '../../kernel/read-fields.ts';
import { PASSAGE_GAP, reasoningText } from './reasoning-text.ts';

/**
 * The thinking of an earlier answer. Its readable text comes back as one string and its states as a list beside it;
 * each state says by a hash which passages are its own. Text that no state claims stays, without one.
 *
 * @throws GatewayError `invalid-request` when `reasoning_content` is not text.
 */
export function decodeReasoning(message: JsonObject, at: string, losses: Losses): ReasoningPart[] {
  optionalString(message, 'reasoning_content', at);
  const parts: ReasoningPart[] = [];
  const claim = createClaimer();
  let rest = reasoningText(message);
  listOf(message['reasoning_details']).forEach((detail, index) => {
    const state = stateOf(detail);
    if (state === undefined) return;
    const claimed = isCarrier(state) ? claim(state, rest) : undefined;
    if (claimed === undefined) {
      losses.note(`${pathOf(at, 'reasoning_details')}[${index}]`, 'dropped');
      return;
    }
    parts.push(...spoken(claimed.before), withState(claimed.text, claimed.opaque));
    rest = claimed.after;
  });
  return [...parts, ...spoken(rest)];
}

/** What an entry keeps for the service that wrote it. */
function stateOf(detail: Json): string | undefined {
  const entry = findObject(detail);
  return findString(entry?.['data']) ?? findString(entry?.['signature']);
}

const spoken = (raw: string): readonly ReasoningPart[] => (raw === '' ? [] : [{ kind: 'reasoning', raw }]);

function withState(text: string, opaque: OpaqueState): ReasoningPart {
  if (text === '') return { kind: 'reasoning', opaque };
  if (opaque.kind === 'none') return { kind: 'reasoning', raw: text };
  // What stands beside encrypted reasoning is what its service made of it.
  return opaque.kind === 'encrypted_content'
    ? { kind: 'reasoning', summary: [text], opaque }
    : { kind: 'reasoning', raw: text, opaque };
}

/** How often the text of one message is held against its carriers; each time costs a hash. */
const MAX_TRIES = 64;

interface Claim {
  readonly before: string;
  readonly text: string;
  readonly after: string;
  readonly opaque: OpaqueState;
}

/** Finds what a carrier belongs to: no text, else all that is left, else some of its passages. */
function createClaimer(): (carrier: string, rest: string) => Claim | undefined {
  let triesLeft = MAX_TRIES;
  return (carrier, rest) => {
    const wordless = readCarrier(carrier, '');
    if (wordless !== undefined) return { before: '', text: '', after: rest, opaque: wordless };
    for (const [start, end] of passages(rest)) {
      if (triesLeft-- <= 0) return undefined;
      const text = rest.slice(start, end);
      const opaque = readCarrier(carrier, text);
      if (opaque === undefined) continue;
      const before = rest.slice(0, Math.max(0, start - PASSAGE_GAP.length));
      return { before, text, after: rest.slice(end + PASSAGE_GAP.length), opaque };
    }
    return undefined;
  };
}

/** Every stretch between two gaps: from each start the longest first, then from the shortest up. */
function* passages(text: string): Generator<readonly [start: number, end: number]> {
  const gaps: number[] = [];
  for (let gap = text.indexOf(PASSAGE_GAP); gap >= 0 && gaps.length < MAX_TRIES;) {
    gaps.push(gap);
    gap = text.indexOf(PASSAGE_GAP, gap + 1);
  }
  for (const start of [0, ...gaps.map((gap) => gap + PASSAGE_GAP.length)]) {
    if (start < text.length) yield [start, text.length];
    for (const end of gaps) if (end > start) yield [start, end];
  }
}
