import { z } from 'zod';

// Every schema carries, as its error, what was expected; describe-issue.ts makes a sentence of it.

/** A string that says something. */
export const text = z.string('a non-empty string').min(1, 'a non-empty string');

export const flag = z.boolean('true or false');

/** An object with these keys; others are reported as unknown. */
export const record = <Shape extends z.ZodRawShape>(shape: Shape) => z.strictObject(shape, 'an object');

/** A whole number within bounds; `expected` names them. */
export const wholeNumber = (min: number, max: number, expected: string) =>
  z.int(expected).min(min, expected).max(max, expected);

/** One word of a closed list. */
export const oneOf = <Word extends string>(words: readonly [Word, ...Word[]]) =>
  z.enum(words, `one of ${words.join(', ')}`);

/** The address of an HTTP service. */
export const httpUrl = z
  .string('an http:// or https:// URL')
  .refine((value) => /^https?:\/\//i.test(value) && URL.canParse(value), 'an http:// or https:// URL');
