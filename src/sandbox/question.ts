import type { JsonObject } from '../kernel/json.ts';

/** A tool that the caller offers; `custom` tools take free text instead of JSON. */
export interface OfferedTool {
  readonly name: string;
  readonly namespace?: string | undefined;
  readonly kind: 'function' | 'custom';
  readonly schema?: JsonObject | undefined;
}

export type Choice =
  { readonly kind: 'auto' | 'any' | 'none' } | { readonly kind: 'tool'; readonly name: string };

/** Media of the last turn, by count. */
interface Media {
  readonly images: number;
  readonly documents: number;
  readonly recordings: number;
}

/** What a dialect's reader understood of a request: all that the answer depends on. */
export interface Question {
  readonly model: string;
  /** Who spoke last. */
  readonly turn: 'user' | 'tool' | 'assistant';
  /** The last text of the last user turn. */
  readonly text: string;
  /** The tool results of the last turn, as text. */
  readonly results: readonly string[];
  readonly media: Media;
  readonly tools: readonly OfferedTool[];
  readonly choice: Choice;
  readonly parallel: boolean;
  /** Models of this dialect say a sentence before they call a tool. */
  readonly announces: boolean;
  /** `hidden`: it reasons, and its reasoning is not to be read. */
  readonly reasoning: 'none' | 'hidden' | 'shown';
  readonly maxTokens: number | undefined;
  readonly stops: readonly string[];
  /** JSON is wanted instead of prose. */
  readonly format: { readonly schema: JsonObject | undefined } | undefined;
  readonly promptTokens: number;
}
