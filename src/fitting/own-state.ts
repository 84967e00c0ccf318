import type { Capabilities } from '../kernel/capabilities.ts';
import type { AssistantPart, OpaqueState, ReasoningPart, Turn } from '../kernel/conversation.ts';
import type { FieldNames } from '../kernel/field-names.ts';
import type { Losses } from '../kernel/losses.ts';
import { without } from '../kernel/without.ts';

export interface StateOwner {
  /** The dialect's own issuer, unless the model's record names another. */
  readonly issuer: string;
  readonly capabilities: Capabilities;
}

/** True for state that this model's own service made: any other it answers with a 400. */
export const isOwnState = (opaque: OpaqueState | undefined, { issuer, capabilities }: StateOwner): boolean =>
  opaque !== undefined &&
  opaque.kind !== 'none' &&
  opaque.issuer === (capabilities.issuer ?? issuer) &&
  opaque.family === (capabilities.family ?? '');

/** The turns without what others alone can read; the words of reasoning stay, for those who want them repeated. */
export function keepOwnState(
  turns: readonly Turn[],
  names: FieldNames,
  { losses, ...owner }: StateOwner & { readonly losses: Losses },
): readonly Turn[] {
  const keep = (part: AssistantPart, at: string): readonly AssistantPart[] => {
    if (part.kind === 'hosted') {
      losses.note(at, 'dropped');
      return [];
    }
    if (part.kind === 'text' && part.phase !== undefined) {
      losses.note(`${names.messages}[].phase`, 'ignored'); // what one dialect alone tells of its answers
      return [without(part, 'phase')];
    }
    if (part.kind !== 'reasoning' && part.kind !== 'tool-call') return [part];
    if (isOwnState(part.opaque, owner)) return [part];
    if (part.kind === 'reasoning' && owner.capabilities.needsReasoningEcho !== true) {
      losses.note(`${names.messages}[].reasoning`, 'withheld');
    }
    return withoutOpaque(part);
  };
  return mapParts(turns, keep);
}

/** The turns without any opaque state, for a service that has refused what it once made. */
export const dropState = (turns: readonly Turn[]): readonly Turn[] =>
  mapParts(turns, (part) =>
    part.kind === 'reasoning' || part.kind === 'tool-call' ? withoutOpaque(part) : [part],
  );

/** True when the turns hold any opaque state. */
export const holdsState = (turns: readonly Turn[]): boolean =>
  turns.some((turn) => turn.role === 'assistant' && turn.parts.some((part) => 'opaque' in part));

function mapParts(
  turns: readonly Turn[],
  map: (part: AssistantPart, at: string) => readonly AssistantPart[],
): readonly Turn[] {
  return turns.map((turn) =>
    turn.role === 'assistant' ? { ...turn, parts: turn.parts.flatMap((part) => map(part, turn.at)) } : turn,
  );
}

function withoutOpaque(
  part: Extract<AssistantPart, { kind: 'reasoning' | 'tool-call' }>,
): readonly AssistantPart[] {
  return part.kind === 'reasoning' && !hasWords(part) ? [] : [without(part, 'opaque')];
}

const hasWords = ({ raw = '', summary = [] }: ReasoningPart): boolean =>
  raw !== '' || summary.some((text) => text !== '');
