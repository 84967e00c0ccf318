import fc from 'fast-check';
import type { Edit } from '../../src/kernel/edit.ts';
import { parseJson } from '../../src/kernel/json.ts';
import { jsonText, KEYS } from './arbitrary-json.ts';

const key = fc.constantFrom(...KEYS, 'absent');
const json = jsonText.map(parseJson);

const wrapping = fc.constantFrom(
  { before: '', after: '' },
  { before: '[', after: ']' },
  { before: '{"type":"text","text":', after: ',"n":12345678901234567890}' },
  { before: ' [1, ', after: ' ,"é"] ' },
);

const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({ kind: fc.constant('set' as const), key, value: json }),
  fc.record({ kind: fc.constant('remove' as const), key }),
  fc.record({ kind: fc.constant('unshift' as const), key, element: json }),
  fc.record({ kind: fc.constant('replace-first' as const), key, element: json }),
  fc.record({
    kind: fc.constant('prefix' as const),
    key,
    text: fc.string({ unit: 'grapheme', maxLength: 5 }),
  }),
  fc.tuple(key, wrapping).map(([name, pair]): Edit => ({ kind: 'wrap', key: name, ...pair })),
);

/** Edits of every kind, several of them on one key. */
export const someEdits: fc.Arbitrary<readonly Edit[]> = fc.array(edit, { maxLength: 6 });
