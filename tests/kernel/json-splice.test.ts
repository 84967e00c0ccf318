import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Edit } from '../../src/kernel/edit.ts';
import { scanObject } from '../../src/kernel/json-scan.ts';
import { spliceEdits } from '../../src/kernel/json-splice.ts';
import { findObject, parseJson, writeJson } from '../../src/kernel/json.ts';
import { applyEdits } from '../../src/kernel/wire-object.ts';
import { someEdits } from '../support/arbitrary-edits.ts';
import { objectText } from '../support/arbitrary-json.ts';
import { bytesOf, textOf } from '../support/chunks.ts';
import { exactJson } from '../support/exact-json.ts';

const splice = (text: string, edits: readonly Edit[]): string =>
  textOf(...spliceEdits(scanObject(bytesOf(text)), edits).chunks);

/** Name and exact text of every member, in order. */
function memberTexts(text: string): { key: string; text: string }[] {
  const { bytes, members } = scanObject(bytesOf(text));
  return members.map(({ key, start, value }) => ({ key, text: textOf(bytes.subarray(start, value.end)) }));
}

describe('spliceEdits', () => {
  it('gives the JSON that applyEdits gives', () => {
    fc.assert(
      fc.property(objectText, someEdits, (text, edits) => {
        const applied = applyEdits(findObject(parseJson(text)) ?? {}, edits);
        expect(exactJson(splice(text, edits))).toEqual(exactJson(writeJson(applied)));
      }),
      { numRuns: 2000 },
    );
  });

  it('keeps every byte of the members that no edit names, and their order', () => {
    fc.assert(
      fc.property(objectText, someEdits, (text, edits) => {
        const untouched = ({ key }: { key: string }): boolean => edits.every((edit) => edit.key !== key);
        expect(memberTexts(splice(text, edits)).filter(untouched)).toEqual(
          memberTexts(text).filter(untouched),
        );
      }),
      { numRuns: 1000 },
    );
  });

  it('gives the very bytes back when there is nothing to edit', () => {
    fc.assert(
      fc.property(objectText, (text) => {
        expect(splice(text, [])).toBe(text);
      }),
    );
  });

  it('tells the length of all chunks, none of which is empty', () => {
    fc.assert(
      fc.property(objectText, someEdits, (text, edits) => {
        const { chunks, byteLength } = spliceEdits(scanObject(bytesOf(text)), edits);
        expect(byteLength).toBe(Buffer.concat(chunks).length);
        expect(chunks.filter((chunk) => chunk.length === 0)).toEqual([]);
      }),
    );
  });

  it.each<[string, string, Edit[], string]>([
    [
      'sets a member in its place',
      '{ "a" : 1 , "b" : 2 }',
      [{ kind: 'set', key: 'a', value: 'x' }],
      '{ "a" : "x" , "b" : 2 }',
    ],
    ['adds a member at the end', '{ "a": 1 }', [{ kind: 'set', key: 'b', value: 2 }], '{ "a": 1,"b":2 }'],
    ['adds a member to nothing', '{ }', [{ kind: 'set', key: 'b', value: 2 }], '{ "b":2}'],
    ['removes the only member', '{ "a": 1 }', [{ kind: 'remove', key: 'a' }], '{  }'],
    ['removes the first member', '{ "a": 1, "b": 2 }', [{ kind: 'remove', key: 'a' }], '{ "b": 2 }'],
    ['removes the last member', '{ "a": 1, "b": 2 }', [{ kind: 'remove', key: 'b' }], '{ "a": 1 }'],
    ['removes a member in between', '{"a":1, "b":2, "c":3}', [{ kind: 'remove', key: 'b' }], '{"a":1,"c":3}'],
    [
      'keeps only the last of two members it edits',
      '{"a":1,"b":0,"a":2}',
      [{ kind: 'wrap', key: 'a', before: '[', after: ']' }],
      '{"b":0,"a":[2]}',
    ],
    [
      'finds a name written with escapes',
      '{"\\u0061":1}',
      [{ kind: 'set', key: 'a', value: 2 }],
      '{"\\u0061":2}',
    ],
    [
      'puts an element in front of a list',
      '{"a":[ 1 ]}',
      [{ kind: 'unshift', key: 'a', element: 0 }],
      '{"a":[0, 1 ]}',
    ],
    [
      'puts an element into an empty list',
      '{"a":[ ]}',
      [{ kind: 'unshift', key: 'a', element: 0 }],
      '{"a":[0 ]}',
    ],
    [
      'replaces the first element',
      '{"a":[ {"x":[1]} , 2]}',
      [{ kind: 'replace-first', key: 'a', element: 0 }],
      '{"a":[ 0 , 2]}',
    ],
    [
      'leaves an empty list without a first element',
      '{"a":[ ]}',
      [{ kind: 'replace-first', key: 'a', element: 0 }],
      '{"a":[ ]}',
    ],
    [
      'puts text in front of a string',
      '{"a":"\\u0041"}',
      [{ kind: 'prefix', key: 'a', text: 'é"\n' }],
      '{"a":"é\\"\\n\\u0041"}',
    ],
    [
      'leaves a number that should be a string',
      '{"a": 1}',
      [{ kind: 'prefix', key: 'a', text: 'x' }],
      '{"a": 1}',
    ],
    [
      'leaves a string that should be a list',
      '{"a": "[]"}',
      [{ kind: 'unshift', key: 'a', element: 0 }],
      '{"a": "[]"}',
    ],
    ['adds nothing for an absent list', '{}', [{ kind: 'unshift', key: 'a', element: 0 }], '{}'],
    [
      'wraps a value as it stands',
      '{"a": 1.50 }',
      [{ kind: 'wrap', key: 'a', before: '[', after: ',2]' }],
      '{"a": [1.50,2] }',
    ],
    [
      'applies two edits of one member in turn',
      '{"a":"c"}',
      [
        { kind: 'prefix', key: 'a', text: 'b' },
        { kind: 'prefix', key: 'a', text: 'a' },
      ],
      '{"a":"abc"}',
    ],
    [
      'adds a member that was removed before',
      '{"a":1}',
      [
        { kind: 'remove', key: 'a' },
        { kind: 'set', key: 'a', value: 2 },
      ],
      '{"a":2}',
    ],
  ])('%s', (_name, text, edits, expected) => {
    expect(splice(text, edits)).toBe(expected);
  });

  it.each(['__proto__', 'constructor', 'toString'])(
    'removes the member %s for good after two edits',
    (key) => {
      const edits: Edit[] = [
        { kind: 'set', key, value: 1 },
        { kind: 'remove', key },
      ];
      expect(splice(`{"${key}":1,"b":2}`, edits)).toBe('{"b":2}');
      expect(splice('{"b":2}', edits)).toBe('{"b":2}');
    },
  );

  it('does not send on a byte order mark', () => {
    expect(splice('\ufeff{"a":1}', [{ kind: 'set', key: 'a', value: 2 }])).toBe('{"a":2}');
  });

  it("sends the client's own bytes on without copying them", () => {
    const bytes = bytesOf('{"model":"a","input":"a long prompt"}');
    const { chunks } = spliceEdits(scanObject(bytes), [{ kind: 'set', key: 'model', value: 'b' }]);
    expect(chunks.map((chunk) => chunk.buffer === bytes.buffer)).toEqual([true, false, true]);
  });

  it("refuses a malformed string that it has to read, as the request's fault", () => {
    const edits: Edit[] = [
      { kind: 'prefix', key: 'a', text: 'x' },
      { kind: 'prefix', key: 'a', text: 'y' },
    ];
    expect(() => splice('{"a":"\\x"}', edits)).toThrow(
      expect.objectContaining({ kind: 'invalid-request', status: 400 }),
    );
  });
});
