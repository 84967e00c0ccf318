import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTokenCounter } from '../../src/tokens/count-tokens.ts';

const count = createTokenCounter();

const ENGLISH = 'The quick brown fox jumps over the lazy dog. ';

describe('createTokenCounter', () => {
  it.each<[string, string[], number]>([
    ['nothing', [], 0],
    ['an empty text', [''], 0],
    ['a word', ['hello'], 1],
    ['several texts', ['hello', 'hello', ''], 2],
    ['half of a pair', ['\ud83d'], 1],
  ])('counts %s', async (_name, texts, tokens) => {
    expect(await count(texts)).toBe(tokens);
  });

  it.each(['<|endoftext|>', '<|endofprompt|>', '<|im_start|>'])(
    'counts %s as the text that it is when a user writes it',
    async (mark) => {
      expect(await count([mark])).toBeGreaterThan(3);
    },
  );

  it('counts more when a text grows', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 300 }),
        fc.integer({ min: 1, max: 300 }),
        async (size, more) => {
          const [short, long] = [
            await count([ENGLISH.repeat(size)]),
            await count([ENGLISH.repeat(size + more)]),
          ];
          expect(long).toBeGreaterThan(short);
          expect(short).toBeGreaterThan(size);
        },
      ),
      { numRuns: 20 },
    );
  });

  it('counts any text, at one token a byte at most', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: 'binary', maxLength: 200 }), { maxLength: 4 }),
        async (texts) => {
          const tokens = await count(texts);
          expect(tokens).toBeLessThanOrEqual(Buffer.byteLength(texts.join('')));
          expect(tokens > 0).toBe(texts.join('') !== '');
        },
      ),
      { numRuns: 200 },
    );
  });

  it('cuts long texts at the cost of a token a cut', async () => {
    const text = ENGLISH.repeat(1000);
    const lines = await count(Array.from({ length: 1000 }, () => ENGLISH));
    expect(Math.abs((await count([text])) - lines)).toBeLessThanOrEqual(1000);
  });

  it.each([
    ['one sign', 'a'],
    ['blanks', ' '],
    ['a sign of four bytes', '😀'],
    ['lines', '\n'],
  ])('counts a long run of %s', async (_name, sign) => {
    const tokens = await count([sign.repeat(200_000)]);
    expect(tokens).toBeGreaterThan(100);
    expect(tokens).toBeLessThan(400_000);
  });

  it('takes what lies beyond four million characters at half a token each', async () => {
    const [whole, beyond] = [' '.repeat(4_000_000), 'a b'.repeat(1000)];
    expect((await count([whole, beyond])) - (await count([whole]))).toBe(1500);
    expect((await count([whole + beyond])) - (await count([whole]))).toBe(1500);
  });

  it('lets other work have its turn again and again while it counts a long text', async () => {
    let turns = 0;
    let over = false;
    const work = (): void => {
      turns++;
      if (!over) setImmediate(work);
    };
    setImmediate(work);
    await count([ENGLISH.repeat(20_000)]);
    over = true;
    expect(turns).toBeGreaterThan(10);
  });
});
