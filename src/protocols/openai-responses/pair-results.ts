import type {
  AssistantTurn,
  ResultPart,
  ToolCallPart,
  ToolResult,
  ToolTurn,
  Turn,
  UserTurn,
} from '../../kernel/conversation.ts';
import type { Losses } from '../../kernel/losses.ts';
import { createWireIds } from './call-ids.ts';

/**
 * The turns with every call answered once, directly after its turn and in the order of the calls, one tool turn each,
 * and no two calls with one id. A call that was interrupted gets an error result; a result that answers no open call
 * becomes user text, since the service refuses either alone.
 */
export function pairResults(turns: readonly Turn[], losses: Losses): readonly Turn[] {
  const { answers, strays } = matchResults(turns);
  const idOf = createWireIds(turns);
  const answerCalls = (turn: AssistantTurn): readonly Turn[] => {
    const results: ToolTurn[] = [];
    const parts = turn.parts.map((part) => {
      if (part.kind !== 'tool-call') return part;
      const call = { ...part, id: idOf(part) };
      const answer = answers.get(part);
      results.push(answer === undefined ? missingResult(call, turn.at, losses) : toAnswer(call, answer));
      return call;
    });
    return [{ ...turn, parts }, ...results];
  };
  return turns.flatMap((turn): readonly Turn[] => {
    switch (turn.role) {
      case 'assistant':
        return answerCalls(turn);
      case 'tool':
        return turn.results
          .filter((result) => strays.has(result))
          .map((result) => toUser(turn, result, losses));
      default:
        return [turn];
    }
  });
}

interface LocatedResult {
  readonly result: ToolResult;
  readonly at: string;
}

interface Matches {
  readonly answers: ReadonlyMap<ToolCallPart, LocatedResult>;
  readonly strays: ReadonlySet<ToolResult>;
}

/**
 * Vendors use an id again, so a result answers the latest turn that has an open call of its id, and within that turn
 * the first such call.
 */
function matchResults(turns: readonly Turn[]): Matches {
  const open = new Map<string, ToolCallPart[]>();
  const answers = new Map<ToolCallPart, LocatedResult>();
  const strays = new Set<ToolResult>();
  const ask = (call: ToolCallPart): void => {
    const same = open.get(call.id);
    if (same === undefined) open.set(call.id, [call]);
    else same.push(call);
  };
  const answer = (result: ToolResult, at: string): void => {
    const call = open.get(result.callId)?.pop();
    if (call === undefined) strays.add(result);
    else answers.set(call, { result, at });
  };
  for (const turn of turns) {
    // The call to answer next is at the end of its list, so a turn's calls are listed from its last to its first.
    if (turn.role === 'assistant') callsOf(turn).toReversed().forEach(ask);
    else if (turn.role === 'tool') turn.results.forEach((result) => answer(result, turn.at));
  }
  return { answers, strays };
}

const callsOf = ({ parts }: AssistantTurn): ToolCallPart[] =>
  parts.filter((part) => part.kind === 'tool-call');

const toAnswer = ({ id, callKind }: ToolCallPart, { result, at }: LocatedResult): ToolTurn => ({
  role: 'tool',
  at,
  results: [{ ...result, callId: id, callKind }],
});

function missingResult({ id, callKind }: ToolCallPart, at: string, losses: Losses): ToolTurn {
  losses.note(at, 'repaired');
  const parts: readonly ResultPart[] = [{ kind: 'text', text: 'no result was provided' }];
  return { role: 'tool', at, results: [{ callId: id, callKind, parts, isError: true }] };
}

function toUser({ at }: ToolTurn, result: ToolResult, losses: Losses): UserTurn {
  losses.note(`${at}.tool_call_id`, 'folded');
  const heading = `[result of tool call ${result.callId}]`;
  const [first, ...others] = partsOf(result);
  const parts: readonly ResultPart[] =
    first?.kind === 'text'
      ? [{ ...first, text: `${heading} ${first.text}` }, ...others]
      : [{ kind: 'text', text: heading }, ...(first === undefined ? [] : [first]), ...others];
  return { role: 'user', at, parts };
}

/** The parts of a result; a failed one says so in its text, for there is no other place. */
export function partsOf({ parts, isError }: ToolResult): readonly ResultPart[] {
  const [first, ...others] = parts;
  if (isError !== true) return parts;
  if (first?.kind !== 'text') return [{ kind: 'text', text: 'Error' }, ...parts];
  return /^error/i.test(first.text) ? parts : [{ ...first, text: `Error: ${first.text}` }, ...others];
}
