import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WireView } from '../../src/kernel/edit.ts';
import { GatewayError } from '../../src/kernel/gateway-error.ts';
import { findMember, scanObject, viewOfBytes } from '../../src/kernel/json-scan.ts';
import { findObject, parseJson, writeJson } from '../../src/kernel/json.ts';
import type { Json } from '../../src/kernel/json.ts';
import { viewOfObject } from '../../src/kernel/wire-object.ts';
import { KEYS, objectText } from '../support/arbitrary-json.ts';
import { bytesOf, textOf } from '../support/chunks.ts';

const scan = (text: string): ReturnType<typeof scanObject> => scanObject(bytesOf(text));

/** `object` when the scan takes the text; an error that is not the client's fault stays one. */
function scanned(text: string): 'object' | 'refused' {
  try {
    scan(text);
    return 'object';
  } catch (error) {
    if (!(error instanceof GatewayError) || error.kind !== 'invalid-request') throw error;
    return 'refused';
  }
}

function parsed(text: string): 'object' | 'refused' {
  try {
    return findObject(JSON.parse(text)) === undefined ? 'refused' : 'object';
  } catch {
    return 'refused';
  }
}

/** The text with the inside of every string taken out, which the scan does not look at. */
const hollow = (text: string): string => text.replace(/"(?:[^"\\]|\\[^])*"/g, '"s"');

const damaged = fc
  .tuple(
    objectText,
    fc.array(fc.tuple(fc.nat(80), fc.nat(2), fc.stringMatching(/^[{}[\],:"0-9.eE+\-truefalsnx /\\]{0,2}$/)), {
      minLength: 1,
      maxLength: 3,
    }),
  )
  .map(([text, damages]) =>
    damages.reduce((left, [at, gone, noise]) => left.slice(0, at) + noise + left.slice(at + gone), text),
  );

describe('scanObject', () => {
  it('takes every object that JSON.parse takes', () => {
    fc.assert(
      fc.property(objectText, (text) => {
        expect(scanned(text)).toBe('object');
      }),
      { numRuns: 1000 },
    );
  });

  it('takes of damaged texts what JSON.parse takes, and what is wrong inside strings only', () => {
    fc.assert(
      fc.property(damaged, (text) => {
        const verdict = scanned(text);
        if (verdict === 'object') expect(parsed(hollow(text))).toBe('object');
        else expect(parsed(text)).toBe('refused');
      }),
      { numRuns: 5000 },
    );
  });

  it('finds the members that JSON.parse finds', () => {
    fc.assert(
      fc.property(objectText, (text) => {
        const { bytes, members } = scan(text);
        const found = members.map(({ key, value }) => [
          key,
          parseJson(textOf(bytes.subarray(value.start, value.end))),
        ]);
        expect(Object.fromEntries(found)).toEqual(parseJson(text));
      }),
    );
  });

  it('begins a member at the quote of its name', () => {
    const { bytes, members } = scan('{ "a" : 1 , "é" : [ ] }');
    const texts = members.map(({ start, value }) => textOf(bytes.subarray(start, value.end)));
    expect(texts).toEqual(['"a" : 1', '"é" : [ ]']);
  });

  it('lets the last of two members with one name count, however it is written', () => {
    const object = scan('{"a":1,"\\u0061":2,"b":3}');
    expect(findMember(object, 'a')).toBe(object.members[1]);
  });

  it('steps over a byte order mark', () => {
    expect(viewOfBytes(scan('\ufeff{"a":1}')).read('a')).toBe(1);
  });

  const whole = ' {"a":{"b":[1,-2.5e+3,true,null,"x\\"\\\\"],"c":{}},"d":[[],"é😀"]}';
  it.each(Array.from({ length: bytesOf(whole).length }, (_, length) => length))(
    'refuses the body cut after %i bytes',
    (length) => {
      expect(() => scanObject(bytesOf(whole).subarray(0, length))).toThrow(
        expect.objectContaining({ kind: 'invalid-request', details: { code: 'invalid_json' } }),
      );
    },
  );

  it.each([
    ['no body', '', 'the request has no body; a JSON object was expected'],
    ['spaces only', ' \r\n\t', 'the request has no body; a JSON object was expected'],
    ['a lone byte order mark', '\ufeff', 'the request has no body; a JSON object was expected'],
    ['two byte order marks', '\ufeff\ufeff{}', 'the request body must be a JSON object'],
    ['a sign that begins like a byte order mark', '\uf000{}', 'the request body must be a JSON object'],
    ['a sign that is nearly one', '\ufec0{}', 'the request body must be a JSON object'],
    ['a list', '[]', 'the request body must be a JSON object'],
    ['a string', '"{}"', 'the request body must be a JSON object'],
    ['a form', 'model=a&stream=true', 'the request body must be a JSON object'],
    ['something behind the object', '{} x', "unexpected 'x' at byte 3"],
    ['two objects', '{}{}', "unexpected '{' at byte 2"],
    ['a word cut short', '{"a":tru}', "unexpected 't' at byte 5"],
    ['a word in capitals', '{"a":True}', "unexpected 'T' at byte 5"],
    ['a word too long', '{"a":nulls}', "unexpected 'n' at byte 5"],
    ['a leading zero', '{"a":01}', "unexpected '0' at byte 5"],
    ['a leading plus', '{"a":+1}', "unexpected '+' at byte 5"],
    ['a bare fraction', '{"a":.5}', "unexpected '.' at byte 5"],
    ['a number without its exponent', '{"a":1e}', "unexpected '1' at byte 5"],
    ['no value', '{"a":}', "unexpected '}' at byte 5"],
    ['no colon', '{"a" 1}', "unexpected '1' at byte 5"],
    ['no comma', '{"a":1 "b":2}', "unexpected '\"' at byte 7"],
    ['a comma too many', '{"a":1,}', "unexpected '}' at byte 7"],
    ['a comma too many in a list', '{"a":[1,]}', "unexpected ']' at byte 8"],
    ['a comma too many in a list of a list', '{"a":[[1,]]}', "unexpected ']' at byte 9"],
    ['a comma too many further down', '{"a":{"b":1,}}', "unexpected '}' at byte 12"],
    ['a comma too early', '{,"a":1}', "unexpected ',' at byte 1"],
    ['a name without quotes', '{a:1}', "unexpected 'a' at byte 1"],
    ['a name in single quotes', "{'a':1}", "unexpected ''' at byte 1"],
    ['a name without quotes further down', '{"a":{b:1}}', "unexpected 'b' at byte 6"],
    ['the wrong bracket', '{"a":[1}', "unexpected '}' at byte 7"],
    ['a comment', '{/**/}', "unexpected '/' at byte 1"],
    ['a space that JSON does not know', '{\u00a0}', 'unexpected byte 0xc2 at byte 1'],
    ['a vertical tab', '{\v}', 'unexpected byte 0xb at byte 1'],
    ['an end inside a string', '{"a":"b', 'the request body ends inside a string'],
    ['an end behind an escaped quote', '{"a":"b\\"', 'the request body ends inside a string'],
    ['an end too early', '{"a":[1', 'it ends too early'],
    ['a bad escape in a name', '{"\\x":1}', 'a key holds an invalid escape'],
    ['a line break in a name', '{"a\n":1}', 'a key holds an invalid escape'],
  ])('refuses %s and says why', (_name, text, message) => {
    expect(() => scan(text)).toThrow(message);
  });

  it.each(['[', '{"a":'])('refuses a body with 100000 times %s', (opener) => {
    const deep = `{"a":${opener.repeat(100_000)}`;
    expect(() => scan(deep)).toThrow('the request body is nested more than 1024 levels deep');
  });

  it('takes a member 1024 levels deep, and none that is deeper', () => {
    const nested = (levels: number): string => `{"a":${'{"b":'.repeat(levels)}1${'}'.repeat(levels)}}`;
    expect([scanned(nested(1024)), scanned(nested(1025))]).toEqual(['object', 'refused']);
  });

  it.each([
    ['escaped quotes', '\\"'],
    ['backslashes', '\\\\'],
    ['mixed escapes', '\\\\\\"'],
  ])('finds the end of a string of %s', (_name, unit) => {
    const { bytes, members } = scan(`{"a":"${unit.repeat(300_000)}","b":1}`);
    expect(members.map(({ key }) => key)).toEqual(['a', 'b']);
    expect(members[0]?.value.end).toBe(bytes.length - ',"b":1}'.length);
  });
});

const shown = (value: Json | undefined): string => (value === undefined ? '-' : writeJson(value));

/** Everything that a view tells of one key, as text. */
const seenBy = (view: WireView, key: string): readonly string[] => [
  view.typeOf(key) ?? 'nothing',
  shown(view.read(key)),
  shown(view.readFirst(key)),
  writeJson(view.readLastTwo(key)),
];

describe('viewOfBytes', () => {
  it('tells what viewOfObject tells of the same body', () => {
    fc.assert(
      fc.property(objectText, fc.constantFrom(...KEYS, 'toString'), (text, key) => {
        const ofObject = viewOfObject(findObject(parseJson(text)) ?? {});
        expect(seenBy(viewOfBytes(scan(text)), key)).toEqual(seenBy(ofObject, key));
      }),
      { numRuns: 1000 },
    );
  });

  const body =
    '{"s":"x","n":-1,"long":12345678901234567890,"t":true,"f":false,"z":null,"o":{},"e":[],"l":[1,[2],{"a":3}]}';
  it.each([
    ['s', ['string', '"x"', '-', '[]']],
    ['n', ['number', '-1', '-', '[]']],
    ['long', ['number', '12345678901234567890', '-', '[]']],
    ['t', ['boolean', 'true', '-', '[]']],
    ['f', ['boolean', 'false', '-', '[]']],
    ['z', ['null', 'null', '-', '[]']],
    ['o', ['object', '{}', '-', '[]']],
    ['e', ['array', '[]', '-', '[]']],
    ['l', ['array', '[1,[2],{"a":3}]', '1', '[[2],{"a":3}]']],
    ['none', ['nothing', '-', '-', '[]']],
    ['toString', ['nothing', '-', '-', '[]']],
  ])('and viewOfObject see the member %s as it is', (key, seen) => {
    expect(seenBy(viewOfBytes(scan(body)), key)).toEqual(seen);
    expect(seenBy(viewOfObject(findObject(parseJson(body)) ?? {}), key)).toEqual(seen);
  });

  it.each(['{"a":"\\x"}', '{"a":"line\nbreak"}'])(
    'refuses a malformed string when it is read: %j',
    (text) => {
      expect(() => viewOfBytes(scan(text)).read('a')).toThrow(
        expect.objectContaining({ kind: 'invalid-request', details: { code: 'invalid_json' } }),
      );
    },
  );
});
