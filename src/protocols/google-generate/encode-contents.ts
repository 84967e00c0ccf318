import { assertNever } from '../../kernel/assert-never.ts';
import type { EncodeContext } from '../../kernel/codec.ts';
import type { AssistantTurn, ToolResult, Turn } from '../../kernel/conversation.ts';
import { encodeAssistantTurn } from './encode-assistant.ts';
import { encodeOrphan, encodeResults } from './encode-results.ts';
import type { LocatedResult } from './encode-results.ts';
import { encodeSystemTurn, encodeUserTurn } from './encode-user.ts';
import { NO_SIGNATURE } from './signature.ts';
import type { WireContent, WirePart } from './wire-types.ts';

/** What the assistant said, and everything that came before it spoke again. */
interface Step {
  readonly assistant: AssistantTurn[];
  readonly after: Exclude<Turn, AssistantTurn>[];
}

/** `results` holds function responses and nothing else; `media` belongs to them, `message` to the user. */
interface Draft {
  readonly role: 'user' | 'model';
  readonly kind: 'message' | 'results' | 'media';
  readonly parts: readonly WirePart[];
}

type GrowingDraft = Draft & { kind: Draft['kind']; readonly parts: WirePart[] };

/**
 * Writes the conversation: a user speaks first, roles alternate but for function responses, which keep a content of
 * their own right behind their calls, one response for each call.
 */
export function encodeContents(turns: readonly Turn[], context: EncodeContext): readonly WireContent[] {
  const drafts = splitSteps(turns).flatMap((step) => encodeStep(step, context));
  const joined = joinNeighbours(drafts);
  if (joined[0]?.role !== 'user') {
    context.losses.note('messages', 'completed');
    joined.unshift({ role: 'user', kind: 'message', parts: [{ text: '(continue)' }] });
  }
  const signed = context.capabilities.thoughtSignatureRequired === true ? signCurrentTurn(joined) : joined;
  return signed.map(({ role, parts }) => ({ role, parts }));
}

function splitSteps(turns: readonly Turn[]): readonly Step[] {
  let last: Step = { assistant: [], after: [] };
  const steps = [last];
  for (const turn of turns) {
    if (turn.role === 'assistant' && last.after.length > 0) {
      last = { assistant: [], after: [] };
      steps.push(last);
    }
    if (turn.role === 'assistant') last.assistant.push(turn);
    else last.after.push(turn);
  }
  return steps;
}

function joinTurns(turns: readonly AssistantTurn[]): AssistantTurn | undefined {
  const [first] = turns;
  return first === undefined ? undefined : { ...first, parts: turns.flatMap(({ parts }) => parts) };
}

function encodeStep(step: Step, context: EncodeContext): readonly Draft[] {
  const { after } = step;
  const assistant = joinTurns(step.assistant);
  const results = after.flatMap((turn): LocatedResult[] =>
    turn.role === 'tool' ? turn.results.map((result) => ({ result, at: turn.at })) : [],
  );
  const { responses, media, orphans } = encodeResults(assistant, results, context);
  const said = assistant === undefined ? [] : encodeAssistantTurn(assistant, context);
  return [
    { role: 'model', kind: 'message', parts: said },
    { role: 'user', kind: 'results', parts: responses },
    { role: 'user', kind: 'media', parts: media },
    ...after.map((turn): Draft => {
      return { role: 'user', kind: 'message', parts: encodeTurn(turn, orphans, context) };
    }),
  ];
}

function encodeTurn(
  turn: Exclude<Turn, AssistantTurn>,
  orphans: ReadonlySet<ToolResult>,
  context: EncodeContext,
): readonly WirePart[] {
  switch (turn.role) {
    case 'user':
      return encodeUserTurn(turn, context);
    case 'system':
    case 'developer':
      return encodeSystemTurn(turn, context);
    case 'tool':
      return turn.results // all others stand right behind their calls
        .filter((result) => orphans.has(result))
        .flatMap((result) => encodeOrphan({ result, at: turn.at }, context));
    default:
      return assertNever(turn, 'turn');
  }
}

function joinNeighbours(drafts: readonly Draft[]): Draft[] {
  const joined: GrowingDraft[] = [];
  for (const draft of drafts) {
    const last = joined.at(-1);
    if (draft.parts.length === 0) continue;
    if (
      last === undefined ||
      last.role !== draft.role ||
      last.kind === 'results' ||
      draft.kind === 'results'
    ) {
      joined.push({ ...draft, parts: [...draft.parts] });
    } else {
      last.kind = draft.kind;
      for (const part of draft.parts) last.parts.push(part);
    }
  }
  return joined;
}

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
