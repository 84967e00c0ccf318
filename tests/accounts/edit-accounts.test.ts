import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editAccounts, writeAccounts } from '../../src/accounts/edit-accounts.ts';
import type { AccountEdit } from '../../src/accounts/edit-accounts.ts';
import { readAccounts } from '../../src/accounts/read-accounts.ts';
import { hashText } from '../../src/disk/journal.ts';
import { rawJson } from '../../src/kernel/json.ts';
import type { JsonObject } from '../../src/kernel/json.ts';
import { without } from '../../src/kernel/without.ts';

const set = (id: string, fields: JsonObject): AccountEdit => ({ kind: 'set', id, fields });
const add = (entry: JsonObject): AccountEdit => ({ kind: 'add', entry });
const remove = (id: string): AccountEdit => ({ kind: 'remove', id });
const madeId = (token: string): string => `acc_${hashText(token).slice(0, 16)}`;

describe('setting members of an account', () => {
  it('leaves comments, order, layout, unknown and malformed parts as they are', () => {
    const text = `\uFEFF// kept
{
    "accounts": [
        { "refresh_token": "r1", "id": "one" }, // first
        "malformed",
        {
            "id": "two", /* second */
            "note": 12345678901234567890,
            "refresh_token": "r2", // spent soon
            "__proto__": { "x": 1 },
        },
    ],
    "mine": true
}
`;
    expect(editAccounts(text, [set('two', { refresh_token: 'new', last_refresh: 5 })])).toBe(`\uFEFF// kept
{
    "accounts": [
        { "refresh_token": "r1", "id": "one" }, // first
        "malformed",
        {
            "id": "two", /* second */
            "note": 12345678901234567890,
            "refresh_token": "new", // spent soon
            "__proto__": { "x": 1 },
            "last_refresh": 5,
        },
    ],
    "mine": true
}
`);
  });

  it.each([
    ['{"id":"a","refresh_token":"r"}', '{"id":"a","refresh_token":"n","x":1}'],
    ['{ "id": "a", "refresh_token": "r" }', '{ "id": "a", "refresh_token": "n", "x": 1 }'],
    ['{\r\n\t"id":"a",\r\n\t"refresh_token":"r"}', '{\r\n\t"id":"a",\r\n\t"refresh_token":"n",\r\n\t"x": 1}'],
  ])('of the layout %j keeps to it', (entry, edited) => {
    expect(editAccounts(`[${entry}]`, [set('a', { refresh_token: 'n', x: 1 })])).toBe(`[${edited}]`);
  });

  it('writes the id that was made for it into an entry that has none', () => {
    const text = editAccounts('[{"refresh_token":"r"}]', [set(madeId('r'), { refresh_token: 'n' })]);
    expect(text).toBe(`[{"refresh_token":"n","id":"${madeId('r')}"}]`);
  });

  it('reaches every place where a key stands', () => {
    const text = '[{"id":"a","refresh_token":"r","refresh_token":"r","refresh\\u005ftoken":"r"}]';
    expect(editAccounts(text, [set('a', { refresh_token: 'n' })])).toBe(text.replaceAll('"r"', '"n"'));
  });

  it.each([
    ['{"gone":1,"id":"a","refresh_token":"r"}', '{"id":"a","refresh_token":"r"}'],
    ['{"id":"a","gone":1,"refresh_token":"r"}', '{"id":"a","refresh_token":"r"}'],
    ['{"id":"a","refresh_token":"r", "gone":1}', '{"id":"a","refresh_token":"r"}'],
    ['{"id":"a","refresh_token":"r","gone":1,}', '{"id":"a","refresh_token":"r",}'],
    ['{"gone":1,"id":"a","refresh_token":"r","gone":2}', '{"id":"a","refresh_token":"r"}'],
    [
      '{"id":"a","refresh_token":"r" // ,\n , /*,*/ "gone":1\n}',
      '{"id":"a","refresh_token":"r" // ,\n /*,*/ \n}',
    ],
  ])('that are undefined takes them out of %j', (entry, edited) => {
    expect(editAccounts(`[${entry}]`, [set('a', { gone: undefined })])).toBe(`[${edited}]`);
  });

  it('of two entries with one id changes the one that counts', () => {
    const text =
      '[{"id":"a","refresh_token":"old"},{"id":"a","refresh_token":"new","last_refresh":1700000000000}]';
    expect(editAccounts(text, [set('a', { refresh_token: 'newest' })])).toBe(
      text.replace('"new"', '"newest"'),
    );
  });

  it('of an account that is not there is an error', () => {
    expect(() => editAccounts('[]', [set('a', { x: 1 })])).toThrow('has no account a');
  });
});

describe('adding an account', () => {
  const entry = {
    id: 'b',
    refresh_token: 'r',
    list: [1, {}],
    none: [],
    long: rawJson('12345678901234567890'),
  };

  it('makes the file', () => {
    expect(editAccounts(undefined, [add({ refresh_token: 'r', x: null })])).toBe(`{
  "version": 1,
  "accounts": [
    {
      "id": "${madeId('r')}",
      "refresh_token": "r",
      "x": null
    }
  ]
}
`);
  });

  it.each([
    ['[]', '[{"id":"b","refresh_token":"r","list":[1,{}],"none":[],"long":12345678901234567890}]'],
    [
      '[{"id":"a","refresh_token":"x"},]',
      '[{"id":"a","refresh_token":"x"},{"id":"b","refresh_token":"r","list":[1,{}],"none":[],"long":12345678901234567890},]',
    ],
    [
      '{\n\t"accounts": [\n\t\t{"id":"a","refresh_token":"x"} // mine\n\t]\n}',
      '{\n\t"accounts": [\n\t\t{"id":"a","refresh_token":"x"},\n\t\t{\n\t\t\t"id": "b",\n\t\t\t"refresh_token": "r",\n\t\t\t"list": [\n\t\t\t\t1,\n\t\t\t\t{}\n\t\t\t],\n\t\t\t"none": [],\n\t\t\t"long": 12345678901234567890\n\t\t} // mine\n\t]\n}',
    ],
  ])('to %j keeps to its layout', (text, edited) => {
    expect(editAccounts(text, [add(entry)])).toBe(edited);
  });

  it('lays it out in an empty list that has lines around it', () => {
    const text = '{\r\n  "accounts": [ // none\r\n  ]\r\n}';
    expect(editAccounts(text, [add({ id: 'b', refresh_token: 'r' })])).toBe(
      '{\r\n  "accounts": [\r\n    {\r\n      "id": "b",\r\n      "refresh_token": "r"\r\n    }\r\n   // none\r\n  ]\r\n}',
    );
  });

  it.each([
    [{ id: 'a', refresh_token: 'r' }, 'has an account a already'],
    [{ id: 'b' }, 'cannot take a new account that has neither'],
  ])('like %j is an error', (wrong, message) => {
    expect(() => editAccounts('[{"id":"a","refresh_token":"x"}]', [add(wrong)])).toThrow(message);
  });

  it('that was removed just before is a new one', () => {
    const text = '[{"id":"a","refresh_token":"x","mine":1}]';
    const edits = [remove('a'), add({ id: 'a', refresh_token: 'y' }), set('a', { z: 1 })];
    expect(editAccounts(text, edits)).toBe('[{"id":"a","refresh_token":"y","z":1}]');
  });
});

describe('removing an account', () => {
  const [a, b, c] = ['a', 'b', 'c'].map((id) => `{"id":"${id}","refresh_token":"${id}"}`);

  it.each([
    [`[${a}]`, ['a'], '[]'],
    [`[${a},]`, ['a'], '[]'],
    [`[ ${a}, ${b}, ${c} ]`, ['a'], `[ ${b}, ${c} ]`],
    [`[ ${a}, ${b}, ${c} ]`, ['b'], `[ ${a}, ${c} ]`],
    [`[ ${a}, ${b}, ${c} ]`, ['c'], `[ ${a}, ${b} ]`],
    [`[ ${a}, ${b}, ${c}, ]`, ['b', 'c'], `[ ${a}, ]`],
    [`[\n  ${a},\n  ${b},\n  ${c}\n]`, ['c', 'b'], `[\n  ${a}\n]`],
    [`[\n  ${a}, // a\n  ${b} // b\n  , ${c}\n]`, ['b'], `[\n  ${a}, // a\n   // b\n  ${c}\n]`],
    [`[${a},${a},${b}]`, ['a'], `[${b}]`],
    [`[${a}]`, ['none'], `[${a}]`],
  ])('from %j, those named %j', (text, ids, edited) => {
    expect(editAccounts(text, ids.map(remove))).toBe(edited);
  });
});

describe('a file that is being edited', () => {
  it.each(['{"accounts":[', '{"accounts":{}}', '5'])('and holds %j is left as it is', (text) => {
    expect(() => editAccounts(text, [add({ refresh_token: 'r' })])).toThrow('it is left as it is');
  });

  it.each(['', '\n', '\uFEFF '])('and holds %j is begun', (text) => {
    expect(readAccounts(editAccounts(text, [add({ refresh_token: 'r' })]))).toMatchObject({
      accounts: [{ id: madeId('r') }],
    });
  });
});

describe('a document of accounts', () => {
  it('holds them whole, with the ids that they have', () => {
    const text = '[{"refresh_token":"r","x":[1]},{"id":"b","access_token":"a"}]';
    const reading = readAccounts(text);
    const written = readAccounts(writeAccounts(reading.kind === 'found' ? reading.accounts : []));
    expect(written.kind === 'found' && written.accounts.map(({ entry }) => entry())).toEqual([
      { id: madeId('r'), refresh_token: 'r', x: [1] },
      { id: 'b', access_token: 'a' },
    ]);
  });
});

const space = fc.constantFrom('', '', ' ', '\n', '\r\n\t', ' // , ]\n', '/* } */', '\n  ');

/** Text of a list or object with its children set apart at random. */
const between = (open: string, children: readonly string[], close: string): fc.Arbitrary<string> =>
  fc.tuple(fc.array(space, { minLength: 64, maxLength: 64 }), fc.boolean()).map(([spaces, isTrailing]) => {
    const blank = (index: number): string => spaces[index % spaces.length] ?? '';
    const items = children.map((child, index) => {
      const comma = index < children.length - 1 || isTrailing ? ',' : '';
      return `${blank(index * 3)}${child}${blank(index * 3 + 1)}${comma}`;
    });
    return `${open}${items.join('')}${blank(2)}${close}`;
  });

const entryText = (id: string): fc.Arbitrary<string> =>
  fc
    .record({ token: fc.constantFrom('r', 's'), extra: fc.jsonValue(), hasExtra: fc.boolean() })
    .chain(({ token, extra, hasExtra }) => {
      const members = [`"id":"${id}"`, `"refresh_token" : "${token}-${id}"`];
      if (hasExtra) members.push(`"extra":${JSON.stringify(extra)}`);
      return between('{', members, '}');
    });

const malformedText = fc.constantFrom('5', '{"label":"no token"}', '[]', '"}"', '{/* , */}');

const documentText = fc
  .array(fc.oneof({ weight: 4, arbitrary: fc.constantFrom('a', 'b', 'c', 'd') }, fc.constant('')), {
    maxLength: 5,
  })
  .map((ids) => ids.filter((id, index) => id === '' || ids.indexOf(id) === index))
  .chain((ids) => fc.tuple(...ids.map((id) => (id === '' ? malformedText : entryText(id)))))
  .chain((entries) => between('[', entries, ']'))
  .chain((list) => between('{', ['"version":1', `"accounts":${list}`, '"mine":[1,{}]'], '}'));

interface Seen {
  readonly entries: ReadonlyMap<string, JsonObject>;
  readonly order: readonly string[];
  readonly mistakes: number;
}

function see(text: string): Seen {
  const reading = readAccounts(text);
  if (reading.kind !== 'found') throw new Error(reading.kind);
  return {
    entries: new Map(reading.accounts.map(({ id, entry }) => [id, entry()])),
    order: reading.accounts.map(({ id }) => id),
    mistakes: reading.mistakes.length,
  };
}

const commentsOf = (text: string): number => [...text.matchAll(/\/\/ , ]|\/\* } \*\//g)].length;

describe('any document', () => {
  it('changes in nothing but what is set', () => {
    fc.assert(
      fc.property(documentText, fc.constantFrom('a', 'b', 'c', 'd'), (text, id) => {
        const before = see(text);
        fc.pre(before.entries.has(id));
        const edited = editAccounts(text, [
          set(id, { refresh_token: 'new', last_refresh: 7, extra: undefined }),
        ]);
        const after = see(edited);
        const rest = without(before.entries.get(id) ?? {}, 'extra');
        expect(after.entries).toEqual(
          new Map([...before.entries, [id, { ...rest, refresh_token: 'new', last_refresh: 7 }]]),
        );
        expect(after.order).toEqual(before.order);
        expect(after.mistakes).toBe(before.mistakes);
        expect(commentsOf(edited)).toBe(commentsOf(text));
      }),
    );
  });

  it('gains and loses the accounts that are added and removed, and no others', () => {
    const ids = fc.subarray(['a', 'b', 'c', 'd']);
    fc.assert(
      fc.property(documentText, ids, fc.boolean(), (text, gone, adds) => {
        const before = see(text);
        const added = { id: 'new', refresh_token: 'r-new' };
        const edited = editAccounts(text, [...gone.map(remove), ...(adds ? [add(added)] : [])]);
        const after = see(edited);
        const kept = [...before.entries].filter(([id]) => !gone.includes(id));
        expect([...after.entries]).toEqual(adds ? [...kept, ['new', added]] : kept);
        expect(after.mistakes).toBe(before.mistakes);
      }),
    );
  });
});
