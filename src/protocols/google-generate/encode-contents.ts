import { assertNever } from '../../kernel/assert-never.ts';
import type { EncodeContext } from '../../kernel/codec.ts';
import type { AssistantTurn, Turn } from '../../kernel/conversation.ts';
import { encodeAssistantTurn } from './encode-assistant.ts';
import { encodeResults } from './encode-results.ts';
import type { LocatedResult } from './encode-results.ts';
import { encodeSystemTurn, encodeUserTurn } from './encode-user.ts';
import { NO_SIGNATURE } from './signature.ts';
import type { WireContent, WirePart } from './wire-types.ts';

/** What the assistant said, and everything that came before it spoke again. */
interface Step {
  readonly assistant: AssistantTurn | undefined;
  readonly after: Exclude<Turn, AssistantTurn>[];
}

/** `results` holds function responses and nothing else; `media` belongs to them, `message` to the user. */
interface Draft {
  readonly role: 'user' | 'model';
  readonly kind: 'message' | 'results' | 'media';
  readonly parts: readonly WirePart[];
}

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
  const steps: Step[] = [{ assistant: undefined, after: [] }];
  for (const turn of turns) {
    const last = steps.at(-1);
    if (turn.role !== 'assistant') last?.after.push(turn);
    else if (last?.assistant === undefined || last.after.length > 0)
      steps.push({ assistant: turn, after: [] });
    else steps[steps.length - 1] = { ...last, assistant: joinTurns(last.assistant, turn) };
  }
  return steps;
}

const joinTurns = (first: AssistantTurn, second: AssistantTurn): AssistantTurn => ({
  ...first,
  parts: [...first.parts, ...second.parts],
});

function encodeStep({ assistant, after }: Step, context: EncodeContext): readonly Draft[] {
  const results = after.flatMap((turn): LocatedResult[] =>
    turn.role === 'tool' ? turn.results.map((result) => ({ result, at: turn.at })) : [],
  );
  const { responses, media, orphans } = encodeResults(assistant, results, context);
  const said = assistant === undefined ? [] : encodeAssistantTurn(assistant, context);
  return [
    { role: 'model', kind: 'message', parts: said },
    { role: 'user', kind: 'results', parts: responses },
    { role: 'user', kind: 'media', parts: media },
    { role: 'user', kind: 'message', parts: orphans },
    ...after.map((turn): Draft => ({ role: 'user', kind: 'message', parts: encodeTurn(turn, context) })),
  ];
}

function encodeTurn(turn: Exclude<Turn, AssistantTurn>, context: EncodeContext): readonly WirePart[] {
  switch (turn.role) {
    case 'user':
      return encodeUserTurn(turn, context);
    case 'system':
    case 'developer':
      return encodeSystemTurn(turn, context);
    case 'tool':
      return []; // its results stand right behind their calls
    default:
      return assertNever(turn, 'turn');
  }
}

function joinNeighbours(drafts: readonly Draft[]): Draft[] {
  const joined: Draft[] = [];
  for (const draft of drafts) {
    const last = joined.at(-1);
    if (draft.parts.length === 0) continue;
    if (
      last === undefined ||
      last.role !== draft.role ||
      last.kind === 'results' ||
      draft.kind === 'results'
    ) {
      joined.push(draft);
    } else {
      joined[joined.length - 1] = { ...draft, parts: [...last.parts, ...draft.parts] };
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
