import type { AssistantTurn, ToolCallPart, ToolResult, ToolTurn, Turn } from '../../kernel/conversation.ts';

/** Assistant turns in a row, and what follows them until the next one. */
export interface Step {
  readonly assistant: readonly AssistantTurn[];
  readonly after: readonly Exclude<Turn, AssistantTurn>[];
}

/** The conversation in steps; the first one has no assistant turn when a user speaks first. */
export function stepsOf(turns: readonly Turn[]): readonly Step[] {
  const steps: { assistant: AssistantTurn[]; after: Exclude<Turn, AssistantTurn>[] }[] = [];
  for (const turn of turns) {
    let step = steps.at(-1);
    if (step === undefined || (turn.role === 'assistant' && step.after.length > 0)) {
      step = { assistant: [], after: [] };
      steps.push(step);
    }
    if (turn.role === 'assistant') step.assistant.push(turn);
    else step.after.push(turn);
  }
  return steps;
}

/** A call and the result that answers it; `undefined` when the client sent none. */
export interface Answer {
  readonly call: ToolCallPart;
  /** The client's path of the turn that the result, or else the call, stands in. */
  readonly at: string;
  readonly result: ToolResult | undefined;
}

export interface Pairing {
  /** One for each call of the step, in the order of the calls. */
  readonly answers: readonly Answer[];
  /** True for a result that answers none of these calls. */
  readonly isOrphan: (result: ToolResult) => boolean;
}

/** Finds the result of every call within its step; two calls with one id get their results in order. */
export function pairResults({ assistant, after }: Step): Pairing {
  const waiting = waitingById(after.filter((turn) => turn.role === 'tool').flatMap(resultsOf));
  const answers = assistant.flatMap(callsOf).map(({ call, at }): Answer => {
    const found = waiting.get(call.id)?.pop();
    return { call, at: found?.at ?? at, result: found?.result };
  });
  const orphans = new Set([...waiting.values()].flat().map(({ result }) => result));
  return { answers, isOrphan: (result) => orphans.has(result) };
}

interface LocatedResult {
  readonly result: ToolResult;
  readonly at: string;
}

/** The results of each call id, last first: the one to take next is at the end. */
function waitingById(results: readonly LocatedResult[]): ReadonlyMap<string, LocatedResult[]> {
  const waiting = new Map<string, LocatedResult[]>();
  for (const located of results.toReversed()) {
    const same = waiting.get(located.result.callId);
    if (same === undefined) waiting.set(located.result.callId, [located]);
    else same.push(located);
  }
  return waiting;
}

const resultsOf = ({ results, at }: ToolTurn): LocatedResult[] => results.map((result) => ({ result, at }));

const callsOf = ({ parts, at }: AssistantTurn): { call: ToolCallPart; at: string }[] =>
  parts.filter((part) => part.kind === 'tool-call').map((call) => ({ call, at }));
