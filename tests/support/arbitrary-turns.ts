import fc from 'fast-check';
import type {
  AssistantPart,
  AssistantTurn,
  ToolResult,
  ToolTurn,
  Turn,
  UserTurn,
} from '../../src/kernel/conversation.ts';
import * as arbitrary from './arbitrary-events.ts';

/** Few enough to come up twice, some of them illegal anywhere. */
const callId = fc.constantFrom('a', 'b', 'c', 'call:1', 'x'.repeat(300), '');

/** Few enough to come up twice, some of them illegal anywhere, and some the same once they are rewritten. */
const toolName = fc.constantFrom('f', 'a.b', 'a_b', 'a b', 'y'.repeat(90), 'z'.repeat(200));

/** Words that are told apart once {@link numbered} has been over them. */
const WORD = '#';
const text = fc.constant({ kind: 'text' as const, text: WORD });

const call: fc.Arbitrary<AssistantPart> = fc.record(
  {
    kind: fc.constant('tool-call' as const),
    id: callId,
    callKind: fc.constantFrom('function', 'custom'),
    name: toolName,
    namespace: fc.constantFrom('n', 'm.m'),
    args: fc.constantFrom('{}', 'bare text', '"'),
    opaque: arbitrary.opaque,
  },
  { requiredKeys: ['kind', 'id', 'callKind', 'name', 'args'] },
);

const reasoning: fc.Arbitrary<AssistantPart> = fc.record(
  {
    kind: fc.constant('reasoning' as const),
    raw: fc.constantFrom('', 'thought'),
    summary: fc.constantFrom([], [''], ['thought']),
    opaque: arbitrary.opaque,
  },
  { requiredKeys: ['kind'] },
);

const userTurn: fc.Arbitrary<UserTurn> = fc.record({
  role: fc.constant('user' as const),
  at: fc.constant('messages[0]'),
  parts: fc.array(text, { maxLength: 2 }),
});

const assistantTurn: fc.Arbitrary<AssistantTurn> = fc.record({
  role: fc.constant('assistant' as const),
  at: fc.constant('messages[1]'),
  parts: fc.array(fc.oneof(text, call, call, reasoning), { maxLength: 4 }),
});

const result: fc.Arbitrary<ToolResult> = fc.record(
  {
    at: fc.constant('messages[2].tool_call_id'),
    callId,
    callKind: fc.constantFrom('function', 'custom'),
    parts: fc.array(text, { maxLength: 2 }),
    isError: fc.boolean(),
  },
  { requiredKeys: ['at', 'callId', 'callKind', 'parts'] },
);

const toolTurn: fc.Arbitrary<ToolTurn> = fc.record({
  role: fc.constant('tool' as const),
  at: fc.constant('messages[2]'),
  results: fc.array(result, { maxLength: 3 }),
});

const systemTurn = fc.record({
  role: fc.constantFrom('system' as const, 'developer' as const),
  at: fc.constant('messages[3]'),
  parts: fc.array(text, { maxLength: 1 }),
});

/** Turns in any order, with calls and results that belong together or not; every text stands there once. */
export const anyTurns: fc.Arbitrary<readonly Turn[]> = fc
  .array(fc.oneof(userTurn, assistantTurn, assistantTurn, toolTurn, toolTurn, systemTurn), { maxLength: 12 })
  .map(numbered);

function numbered(turns: readonly Turn[]): readonly Turn[] {
  let count = 0;
  const number = <T extends object>(part: T): T =>
    'text' in part && part.text === WORD ? { ...part, text: `<${count++}>` } : part;
  return turns.map((turn): Turn => {
    switch (turn.role) {
      case 'tool':
        return {
          ...turn,
          results: turn.results.map((each) => ({ ...each, parts: each.parts.map(number) })),
        };
      case 'assistant':
        return { ...turn, parts: turn.parts.map(number) };
      case 'user':
        return { ...turn, parts: turn.parts.map(number) };
      default:
        return { ...turn, parts: turn.parts.map(number) };
    }
  });
}

/** All texts of users, systems, assistants and results, in the order of their numbers. */
export const textsOf = (turns: readonly Turn[]): readonly string[] =>
  turns
    .flatMap((turn) => (turn.role === 'tool' ? turn.results.flatMap(({ parts }) => parts) : [...turn.parts]))
    .flatMap((part) => (part.kind === 'text' ? (part.text.match(/<\d+>/g) ?? []) : []))
    .sort((a, b) => Number(a.slice(1, -1)) - Number(b.slice(1, -1)));
