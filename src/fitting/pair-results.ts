import type {
  AssistantPart,
  AssistantTurn,
  TextPart,
  ToolCallPart,
  ToolResult,
  ToolTurn,
  Turn,
  UserTurn,
} from '../kernel/conversation.ts';
import type { Losses } from '../kernel/losses.ts';

/**
 * The turns with neighbouring assistant turns as one, and every call answered once, directly behind its turn, in the
 * order of the calls. A call that nobody answered (an agent was interrupted) gets an error as its result; a result that
 * answers no call becomes what the user says, since services refuse either alone.
 */
export function pairResults(turns: readonly Turn[], losses: Losses): readonly Turn[] {
  const merged = mergeAssistants(turns);
  const { answers, strays } = matchResults(merged);
  const paired = merged.flatMap((turn): readonly Turn[] => {
    switch (turn.role) {
      case 'assistant':
        return [turn, ...answerCalls(turn, answers, losses)];
      case 'tool':
        return turn.results
          .filter((result) => strays.has(result))
          .map((result) => toUser(turn, result, losses));
      default:
        return [turn];
    }
  });
  return mergeAssistants(paired); // a tool turn that moved up may have stood between two
}

/** Turns that say nothing are left out. */
function mergeAssistants(turns: readonly Turn[]): readonly Turn[] {
  const merged: Turn[] = [];
  let said: AssistantPart[] | undefined; // of the assistant turn that stands last
  for (const turn of turns) {
    if (isEmpty(turn)) continue;
    if (turn.role !== 'assistant') {
      said = undefined;
      merged.push(turn);
    } else if (said === undefined) {
      said = [...turn.parts];
      merged.push({ ...turn, parts: said });
    } else {
      for (const part of turn.parts) said.push(part); // a spread would fail beyond the stack's size
    }
  }
  return merged;
}

const isEmpty = (turn: Turn): boolean =>
  turn.role === 'tool' ? turn.results.length === 0 : turn.role === 'assistant' && turn.parts.length === 0;

interface Matches {
  readonly answers: ReadonlyMap<ToolCallPart, ToolResult>;
  readonly strays: ReadonlySet<ToolResult>;
}

/**
 * Vendors use an id again, so a result answers the latest turn that has an open call of its id, and within that turn
 * the first such call.
 */
function matchResults(turns: readonly Turn[]): Matches {
  const open = new Map<string, ToolCallPart[]>(); // the call to answer next is the last
  const answers = new Map<ToolCallPart, ToolResult>();
  const strays = new Set<ToolResult>();
  const ask = (call: ToolCallPart): void => {
    const same = open.get(call.id);
    if (same === undefined) open.set(call.id, [call]);
    else same.push(call);
  };
  const answer = (result: ToolResult): void => {
    const call = open.get(result.callId)?.pop();
    if (call === undefined) strays.add(result);
    else answers.set(call, result);
  };
  for (const turn of turns) {
    if (turn.role === 'assistant') callsOf(turn).toReversed().forEach(ask);
    else if (turn.role === 'tool') turn.results.forEach(answer);
  }
  return { answers, strays };
}

const callsOf = ({ parts }: AssistantTurn): readonly ToolCallPart[] =>
  parts.filter((part) => part.kind === 'tool-call');

function answerCalls(
  turn: AssistantTurn,
  answers: ReadonlyMap<ToolCallPart, ToolResult>,
  losses: Losses,
): readonly ToolTurn[] {
  const results = callsOf(turn).map((call): ToolResult => {
    const { name, callKind } = call;
    const answer = answers.get(call);
    if (answer !== undefined) return { ...answer, callId: call.id, name, callKind };
    losses.note(turn.at, 'answered');
    return {
      at: turn.at,
      callId: call.id,
      name,
      callKind,
      parts: [text('no result was provided')],
      isError: true,
    };
  });
  return results.length === 0 ? [] : [{ role: 'tool', at: turn.at, results }];
}

function toUser({ at }: ToolTurn, result: ToolResult, losses: Losses): UserTurn {
  losses.note(result.at, 'unpaired');
  const [first, ...others] = result.parts;
  const head = `[result of tool call ${result.callId}]`;
  const parts =
    first?.kind === 'text' ? [text(`${head} ${first.text}`), ...others] : [text(head), ...result.parts];
  return { role: 'user', at, parts };
}

const text = (words: string): TextPart => ({ kind: 'text', text: words });
