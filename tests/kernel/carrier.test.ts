import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CARRIER_MARK, createCarrier, isCarrier, NO_STATE, readCarrier } from '../../src/kernel/carrier.ts';
import { sha256Hex } from '../../src/kernel/sha256.ts';
import * as arbitrary from '../support/arbitrary-events.ts';

const STATE = { issuer: 'anthropic', family: 'claude-4', kind: 'signature', data: 'c2ln' } as const;

/** Any text of UTF-16 units, halves of pairs among them. */
const anyText = fc.string({
  unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
});
const text = fc.oneof(anyText, fc.string({ unit: 'grapheme' }));

const state = fc
  .tuple(arbitrary.opaque, text, text, text)
  .map(([opaque, issuer, family, data]) => ({ ...opaque, issuer, family, data }));

const base64Url = (json: string): string => Buffer.from(json).toString('base64url');
const hashOf = (readable: string): string => sha256Hex(readable).slice(0, 16);

/** A carrier that holds this JSON text. */
const carrierOf = (json: string): string => CARRIER_MARK + base64Url(json);

describe('a carrier', () => {
  it('gives any state back beside the text it was made for', () => {
    fc.assert(
      fc.property(state, text, (opaque, readable) => {
        expect(readCarrier(createCarrier(opaque, readable), readable)).toEqual(opaque);
      }),
      { numRuns: 500 },
    );
  });

  it('consists of signs that stand in JSON, headers and addresses as they are', () => {
    fc.assert(
      fc.property(state, text, (opaque, readable) => {
        expect(createCarrier(opaque, readable)).toMatch(/^px1\.[A-Za-z0-9_-]+$/);
      }),
    );
  });

  it('is worth nothing beside another text', () => {
    fc.assert(
      fc.property(state, text, text, (opaque, readable, other) => {
        // halves of pairs cannot be told apart in UTF-8, and no wire carries them
        fc.pre(Buffer.from(readable).compare(Buffer.from(other)) !== 0);
        expect(readCarrier(createCarrier(opaque, readable), other)).toBeUndefined();
      }),
    );
  });

  it('is worth nothing once its end is lost', () => {
    fc.assert(
      fc.property(state, fc.integer({ min: 1, max: 200 }), (opaque, lost) => {
        const carrier = createCarrier(opaque, 'text');
        expect(readCarrier(carrier.slice(0, Math.max(0, carrier.length - lost)), 'text')).toBeUndefined();
      }),
    );
  });

  it('is never read as anything but state, whatever a client changes in it', () => {
    const kinds = ['signature', 'redacted', 'encrypted_content', 'thoughtSignature', 'none'];
    const sign = fc.string({ minLength: 1, maxLength: 1 });
    fc.assert(
      fc.property(state, fc.nat(), sign, (opaque, place, other) => {
        const carrier = createCarrier(opaque, 'text');
        const at = place % carrier.length;
        const changed = carrier.slice(0, at) + other + carrier.slice(at + 1);
        const { issuer, family, kind, data } = readCarrier(changed, 'text') ?? NO_STATE;
        expect([typeof issuer, typeof family, typeof data]).toEqual(['string', 'string', 'string']);
        expect(kinds).toContain(kind);
      }),
      { numRuns: 500 },
    );
  });

  it('carries a state of a megabyte', () => {
    const opaque = { ...STATE, data: 'x'.repeat(1024 * 1024) };
    expect(readCarrier(createCarrier(opaque, ''), '')).toEqual(opaque);
  });

  it('says of reasoning without state that it has none, and still holds it to its text', () => {
    const carrier = createCarrier(NO_STATE, 'thoughts');
    expect(readCarrier(carrier, 'thoughts')).toEqual(NO_STATE);
    expect(readCarrier(carrier, 'other thoughts')).toBeUndefined();
  });

  it('is still read when its base64 was written the other way', () => {
    const opaque = { ...STATE, data: '~~~???>>>' };
    const standard = createCarrier(opaque, '').replaceAll('-', '+').replaceAll('_', '/');
    expect(readCarrier(standard, '')).toEqual(opaque);
  });
});

describe('readCarrier', () => {
  const fields = { i: 'a', f: '', k: 'signature', d: 'x', h: hashOf('') };

  it('reads what follows the format', () => {
    expect(readCarrier(carrierOf(JSON.stringify(fields)), '')).toEqual({
      ...{ issuer: 'a', family: '', kind: 'signature', data: 'x' },
    });
  });

  it.each<[string, string]>([
    ['nothing', ''],
    ["a service's own signature", 'ErUBCkYIBRgCIkDx'],
    ['the mark alone', CARRIER_MARK],
    ['another version', createCarrier(STATE, '').replace('px1.', 'px2.')],
    ['something in front of the mark', ` ${createCarrier(STATE, '')}`],
    ['what is not base64', `${CARRIER_MARK}$$$`],
    ['what is not JSON', carrierOf('{"i":')],
    ['what is not UTF-8', `${CARRIER_MARK}${Buffer.from([0xff, 0xfe, 0x7b]).toString('base64url')}`],
    ['a list', carrierOf('["a","","signature","x"]')],
    ['a text', carrierOf('"px1."')],
    ['null', carrierOf('null')],
    ['too long a number', carrierOf('12345678901234567890')],
    ['an unknown kind', carrierOf(JSON.stringify({ ...fields, k: 'text' }))],
    ['a kind that every object inherits', carrierOf(JSON.stringify({ ...fields, k: 'constructor' }))],
    ['no kind', carrierOf(JSON.stringify({ ...fields, k: undefined }))],
    ['an issuer that is no text', carrierOf(JSON.stringify({ ...fields, i: 1 }))],
    ['no family', carrierOf(JSON.stringify({ ...fields, f: null }))],
    ['data that is no text', carrierOf(JSON.stringify({ ...fields, d: { toString: 'x' } }))],
    ['no hash', carrierOf(JSON.stringify({ ...fields, h: undefined }))],
    ['only a part of the hash', carrierOf(JSON.stringify({ ...fields, h: hashOf('').slice(0, 8) }))],
    ['members that are inherited', carrierOf(`{"__proto__":${JSON.stringify(fields)}}`)],
    ['nesting without end', carrierOf('['.repeat(100_000))],
  ])('does not take %s for state', (_name, carrier) => {
    expect(readCarrier(carrier, '')).toBeUndefined();
  });

  it('does not read more than any service would issue', () => {
    const carrier = createCarrier({ ...STATE, data: 'x'.repeat(4 * 1024 * 1024) }, '');
    expect(readCarrier(carrier, '')).toBeUndefined();
  });
});

describe('isCarrier', () => {
  it.each([
    [createCarrier(STATE, ''), true],
    [`${CARRIER_MARK}damaged`, true],
    ['ErUBCkYIBRgCIkDx', false],
    ['', false],
  ])('knows a carrier by its mark, readable or not: %s', (value, expected) => {
    expect(isCarrier(value)).toBe(expected);
  });
});
