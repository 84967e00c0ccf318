import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/kernel/json.ts';
import { calls, messagesOf, results, user } from './setup.ts';

type Message = { readonly content: readonly JsonObject[] };

const blocksOf = (...given: Parameters<typeof messagesOf>): readonly JsonObject[] =>
  (messagesOf(...given) as readonly Message[]).flatMap(({ content }) => content);
const wireIds = (...given: Parameters<typeof messagesOf>): unknown[] =>
  blocksOf(...given).flatMap((block) => (block['type'] === 'tool_use' ? [block['id']] : []));
const answeredIds = (...given: Parameters<typeof messagesOf>): unknown[] =>
  blocksOf(...given).flatMap((block) => (block['type'] === 'tool_result' ? [block['tool_use_id']] : []));

const copiesOf = (id: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => (index === 0 ? id : `${id}_${index + 1}`));

describe('anthropic-messages call ids', () => {
  it('are numbered on, past numbers that the client uses itself', () => {
    const ids = ['a_2', 'a', 'a', 'a', 'a_2', 'a', 'b', 'b'];
    expect(wireIds([user('x'), calls(...ids)])).toEqual([
      'a_2',
      'a',
      'a_3',
      'a_4',
      'a_2_2',
      'a_5',
      'b',
      'b_2',
    ]);
  });

  it('shorten what stands before the number as the number grows', () => {
    const shortened = wireIds([user('x'), calls(...Array<string>(11).fill('abcdefgh'))], { toolIdMax: 8 });
    expect(shortened.slice(-3)).toEqual(['abcdef_9', 'abcde_10', 'abcde_11']);
  });

  it('stay distinct where many long ids differ in their last characters only', () => {
    const ids = Array.from({ length: 5_000 }, (_, index) => `abcd${String(index).padStart(4, '0')}`);
    const sent = wireIds([user('x'), calls(...ids, ...ids)], { toolIdMax: 8 });
    expect(new Set(sent).size).toBe(10_000);
    expect(sent.filter((id) => String(id).length > 8)).toEqual([]);
  });

  it('are distinct in a long conversation whose rounds all use one id', () => {
    const rounds = Array.from({ length: 10_000 }, () => [calls('c1'), results('c1')]).flat();
    const turns = [user('x'), ...rounds];
    expect(wireIds(turns)).toEqual(copiesOf('c1', 10_000));
    expect(answeredIds(turns)).toEqual(copiesOf('c1', 10_000));
  });

  it('are distinct in one turn with many calls of one id', () => {
    const ids = Array<string>(20_000).fill('c1');
    const turns = [user('x'), calls(...ids), results(...ids)];
    expect(wireIds(turns)).toEqual(copiesOf('c1', 20_000));
    expect(answeredIds(turns)).toEqual(copiesOf('c1', 20_000));
  });

  it('pair many results that come in another order than their calls', () => {
    const ids = Array.from({ length: 20_000 }, (_, index) => `c${index}`);
    const turns = [user('x'), calls(...ids), results(...ids.toReversed())];
    expect(answeredIds(turns)).toEqual(ids);
  });
});
