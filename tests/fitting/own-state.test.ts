import { describe, expect, it } from 'vitest';
import { dropState, holdsState, isOwnState, keepOwnState } from '../../src/fitting/own-state.ts';
import type { Capabilities } from '../../src/kernel/capabilities.ts';
import type { AssistantPart, OpaqueState, Turn } from '../../src/kernel/conversation.ts';
import { PLAIN_NAMES } from '../support/empty-request.ts';
import { assistant, call, recordedLosses, result, state, text, tool, user } from './support.ts';

/** What is left of one assistant turn's parts on the way to `us`, and what was noted. */
function kept(parts: AssistantPart[], capabilities: Capabilities = {}): { parts: unknown; notes: string[] } {
  const { losses, notes } = recordedLosses();
  const [turn] = keepOwnState([assistant(...parts)], PLAIN_NAMES, { issuer: 'us', capabilities, losses });
  return { parts: turn?.role === 'assistant' ? turn.parts : undefined, notes };
}

const own = state('own');
const foreign = state('foreign', { issuer: 'them' });
const withheld = ['messages[].reasoning=withheld'];

describe('isOwnState', () => {
  it.each<[boolean, string, OpaqueState, Capabilities]>([
    [true, "of the dialect's own issuer", own, {}],
    [false, 'of another issuer', foreign, {}],
    [true, "of the issuer that the model's record names", foreign, { issuer: 'them' }],
    [false, "of the dialect's issuer where the record names another", own, { issuer: 'them' }],
    [true, 'of the same family', state('s', { family: 'f' }), { family: 'f' }],
    [false, 'of another family of the same issuer', state('s', { family: 'f' }), { family: 'g' }],
    [false, 'of no family, where the model has one', own, { family: 'f' }],
    [false, 'of a family, where the model has none', state('s', { family: 'f' }), {}],
    [false, 'that only says there is none', state('', { kind: 'none' }), {}],
  ])('is %s for state %s', (expected, _name, opaque, capabilities) => {
    expect(isOwnState(opaque, { issuer: 'us', capabilities })).toBe(expected);
  });

  it('is false for nothing', () => {
    expect(isOwnState(undefined, { issuer: 'us', capabilities: {} })).toBe(false);
  });
});

describe('keepOwnState', () => {
  it('keeps own state and everything without any', () => {
    const parts: AssistantPart[] = [
      { kind: 'reasoning', raw: 'hm', opaque: own },
      { kind: 'reasoning', opaque: state('r', { kind: 'redacted' }) },
      text('answer'),
      { kind: 'refusal', text: 'no' },
      call('a', { opaque: own }),
      call('b'),
    ];
    expect(kept(parts)).toEqual({ parts, notes: [] });
  });

  it.each<[string, AssistantPart, AssistantPart[]]>([
    [
      'keeps the words of thoughts',
      { kind: 'reasoning', raw: 'hm', opaque: foreign },
      [{ kind: 'reasoning', raw: 'hm' }],
    ],
    [
      'keeps what was made of thoughts',
      { kind: 'reasoning', summary: ['', 'so'], opaque: foreign },
      [{ kind: 'reasoning', summary: ['', 'so'] }],
    ],
    ['leaves wordless thoughts out', { kind: 'reasoning', raw: '', summary: [''], opaque: foreign }, []],
    [
      'notes thoughts that never had state',
      { kind: 'reasoning', raw: 'hm' },
      [{ kind: 'reasoning', raw: 'hm' }],
    ],
    [
      'takes a carrier of no state for none',
      { kind: 'reasoning', raw: 'hm', opaque: state('', { kind: 'none' }) },
      [{ kind: 'reasoning', raw: 'hm' }],
    ],
  ])('%s, as withheld', (_name, part, expected) => {
    expect(kept([part])).toStrictEqual({ parts: expected, notes: withheld });
  });

  it('notes nothing where the model wants to read the words again', () => {
    const part: AssistantPart = { kind: 'reasoning', raw: 'hm', opaque: foreign };
    expect(kept([part], { needsReasoningEcho: true })).toStrictEqual({
      parts: [{ kind: 'reasoning', raw: 'hm' }],
      notes: [],
    });
  });

  it('takes foreign state off calls without a word: they are as good without it', () => {
    expect(kept([call('a', { opaque: foreign })])).toStrictEqual({ parts: [call('a')], notes: [] });
  });

  it("leaves out what another service's own tools left in the answer, and notes it", () => {
    const hosted: AssistantPart = { kind: 'hosted', protocol: 'openai-responses', raw: { type: 'x' } };
    expect(kept([hosted, text('a')])).toEqual({ parts: [text('a')], notes: ['messages[1]=dropped'] });
  });

  it('touches no other turn', () => {
    const turns: Turn[] = [user('q'), tool(result('a', 'r'))];
    const { losses } = recordedLosses();
    expect(keepOwnState(turns, PLAIN_NAMES, { issuer: 'us', capabilities: {}, losses })).toEqual(turns);
  });
});

describe('dropState', () => {
  it('takes all state away and keeps all words', () => {
    const turns = [
      user('q'),
      assistant(
        { kind: 'reasoning', raw: 'hm', opaque: own },
        { kind: 'reasoning', opaque: own },
        text('answer'),
        call('a', { opaque: own }),
      ),
    ];
    const dropped = dropState(turns);
    expect(dropped).toStrictEqual([
      user('q'),
      assistant({ kind: 'reasoning', raw: 'hm' }, text('answer'), call('a')),
    ]);
    expect([holdsState(turns), holdsState(dropped)]).toEqual([true, false]);
  });
});

describe('holdsState', () => {
  it.each<[boolean, Turn]>([
    [true, assistant(call('a', { opaque: own }))],
    [true, assistant(text('x'), { kind: 'reasoning', opaque: own })],
    [false, assistant(call('a'), { kind: 'reasoning', raw: 'hm' })],
    [false, user('q')],
  ])('is %s for %j', (expected, turn) => {
    expect(holdsState([turn])).toBe(expected);
  });
});
