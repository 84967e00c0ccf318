import { describe, expect, it } from 'vitest';
import type { Turn } from '../../../src/kernel/conversation.ts';
import { findString, isJsonObject } from '../../../src/kernel/json.ts';
import type { Json } from '../../../src/kernel/json.ts';
import { inputOf, user } from './support.ts';

const calls = (...named: (readonly [id: string, name: string])[]): Turn => ({
  role: 'assistant',
  at: 'messages[1]',
  parts: named.map(([id, name]) => ({ kind: 'tool-call', id, callKind: 'function', name, args: '{}' })),
});
const results = (...told: (readonly [callId: string, text: string])[]): Turn => ({
  role: 'tool',
  at: 'messages[2]',
  results: told.map(([callId, text]) => ({ callId, callKind: 'function', parts: [{ kind: 'text', text }] })),
});

/** Each item as `<id> <name>` for a call, `<id> = <output>` for a result, and the text of a user. */
const linesOf = (turns: readonly Turn[]): string[] => (inputOf(turns) as Json[]).map(lineOf);

function lineOf(item: Json): string {
  if (!isJsonObject(item)) return 'no object';
  const [id, name, output] = [item['call_id'], item['name'], item['output']].map(findString);
  if (item['type'] === 'function_call') return `${id ?? ''} ${name ?? ''}`;
  return id === undefined ? JSON.stringify(item['content']) : `${id} = ${output ?? ''}`;
}

const stray = (id: string, text: string): string =>
  JSON.stringify([{ type: 'input_text', text: `[result of tool call ${id}] ${text}` }]);

describe('openai-responses calls that share an id', () => {
  it.each<[string, Turn[], string[]]>([
    [
      'in one turn get their results in order',
      [calls(['call_1', 'a'], ['call_1', 'b']), results(['call_1', 'r1']), results(['call_1', 'r2'])],
      ['call_1 a', 'call_1_2 b', 'call_1 = r1', 'call_1_2 = r2'],
    ],
    [
      'in two rounds keep their pairs',
      [calls(['c', 'a']), results(['c', 'r1']), calls(['c', 'b']), results(['c', 'r2'])],
      ['c a', 'c = r1', 'c_2 b', 'c_2 = r2'],
    ],
    [
      'are answered in the latest turn first, there from the first call on',
      [
        calls(['c', 'old']),
        calls(['c', 'a'], ['c', 'b']),
        results(['c', 'r1'], ['c', 'r2'], ['c', 'r3'], ['c', 'r4']),
      ],
      ['c old', 'c = r3', 'c_2 a', 'c_3 b', 'c_2 = r1', 'c_3 = r2', stray('c', 'r4')],
    ],
    [
      'get an error of their own where a result is missing',
      [calls(['c', 'a'], ['c', 'b']), results(['c', 'r1'])],
      ['c a', 'c_2 b', 'c = r1', 'c_2 = Error: no result was provided'],
    ],
    [
      'take no id that the client uses elsewhere, before or after',
      [calls(['c', 'a'], ['c', 'b'], ['c_2', 'd'], ['c', 'e']), results(['c_3', 'lost'])],
      [
        'c a',
        'c_4 b',
        'c_2 d',
        'c_5 e',
        ...['c', 'c_4', 'c_2', 'c_5'].map((id) => `${id} = Error: no result was provided`),
        stray('c_3', 'lost'),
      ],
    ],
  ])('%s', (_what, turns, lines) => {
    expect(linesOf(turns)).toEqual(lines);
  });

  it('stay within the length that the service takes, however many there are', () => {
    const id = 'x'.repeat(64);
    const lines = linesOf([calls(...Array.from({ length: 11 }, () => [id, 'f'] as const))]);
    expect(lines.slice(8, 11)).toEqual([
      `${'x'.repeat(62)}_9 f`,
      `${'x'.repeat(61)}_10 f`,
      `${'x'.repeat(61)}_11 f`,
    ]);
  });

  it('are told apart in a long conversation whose rounds all use one id', () => {
    const rounds = Array.from({ length: 10_000 }, (_, index) => [
      calls(['c', 'f']),
      results(['c', `r${index}`]),
    ]);
    const lines = linesOf([user('hi'), ...rounds.flat()]);
    expect(new Set(lines).size).toBe(20_001);
    expect(lines.slice(-2)).toEqual(['c_10000 f', 'c_10000 = r9999']);
  });

  it('are told apart in one turn with very many', () => {
    const indexes = Array.from({ length: 20_000 }, (_, index) => index);
    const turns = [
      calls(...indexes.map(() => ['c', 'f'] as const)),
      results(...indexes.map((index) => ['c', `r${index}`] as const)),
    ];
    const lines = linesOf(turns);
    expect(new Set(lines).size).toBe(40_000);
    expect([lines[20_000], lines[20_001], lines[39_999]]).toEqual(['c = r0', 'c_2 = r1', 'c_20000 = r19999']);
  });
});
