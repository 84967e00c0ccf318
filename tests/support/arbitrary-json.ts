import fc from 'fast-check';

/** Member names that are easily mistaken, and few enough to come up twice. */
export const KEYS = ['model', 'input', '', '__proto__', 'constructor', '1', 'é"\\', '😀', '\u0001'] as const;

const space = fc.constantFrom('', '', '', ' ', '\n', '\t', '\r\n', '  ');

const escapeAll = (text: string): string =>
  text.replace(/[^]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** JSON text of a string: written as usual, or with every sign escaped. */
const stringText = (strings: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .tuple(strings, fc.boolean())
    .map(([text, escaped]) => (escaped ? `"${escapeAll(text)}"` : JSON.stringify(text)));

/** Numbers of every length and form. */
export const numberText = fc.oneof(
  fc.constantFrom(
    '0',
    '-0',
    '-0.0',
    '1e400',
    '-1E+400',
    '1e-400',
    '0e999',
    '5e-324',
    '1.0',
    '10000000000000000',
  ),
  fc.bigInt().map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)),
  fc
    .tuple(
      fc.constantFrom('', '-'),
      fc.stringMatching(/^(?:0|[1-9]\d{0,25})$/),
      fc.stringMatching(/^(?:\.\d{1,25})?$/),
      fc.stringMatching(/^(?:[eE][+-]?\d{1,3})?$/),
    )
    .map((pieces) => pieces.join('')),
);

const valueStrings = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.string({ unit: 'binary', maxLength: 6 }).filter((text) => Buffer.from(text).toString() === text),
  // what the reader itself puts in place of a number, and what looks like a number
  fc.constantFrom(
    '\u0001' + '0',
    '\u0001\u0001' + '0',
    '#number:0',
    '12345678901234567890',
    '\\',
    '"',
    'a":1,"b',
  ),
);

const keyText = stringText(fc.constantFrom(...KEYS));

const { value } = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('true', 'false', 'null', '""', '[]', '{}'),
    numberText,
    stringText(valueStrings),
    fc.array(padded(tie('value')), { maxLength: 4 }).map((elements) => `[${elements.join(',')}]`),
    fc.array(memberOf(tie('value')), { maxLength: 4 }).map((members) => `{${members.join(',')}}`),
  ),
}));

function padded(text: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.tuple(space, text, space).map((pieces) => pieces.join(''));
}

function memberOf(text: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.tuple(padded(keyText), padded(text)).map((pieces) => pieces.join(':'));
}

/** JSON text of any value, printed with any spaces and escapes, with names that come twice. */
export const jsonText: fc.Arbitrary<string> = padded(value);

/** JSON text of an object. */
export const objectText: fc.Arbitrary<string> = fc
  .tuple(space, fc.array(memberOf(value), { maxLength: 6 }), space, space)
  .map(([before, members, inside, after]) => `${before}{${members.join(',') || inside}}${after}`);
