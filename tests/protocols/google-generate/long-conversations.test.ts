import { describe, expect, it } from 'vitest';
import type { Turn } from '../../../src/kernel/conversation.ts';
import { assistant, call, contentsOf, response, results, said, user } from './support.ts';

const COUNT = 20_000;
const manyTurns = (make: (index: number) => Turn): Turn[] =>
  Array.from({ length: COUNT }, (_, index) => make(index));
const manyParts = (make: (index: number) => object): object[] =>
  Array.from({ length: COUNT }, (_, index) => make(index));

describe('google-generate contents of a very long conversation', () => {
  it('join the words of a user who speaks many times in a row', () => {
    expect(contentsOf(manyTurns((index) => user(`${index}`)))).toEqual([
      { role: 'user', parts: manyParts((index) => ({ text: `${index}` })) },
    ]);
  });

  it('join many system texts in the middle', () => {
    const system = (text: string): Turn => ({
      role: 'system',
      at: 'messages[2]',
      parts: [{ kind: 'text', text }],
    });
    const turns = [user('hi'), assistant(said('a')), ...manyTurns((index) => system(`${index}`))];
    expect(contentsOf(turns)).toEqual([
      { role: 'user', parts: [{ text: 'hi' }] },
      { role: 'model', parts: [{ text: 'a' }] },
      {
        role: 'user',
        parts: manyParts((index) => ({ text: `<system-reminder>\n${index}\n</system-reminder>` })),
      },
    ]);
  });

  it('join many answers in a row', () => {
    expect(contentsOf([user('hi'), ...manyTurns((index) => assistant(said(`${index}`)))])).toEqual([
      { role: 'user', parts: [{ text: 'hi' }] },
      { role: 'model', parts: manyParts((index) => ({ text: `${index}` })) },
    ]);
  });

  it('answer many calls of one step, whatever the order of the results', () => {
    const ids = Array.from({ length: COUNT }, (_, index) => `call_${index}`);
    const turns = [user('hi'), assistant(...ids.map((id) => call(id, 'f'))), results(...ids.toReversed())];
    expect(contentsOf(turns)).toMatchObject([
      {},
      {},
      { role: 'user', parts: manyParts((index) => response('f', `of call_${index}`)) },
    ]);
  });
});
