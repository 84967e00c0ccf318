import fc from 'fast-check';
import type { Edit } from '../../src/kernel/edit.ts';
import { findObject, isJsonArray, parseJson } from '../../src/kernel/json.ts';
import type { Json } from '../../src/kernel/json.ts';
import { jsonText, KEYS } from './arbitrary-json.ts';

const key = fc.constantFrom(...KEYS, 'absent');
const json = jsonText.map(parseJson);

const wrapping = fc.constantFrom(
  { before: '', after: '' },
  { before: '[', after: ']' },
  { before: '{"type":"text","text":', after: ',"n":12345678901234567890}' },
  { before: ' [1, ', after: ' ,"é"] ' },
);

/** Texts that stand in an element, however it is printed: in all, in those with a string in them, in none. */
const marks = fc.subarray(['', '"', 'nowhere'], { minLength: 1 });

/** What becomes of a marked element. */
const revision = fc.constantFrom<((element: Json) => Json | undefined)[]>(
  (element) => element,
  (element) => [element, element],
  (element) => (isJsonArray(element) || findObject(element) !== undefined ? undefined : element),
  () => undefined,
  () => 'é"\\ new',
);

const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({ kind: fc.constant('set' as const), key, value: json }),
  fc.record({ kind: fc.constant('remove' as const), key }),
  fc.record({ kind: fc.constant('unshift' as const), key, element: json }),
  fc.record({ kind: fc.constant('replace-first' as const), key, element: json }),
  fc.record({ kind: fc.constant('revise' as const), key, marks, revise: revision }),
  fc.record({
    kind: fc.constant('prefix' as const),
    key,
    text: fc.string({ unit: 'grapheme', maxLength: 5 }),
  }),
  fc.tuple(key, wrapping).map(([name, pair]): Edit => ({ kind: 'wrap', key: name, ...pair })),
);

/** Edits of every kind, several of them on one key. */
export const someEdits: fc.Arbitrary<readonly Edit[]> = fc.array(edit, { maxLength: 6 });
