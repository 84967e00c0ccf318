import { describe, expect, it } from 'vitest';
import { recallState } from '../../src/fitting/recall-state.ts';
import type { CallMemory } from '../../src/fitting/recall-state.ts';
import type { AssistantPart, ReasoningPart, Turn } from '../../src/kernel/conversation.ts';
import { assistant, call, result, state, text, tool, user } from './support.ts';

const own = state('own');
const thought: ReasoningPart = { kind: 'reasoning', raw: 'hm', opaque: own };

/** The turns after a memory of these calls has been over them. */
const recalled = (turns: readonly Turn[], memory: Readonly<Record<string, CallMemory>>): readonly Turn[] =>
  recallState(turns, { issuer: 'us', capabilities: {}, recall: (id) => memory[id] });

describe('recallState', () => {
  it('gives a turn its thoughts back, in front, and its calls their state, C064', () => {
    const turns = [
      user('q'),
      assistant(text('so'), call('a'), call('b')),
      tool(result('a', '1'), result('b', '2')),
    ];
    const memory = { a: { reasoning: [thought], opaque: state('s1') }, b: { reasoning: [] } };
    expect(recalled(turns, memory)).toEqual([
      user('q'),
      assistant(thought, text('so'), call('a', { opaque: state('s1') }), call('b')),
      turns[2],
    ]);
  });

  it('puts thoughts with their state in place of the words that the client echoed', () => {
    const turns = [assistant({ kind: 'reasoning', raw: 'words alone' }, call('a'))];
    expect(recalled(turns, { a: { reasoning: [thought] } })).toEqual([assistant(thought, call('a'))]);
  });

  it('gives state to every later call of the turn that has its own in memory', () => {
    const turns = [assistant(call('a'), call('b'))];
    const memory = { b: { reasoning: [], opaque: own } };
    expect(recalled(turns, memory)).toEqual([assistant(call('a'), call('b', { opaque: own }))]);
  });

  it.each<[string, AssistantPart[]]>([
    ['has own thoughts', [{ ...thought, opaque: state('carried') }, call('a')]],
    ['has own state on a call', [call('a'), call('b', { opaque: state('carried') })]],
    ['makes no call', [text('a')]],
    ['makes a call that nothing is known of', [text('so'), call('z')]],
  ])('leaves a turn alone that %s', (_name, parts) => {
    const memory = { a: { reasoning: [thought], opaque: own } };
    expect(recalled([assistant(...parts)], memory)).toEqual([assistant(...parts)]);
  });

  it('gives a turn its own back that carries the state of others only', () => {
    const foreign: AssistantPart = { ...thought, opaque: state('x', { issuer: 'them' }) };
    expect(recalled([assistant(foreign, call('a'))], { a: { reasoning: [thought] } })).toEqual([
      assistant(thought, call('a')),
    ]);
  });

  it.each([
    ['another service', state('s', { issuer: 'them' })],
    ['another model family', state('s', { family: 'f' })],
  ])('does not give back what %s has made', (_name, opaque) => {
    const turns = [assistant({ kind: 'reasoning', raw: 'words' }, call('a'))];
    expect(recalled(turns, { a: { reasoning: [{ ...thought, opaque }], opaque } })).toEqual(turns);
  });
});
