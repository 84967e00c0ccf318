import type {
  Content,
  FunctionCallingConfig,
  FunctionDeclaration,
  GenerationConfig,
  ThinkingConfig,
} from '@google/genai';
import { describe, expectTypeOf, it } from 'vitest';
import type { RawJson } from '../../../src/kernel/json.ts';
import type {
  WireContent,
  WireDeclaration,
  WireGenerationConfig,
  WireThinkingConfig,
  WireToolConfig,
} from '../../../src/protocols/google-generate/wire-types.ts';

/** A type as the SDK would write it: open to change, without index signatures, exact JSON read as any object. */
type Loose<T> = T extends RawJson
  ? Record<string, unknown>
  : T extends readonly (infer Item)[]
    ? Loose<Item>[]
    : T extends object
      ? string extends keyof T
        ? KnownMembers<T>
        : { -readonly [Key in keyof T]: Loose<T[Key]> }
      : T;

type KnownMembers<T> = [KnownKey<T>] extends [never]
  ? Record<string, unknown>
  : { -readonly [Key in keyof T as string extends Key ? never : Key]: Loose<T[Key]> };

type KnownKey<T> = keyof { [Key in keyof T as string extends Key ? never : Key]: unknown };

/** The SDK's enumerations as the words that they stand for. */
type Words<T> = T extends string ? `${T}` : T extends object ? { [Key in keyof T]: Words<T[Key]> } : T;

describe('the bodies that go to Google', () => {
  it('are what the official SDK would write', () => {
    expectTypeOf<Loose<WireContent>>().toExtend<Content>();
    expectTypeOf<Loose<WireDeclaration>>().toExtend<
      Words<Pick<FunctionDeclaration, 'name' | 'description'>>
    >();
    expectTypeOf<Loose<WireGenerationConfig>>().toExtend<Words<Omit<GenerationConfig, 'responseSchema'>>>();
    expectTypeOf<Loose<WireThinkingConfig>>().toExtend<Words<ThinkingConfig>>();
    expectTypeOf<Loose<WireToolConfig['functionCallingConfig']>>().toExtend<Words<FunctionCallingConfig>>();
  });
});
