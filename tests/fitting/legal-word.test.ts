import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashedName, legalId, legalName } from '../../src/fitting/legal-word.ts';
import type { WordRule } from '../../src/kernel/tool-rules.ts';
import { isLegal } from './support.ts';

const PLAIN: WordRule = { illegal: /[^A-Za-z0-9_-]/g, max: 64 };
const STARTING: WordRule = { illegal: /[^A-Za-z0-9_.:-]/g, first: /^[A-Za-z_]/, max: 128 };
const SHORT: WordRule = { illegal: /[^A-Za-z0-9]/g, max: 9 };

const word = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.stringMatching(/^[a-z.:/_-]{0,150}$/),
);
const rule = fc.constantFrom(PLAIN, STARTING);

describe('legalName', () => {
  it('makes any name legal, and the same one of the same', () => {
    fc.assert(
      fc.property(word, rule, (name, limits) => {
        fc.pre(name !== '');
        expect(isLegal(legalName(name, limits), limits)).toBe(true);
        expect(legalName(name, limits)).toBe(legalName(name, limits));
      }),
      { numRuns: 500 },
    );
  });

  it('leaves legal names alone', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_-]{0,63}$/), rule, (name, limits) => {
        expect(legalName(name, limits)).toBe(name);
      }),
    );
  });

  it.each<[string, string, WordRule, string]>([
    ['puts _ for every sign that is not legal', 'mcp/files.read 1', PLAIN, 'mcp_files_read_1'],
    ['keeps dots where they are legal', 'files.read', STARTING, 'files.read'],
    ['puts _ in front of a first sign that is not legal', '1st', STARTING, '_1st'],
    [
      'keeps the first 55 signs of a name that is too long, C081',
      'a.'.repeat(45),
      PLAIN,
      `${'a_'.repeat(27)}a_b83ecb30`,
    ],
  ])('%s', (_name, name, limits, legal) => {
    expect(legalName(name, limits)).toBe(legal);
  });

  it('tells long names apart that only differ at the end', () => {
    const names = ['1', '2'].map((end) => legalName('x'.repeat(90) + end, PLAIN));
    expect(new Set(names).size).toBe(2);
    expect(names.map(({ length }) => length)).toEqual([64, 64]);
  });

  it('cuts a name that only its _ in front makes too long', () => {
    const name = legalName('1'.repeat(128), STARTING);
    expect([name.length, name.startsWith('_1')]).toEqual([128, true]);
  });
});

describe('hashedName', () => {
  it('puts the hash of another text in place of the tail, or behind a short name', () => {
    expect(hashedName('abc', 'abc', 64)).toBe('abc_ba7816bf');
    expect(hashedName('abcdefgh', 'abc', 12)).toBe('abc_ba7816bf');
  });
});

describe('legalId', () => {
  it('makes any id legal, and the same one of the same', () => {
    fc.assert(
      fc.property(word, fc.constantFrom(PLAIN, { ...PLAIN, max: 40 }), (id, limits) => {
        expect(isLegal(legalId(id, limits), limits)).toBe(true);
        expect(legalId(id, limits)).toBe(legalId(id, limits));
      }),
      { numRuns: 500 },
    );
  });

  it.each(['toolu_01A09q90qw90lq917835lq9', 'call_abc', '0', 'fc-1_2'])(
    "keeps a vendor's own form: %s",
    (id) => {
      expect(legalId(id, PLAIN)).toBe(id);
    },
  );

  it.each([
    ['too long, C082', 'x'.repeat(200)],
    ['not legal', 'functions.read:0'],
    ['empty', ''],
  ])('replaces an id that is %s', (_name, id) => {
    expect(legalId(id, PLAIN)).toMatch(/^call_[a-z2-7]{24}$/);
  });

  it('keeps to a very short limit', () => {
    expect(legalId('call_123', { ...SHORT, illegal: PLAIN.illegal })).toBe('call_123');
    expect(legalId('call_123456', { ...SHORT, illegal: PLAIN.illegal })).toHaveLength(9);
  });

  it('tells ids apart that only differ in a sign that is not legal', () => {
    expect(legalId('a.b', PLAIN)).not.toBe(legalId('a:b', PLAIN));
  });
});
