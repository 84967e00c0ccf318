import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pairResults } from '../../src/fitting/pair-results.ts';
import type { ToolResult, ToolTurn, Turn } from '../../src/kernel/conversation.ts';
import { anyTurns, textsOf } from '../support/arbitrary-turns.ts';
import { assistant, call, callsOf, recordedLosses, result, resultsOf, text, tool, user } from './support.ts';

/** The paired turns, and what was noted. */
function paired(...turns: Turn[]): { turns: readonly Turn[]; notes: string[] } {
  const { losses, notes } = recordedLosses();
  return { turns: pairResults(turns, losses), notes };
}

const pair = (turns: readonly Turn[]): readonly Turn[] => pairResults(turns, recordedLosses().losses);

/** A tool turn that stands where its calls do. */
const answers = (...results: ToolResult[]): ToolTurn => ({ ...tool(...results), at: 'messages[1]' });

const missing = (id: string): unknown =>
  expect.objectContaining({ callId: id, isError: true, parts: [text('no result was provided')] });

describe('pairResults', () => {
  it('leaves a conversation alone in which every call is answered', () => {
    const turns = [
      user('q'),
      assistant(text('hm'), call('a'), call('b')),
      answers(result('a', '1'), result('b', '2')),
      assistant(text('done')),
    ];
    expect(paired(...turns)).toEqual({ turns, notes: [] });
  });

  it.each<[string, Turn[], Turn[]]>([
    [
      'gathers results that came one by one, C065',
      [assistant(call('a'), call('b')), answers(result('a', '1')), answers(result('b', '2'))],
      [assistant(call('a'), call('b')), answers(result('a', '1'), result('b', '2'))],
    ],
    [
      'puts results into the order of their calls, C061',
      [assistant(call('a'), call('b')), answers(result('b', '2'), result('a', '1'))],
      [assistant(call('a'), call('b')), answers(result('a', '1'), result('b', '2'))],
    ],
    [
      'puts a result in front of what the user said before it, C066',
      [assistant(call('a')), user('wait'), answers(result('a', '1'))],
      [assistant(call('a')), answers(result('a', '1')), user('wait')],
    ],
    [
      'makes one of assistant turns that follow each other',
      [
        assistant(text('1')),
        assistant(call('a')),
        assistant(call('b')),
        answers(result('b', '2'), result('a', '1')),
      ],
      [assistant(text('1'), call('a'), call('b')), answers(result('a', '1'), result('b', '2'))],
    ],
    [
      'makes one of assistant turns between which a result stood',
      [
        assistant(call('a')),
        user('q'),
        assistant(text('1')),
        answers(result('a', 'r')),
        assistant(text('2')),
      ],
      [assistant(call('a')), answers(result('a', 'r')), user('q'), assistant(text('1'), text('2'))],
    ],
    [
      'tells calls of one id in two turns apart',
      [
        ...[assistant(call('a', { args: '1' })), answers(result('a', 'one'))],
        ...[assistant(call('a', { args: '2' })), answers(result('a', 'two'))],
      ],
      [
        ...[assistant(call('a', { args: '1' })), answers(result('a', 'one'))],
        ...[assistant(call('a', { args: '2' })), answers(result('a', 'two'))],
      ],
    ],
    [
      'answers calls of one id in one turn in their order',
      [
        assistant(call('a', { args: '1' }), call('a', { args: '2' })),
        answers(result('a', 'one'), result('a', 'two')),
      ],
      [
        assistant(call('a', { args: '1' }), call('a', { args: '2' })),
        answers(result('a', 'one'), result('a', 'two')),
      ],
    ],
    [
      'leaves out turns that say nothing',
      [user('q'), tool(), assistant(), user('r')],
      [user('q'), user('r')],
    ],
  ])('%s', (_name, turns, expected) => {
    expect(paired(...turns)).toEqual({ turns: expected, notes: [] });
  });

  it('takes a result for that of the latest call of its id', () => {
    const { turns } = paired(assistant(call('a')), user('q'), assistant(call('a')), tool(result('a', 'r')));
    expect(resultsOf(turns)).toEqual([missing('a'), result('a', 'r')]);
  });

  it('gives a result the name and kind of its call', () => {
    const { turns } = paired(
      assistant(call('a', { name: 'patch', callKind: 'custom' })),
      tool(result('a', '1', { name: 'other' })),
    );
    expect(resultsOf(turns)).toEqual([result('a', '1', { name: 'patch', callKind: 'custom' })]);
  });

  it('answers a call that nobody answered with an error, and notes it, C067', () => {
    const { turns, notes } = paired(assistant(call('a'), call('b')), tool(result('b', '2')), user('go on'));
    expect(turns.map(({ role }) => role)).toEqual(['assistant', 'tool', 'user']);
    expect(resultsOf(turns)).toEqual([missing('a'), result('b', '2')]);
    expect(notes).toEqual(['messages[1]=answered']);
  });

  it('answers a call at the end of the conversation', () => {
    expect(resultsOf(paired(assistant(call('a'))).turns)).toEqual([missing('a')]);
  });

  it('lets a result that answers no call become what the user says, and notes its field, C068', () => {
    const { turns, notes } = paired(user('q'), tool(result('x', 'lost')));
    expect(turns).toEqual([
      user('q'),
      { role: 'user', at: 'messages[2]', parts: [text('[result of tool call x] lost')] },
    ]);
    expect(notes).toEqual(['messages[2].tool_call_id=unpaired']);
  });

  it('keeps the images of a result that answers no call', () => {
    const image = { kind: 'image', source: { type: 'url', url: 'https://x.test/a.png' } } as const;
    const [turn] = paired(tool(result('x', '', { parts: [image] }))).turns;
    expect(turn).toMatchObject({ role: 'user', parts: [text('[result of tool call x]'), image] });
  });

  it.each<[string, Turn[]]>([
    ['comes before its call', [tool(result('a', 'r')), assistant(call('a'))]],
    ['is the second of its call', [assistant(call('a')), tool(result('a', '1'), result('a', 'r'))]],
  ])('does not take a result that %s for an answer', (_name, turns) => {
    expect(textsOf(pair(turns))).toEqual(textsOf(turns));
    expect(paired(...turns).notes).toContain('messages[2].tool_call_id=unpaired');
  });
});

describe('whatever comes in, pairResults', () => {
  it('puts exactly one result for each call behind its turn, in order, and none elsewhere', () => {
    fc.assert(
      fc.property(anyTurns, (turns) => {
        const out = pair(turns);
        const answered = out.filter((_turn, index) => out[index + 1]?.role === 'tool');
        expect(resultsOf(out).map(({ callId }) => callId)).toEqual(callsOf(answered).map(({ id }) => id));
        expect(callsOf(answered)).toEqual(callsOf(out));
      }),
      { numRuns: 1000 },
    );
  });

  it('lets no two assistant turns, and no two tool turns, follow each other', () => {
    fc.assert(
      fc.property(anyTurns, (turns) => {
        const roles = pair(turns).map(({ role }) => role);
        expect(
          roles.filter((role, index) => role === roles[index - 1] && /assistant|tool/.test(role)),
        ).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });

  it('loses no text and no call, and says nothing twice', () => {
    fc.assert(
      fc.property(anyTurns, (turns) => {
        const out = pair(turns);
        expect(textsOf(out)).toEqual(textsOf(turns));
        expect(callsOf(out)).toEqual(callsOf(turns));
      }),
      { numRuns: 1000 },
    );
  });

  it('has nothing left to do a second time', () => {
    fc.assert(
      fc.property(anyTurns, (turns) => {
        const out = pair(turns);
        expect(pair(out)).toEqual(out);
      }),
      { numRuns: 500 },
    );
  });
});
