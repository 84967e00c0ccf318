import type {
  AssistantPart,
  ResultPart,
  ToolCallPart,
  ToolResult,
  ToolTurn,
  Turn,
  UserTurn,
} from '../../kernel/conversation.ts';
import type { Losses } from '../../kernel/losses.ts';

/**
 * The turns with every call answered once, directly after its turn and in the order of the calls, one tool turn each. A call that was
 * interrupted gets an error result; a result that answers no open call becomes user text, since the service refuses
 * either alone.
 */
export function pairResults(turns: readonly Turn[], losses: Losses): readonly Turn[] {
  const { answers, strays } = matchResults(turns);
  return turns.flatMap((turn): readonly Turn[] => {
    switch (turn.role) {
      case 'assistant': {
        const calls = turn.parts.filter((part) => part.kind === 'tool-call');
        return [turn, ...calls.map((call) => answers.get(call) ?? missingResult(call, turn.at, losses))];
      }
      case 'tool':
        return turn.results
          .filter((result) => strays.has(result))
          .map((result) => toUser(turn, result, losses));
      default:
        return [turn];
    }
  });
}

interface Matches {
  readonly answers: ReadonlyMap<ToolCallPart, ToolTurn>;
  readonly strays: ReadonlySet<ToolResult>;
}

/** Vendors use an id again in a later turn, so a result answers the latest call of its id that is still open. */
function matchResults(turns: readonly Turn[]): Matches {
  const open = new Map<string, ToolCallPart>();
  const answers = new Map<ToolCallPart, ToolTurn>();
  const strays = new Set<ToolResult>();
  const answer = (result: ToolResult, at: string): void => {
    const call = open.get(result.callId);
    if (call === undefined) strays.add(result);
    else answers.set(call, { role: 'tool', at, results: [{ ...result, callKind: call.callKind }] });
    open.delete(result.callId);
  };
  const ask = (part: AssistantPart): void => {
    if (part.kind === 'tool-call') open.set(part.id, part);
  };
  for (const turn of turns) {
    if (turn.role === 'assistant') turn.parts.forEach(ask);
    else if (turn.role === 'tool') turn.results.forEach((result) => answer(result, turn.at));
  }
  return { answers, strays };
}

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
