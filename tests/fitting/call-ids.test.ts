import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitCallIds } from '../../src/fitting/call-ids.ts';
import { pairResults } from '../../src/fitting/pair-results.ts';
import type { WordRule } from '../../src/kernel/tool-rules.ts';
import { anyTurns } from '../support/arbitrary-turns.ts';
import {
  assistant,
  call,
  callsOf,
  isLegal,
  NARROW,
  recordedLosses,
  result,
  resultsOf,
  tool,
  user,
} from './support.ts';

const RULE = NARROW.ids;

const pairedTurns = anyTurns.map((turns) => pairResults(turns, recordedLosses().losses));

/** The ids that turns of one call each get. */
const idsOf = (ids: readonly string[], rule: WordRule = RULE): readonly string[] => {
  const turns = ids.flatMap((id) => [assistant(call(id)), tool(result(id, 'r'))]);
  return callsOf(fitCallIds(turns, rule)).map(({ id }) => id);
};

describe('fitCallIds', () => {
  it('gives every call a legal id of its own, and its result the same', () => {
    fc.assert(
      fc.property(pairedTurns, (turns) => {
        const out = fitCallIds(turns, RULE);
        const ids = callsOf(out).map(({ id }) => id);
        expect(ids.filter((id) => !isLegal(id, RULE))).toEqual([]);
        expect(new Set(ids).size).toBe(ids.length);
        expect(resultsOf(out).map(({ callId }) => callId)).toEqual(ids);
      }),
      { numRuns: 1000 },
    );
  });

  it('gives the calls of a longer conversation the ids they had before', () => {
    fc.assert(
      fc.property(pairedTurns, fc.nat(12), (turns, length) => {
        const early = fitCallIds(turns.slice(0, length), RULE);
        expect(fitCallIds(turns, RULE).slice(0, early.length)).toEqual(early);
      }),
      { numRuns: 500 },
    );
  });

  it('changes nothing but ids', () => {
    fc.assert(
      fc.property(pairedTurns, (turns) => {
        const nameless = (key: string, value: unknown): unknown => (/^(?:id|callId)$/.test(key) ? '' : value);
        expect(JSON.stringify(fitCallIds(turns, RULE), nameless)).toBe(JSON.stringify(turns, nameless));
      }),
    );
  });

  it('gives an id of 200 signs one short form on call and result, C082', () => {
    const long = 'x'.repeat(200);
    const turns = fitCallIds([user('q'), assistant(call(long)), tool(result(long, 'r'))], RULE);
    const [id] = callsOf(turns).map((each) => each.id);
    expect(id).toMatch(/^call_[a-z2-7]{24}$/);
    expect(resultsOf(turns)).toEqual([result(id ?? '', 'r')]);
  });

  it.each<[string, readonly string[], readonly string[]]>([
    ['keeps ids that are legal and new', ['a', 'b'], ['a', 'b']],
    ['counts an id that comes again', ['a', 'a', 'b', 'a'], ['a', 'a_2', 'b', 'a_3']],
    ['steps over a count that a client uses itself', ['a_2', 'a', 'a'], ['a_2', 'a', 'a_3']],
    ['finds a new id for one that a count has taken', ['a', 'a', 'a_2'], ['a', 'a_2', 'a_2_2']],
  ])('%s', (_name, ids, expected) => {
    expect(idsOf(ids)).toEqual(expected);
  });

  it.each([9, 5, 40])('counts within a limit of %i signs', (max) => {
    const rule = { ...RULE, max };
    const ids = idsOf(
      Array.from({ length: 30 }, () => 'x'.repeat(max)),
      rule,
    );
    expect(new Set(ids).size).toBe(30);
    expect(ids.filter((id) => !isLegal(id, rule))).toEqual([]);
  });

  it('gives a result the name under which its call goes out', () => {
    const turns = [assistant(call('a', { name: 'wire', callKind: 'custom' })), tool(result('a', 'r'))];
    expect(resultsOf(fitCallIds(turns, RULE))).toEqual([
      result('a', 'r', { name: 'wire', callKind: 'custom' }),
    ]);
  });
});
