import { describe, expect, it } from 'vitest';
import type { Edit } from '../../src/kernel/edit.ts';
import { scanObject } from '../../src/kernel/json-scan.ts';
import { spliceEdits } from '../../src/kernel/json-splice.ts';
import { findObject, isJsonObject, parseJson, writeJson } from '../../src/kernel/json.ts';
import type { Json } from '../../src/kernel/json.ts';
import { applyEdits } from '../../src/kernel/wire-object.ts';
import { bytesOf, textOf } from '../support/chunks.ts';

const splice = (text: string, edits: readonly Edit[]): string =>
  textOf(...spliceEdits(scanObject(bytesOf(text)), edits).chunks);

const apply = (text: string, edits: readonly Edit[]): string =>
  writeJson(applyEdits(findObject(parseJson(text)) ?? {}, edits));

/** Takes out what holds nothing but a state, and the state out of everything else. */
function clean(element: Json): Json | undefined {
  if (!isJsonObject(element)) return undefined;
  const rest = Object.fromEntries(Object.entries(element).filter(([key]) => key !== 'state'));
  return Object.keys(rest).length === 0 ? undefined : rest;
}

const cleaning: Edit = { kind: 'revise', key: 'input', marks: ['px1.', '"rs_px'], revise: clean };

describe('a revision', () => {
  it.each<[string, string, string]>([
    ['rewrites a marked element', '{"input":[{"a":1,"state":"px1.x"}]}', '{"input":[{"a":1}]}'],
    ['takes a marked element out', '{"input":[{"a":1},{"state":"px1.x"}]}', '{"input":[{"a":1}]}'],
    ['takes the first element out', '{"input":[{"state":"px1.x"},{"a":1}]}', '{"input":[{"a":1}]}'],
    ['takes every element out', '{"input":[ {"state":"px1.x"} , "px1." ]}', '{"input":[]}'],
    ['goes by any of its marks', '{"input":[{"state":"rs_px7"},{"state":"x"}]}', '{"input":[{"state":"x"}]}'],
    ['finds a mark at any depth', '{"input":[[[{"x":"px1."}]], 1]}', '{"input":[1]}'],
    ['leaves the other members', '{"a":["px1."],"input":["px1."]}', '{"a":["px1."],"input":[]}'],
    ['leaves what is no list', '{"input":"px1."}', '{"input":"px1."}'],
    ['leaves an empty list', '{"input":[ ]}', '{"input":[ ]}'],
    ['leaves an absent list', '{"a":1}', '{"a":1}'],
    [
      'rewrites the list that counts where there are two',
      '{"input":["px1."],"input":[1,"px1."]}',
      '{"input":["px1."],"input":[1]}',
    ],
    [
      'keeps every digit of what it rewrites',
      '{"input":[{"n":12345678901234567890,"state":"px1.x"}]}',
      '{"input":[{"n":12345678901234567890}]}',
    ],
  ])('%s', (_name, text, expected) => {
    expect(splice(text, [cleaning])).toBe(expected);
  });

  it('keeps every byte around and between the elements it rewrites', () => {
    const kept = ['{ "a" : 1.50 }', '"\\u00e9 é"', '[ 1 ,2]'];
    const text = `\n{ "x" : 1 , "input" :[${kept[0]},{"state":"px1."},${kept[1]},{"b":0,"state":"px1."},${kept[2]} ], "y":[] }\n`;
    expect(splice(text, [cleaning])).toBe(
      `\n{ "x" : 1 , "input" :[${kept[0]},${kept[1]},{"b":0},${kept[2]}], "y":[] }\n`,
    );
  });

  it('gives the very bytes back where no mark stands', () => {
    const bytes = bytesOf('{ "input" : [ {"state":"own"} , 1 ] }');
    expect(spliceEdits(scanObject(bytes), [cleaning]).chunks).toEqual([bytes]);
  });

  it('keeps the very bytes of an element that it gives back', () => {
    const looking: Edit = { kind: 'revise', key: 'input', marks: ['a'], revise: (element) => element };
    expect(splice('{"input":[ {"a":1.0} ]}', [looking])).toBe('{"input":[ {"a":1.0} ]}');
  });

  it('finds no mark across two elements', () => {
    const across: Edit = { kind: 'revise', key: 'input', marks: ['","'], revise: () => undefined };
    expect(splice('{"input":["a","b"]}', [across])).toBe('{"input":["a","b"]}');
  });

  it.each<[string, Edit[], string]>([
    [
      'of a list that gets a new first element',
      [{ kind: 'unshift', key: 'input', element: 'px1. by the operator' }, cleaning],
      '{"input":["px1. by the operator",{"a":1}]}',
    ],
    [
      'of a list whose first element is replaced',
      [cleaning, { kind: 'replace-first', key: 'input', element: 'new' }],
      '{"input":["new"]}',
    ],
    [
      'of a list that is wrapped',
      [{ kind: 'wrap', key: 'input', before: '{"was":', after: '}' }, cleaning],
      '{"input":{"was":[{"a":1}]}}',
    ],
    [
      'of a list that is replaced',
      [cleaning, { kind: 'set', key: 'input', value: ['px1.'] }],
      '{"input":["px1."]}',
    ],
    ['of a list that is removed', [{ kind: 'remove', key: 'input' }, cleaning], '{}'],
    [
      'and another of the same list',
      [cleaning, { kind: 'revise', key: 'input', marks: ['"a"'], revise: () => 'seen' }],
      '{"input":["seen"]}',
    ],
    [
      'and two edits of the same list',
      [
        { kind: 'unshift', key: 'input', element: 2 },
        cleaning,
        { kind: 'unshift', key: 'input', element: 1 },
      ],
      '{"input":[1,2,{"a":1}]}',
    ],
  ])('%s comes first, in bytes as in objects', (_name, edits, expected) => {
    const text = '{"input":[{"state":"px1.x"},{"a":1,"state":"px1.y"}]}';
    expect([splice(text, edits), apply(text, edits)]).toEqual([expected, expected]);
  });

  it('of a string that gets a prefix does nothing to it', () => {
    const edits: Edit[] = [cleaning, { kind: 'prefix', key: 'input', text: 'a ' }];
    expect(splice('{"input":"px1."}', edits)).toBe('{"input":"a px1."}');
    expect(apply('{"input":"px1."}', edits)).toBe('{"input":"a px1."}');
  });

  it("refuses a malformed string in a marked element, as the request's fault, and reads no other", () => {
    expect(splice('{"input":["\\x"]}', [cleaning])).toBe('{"input":["\\x"]}');
    expect(() => splice('{"input":["px1. \\x"]}', [cleaning])).toThrow(
      expect.objectContaining({ kind: 'invalid-request', status: 400 }),
    );
  });
});
