import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRawJson } from '../../src/kernel/json.ts';
import { createLossLog } from '../../src/kernel/losses.ts';
import { without } from '../../src/kernel/without.ts';
import { dialogue } from '../support/arbitrary-dialogue.ts';
import type { Dialogue } from '../support/arbitrary-dialogue.ts';
import { renderDialogue } from '../support/render-dialogue.ts';
import { clients } from './read-back.ts';

/**
 * A dialogue as every dialect can tell it: without the places in the client's own words and without the name of a format,
 * which Messages has no member for; nor one for parallel calls where none may be made.
 */
function meaningOf(said: Dialogue): unknown {
  const { system, turns, tools, sampling, maxTokens, stream, parallelToolCalls } = said;
  const { toolChoice = { type: 'auto' }, format } = said;
  return withoutPlaces({
    system: system.map(({ text }) => text),
    turns,
    tools,
    toolChoice,
    callsOneByOne: parallelToolCalls === false && toolChoice.type !== 'none',
    sampling,
    maxTokens,
    format: format?.type === 'json-schema' ? without(format, 'name') : format,
    stream,
  });
}

function withoutPlaces(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutPlaces);
  if (typeof value !== 'object' || value === null || isRawJson(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => (key === 'at' ? [] : [[key, withoutPlaces(inner)]])),
  );
}

describe.each(clients)('any conversation in the words of $protocol', (client) => {
  it('C174 is read as it was meant', () => {
    fc.assert(
      fc.property(dialogue, (said) => {
        const losses = createLossLog();
        const read = client.decodeRequest(renderDialogue(client.protocol, said), losses);
        expect(meaningOf(read)).toEqual(meaningOf(said));
        expect(losses.summary()).toBe('');
      }),
      { numRuns: 300 },
    );
  });
});
