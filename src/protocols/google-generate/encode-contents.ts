import { assertNever } from '../../kernel/assert-never.ts';
import type { EncodeContext } from '../../kernel/codec.ts';
import type { Turn } from '../../kernel/conversation.ts';
import { encodeAssistantTurn } from './encode-assistant.ts';
import { encodeResults } from './encode-results.ts';
import { encodeSystemTurn, encodeUserTurn } from './encode-user.ts';
import { NO_SIGNATURE } from './signature.ts';
import type { WireContent, WirePart } from './wire-types.ts';

/** `results` holds function responses and nothing else; `media` belongs to them, `message` to the user. */
interface Draft {
  readonly role: WireContent['role'];
  readonly kind: 'message' | 'results' | 'media';
  readonly parts: readonly WirePart[];
}

type GrowingDraft = Draft & { kind: Draft['kind']; readonly parts: WirePart[] };

/**
 * Writes the conversation: a user speaks first, roles alternate but for function responses, which keep a content of
 * their own, one response for each call.
 */
export function encodeContents(turns: readonly Turn[], context: EncodeContext): readonly WireContent[] {
  const joined = joinNeighbours(turns.flatMap((turn) => encodeTurn(turn, context)));
  if (joined[0]?.role !== 'user') {
    context.losses.note(context.names.messages, 'completed');
    joined.unshift({ role: 'user', kind: 'message', parts: [{ text: '(continue)' }] });
  }
  const signed = context.capabilities.thoughtSignatureRequired === true ? signCurrentTurn(joined) : joined;
  return signed.map(({ role, parts }) => ({ role, parts }));
}

function encodeTurn(turn: Turn, context: EncodeContext): readonly Draft[] {
  switch (turn.role) {
    case 'user':
      return [{ role: 'user', kind: 'message', parts: encodeUserTurn(turn, context) }];
    case 'system':
    case 'developer':
      return [{ role: 'user', kind: 'message', parts: encodeSystemTurn(turn, context) }];
    case 'assistant':
      return [{ role: 'model', kind: 'message', parts: encodeAssistantTurn(turn, context) }];
    case 'tool': {
      const { responses, media } = encodeResults(turn, context);
      return [
        { role: 'user', kind: 'results', parts: responses },
        { role: 'user', kind: 'media', parts: media },
      ];
    }
    default:
      return assertNever(turn, 'turn');
  }
}

function joinNeighbours(drafts: readonly Draft[]): Draft[] {
  const joined: GrowingDraft[] = [];
  for (const draft of drafts) {
    const last = joined.at(-1);
    if (draft.parts.length === 0) continue;
    if (last !== undefined && isJoinable(last, draft)) {
      last.kind = draft.kind;
      for (const part of draft.parts) last.parts.push(part);
    } else {
      joined.push({ ...draft, parts: [...draft.parts] });
    }
  }
  return joined;
}

const isJoinable = (last: Draft, next: Draft): boolean =>
  last.role === next.role && last.kind !== 'results' && next.kind !== 'results';

/** Gives the first call of every step since the user last spoke a stand-in where its signature was lost. */
function signCurrentTurn(drafts: readonly Draft[]): readonly Draft[] {
  const lastMessage = drafts.findLastIndex(({ role, kind }) => role === 'user' && kind === 'message');
  return drafts.map((draft, index) => (index > lastMessage ? signFirstCall(draft) : draft));
}

function signFirstCall(draft: Draft): Draft {
  const first = draft.parts.findIndex((part) => part.functionCall !== undefined);
  const call = draft.parts[first];
  if (call === undefined || call.thoughtSignature !== undefined) return draft;
  return { ...draft, parts: draft.parts.with(first, { ...call, thoughtSignature: NO_SIGNATURE }) };
}
