import type { Json } from './json.ts';

/**
 * One change to a top-level member of a wire body. The relay lane splices it into the client's bytes, the translate
 * lane applies it to the object it is about to write; both give the same JSON.
 */
export type Edit =
  /** Gives the member this value, whether it was there or not. */
  | { readonly kind: 'set'; readonly key: string; readonly value: Json }
  | { readonly kind: 'remove'; readonly key: string }
  /** Puts an element in front of a list. */
  | { readonly kind: 'unshift'; readonly key: string; readonly element: Json }
  /** Replaces the first element of a list. */
  | { readonly kind: 'replace-first'; readonly key: string; readonly element: Json }
  /**
   * Rewrites those elements of a list in which one of these texts stands; `undefined` takes the element out. Comes
   * before every edit of another kind, so that it sees the client's own elements only.
   */
  | {
      readonly kind: 'revise';
      readonly key: string;
      readonly marks: readonly string[];
      readonly revise: (element: Json) => Json | undefined;
    }
  /** Puts text in front of a string. */
  | { readonly kind: 'prefix'; readonly key: string; readonly text: string }
  /** Puts the value, as it stands, between two pieces of JSON text. */
  | { readonly kind: 'wrap'; readonly key: string; readonly before: string; readonly after: string };

/** Reads the few members of a wire body that an edit depends on, without reading the rest. */
export interface WireView {
  /** What kind of value stands there; `undefined` when nothing does. */
  typeOf(key: string): 'string' | 'number' | 'boolean' | 'null' | 'array' | 'object' | undefined;
  /** The whole value; meant for small members only. */
  read(key: string): Json | undefined;
  /** The first element of a list. */
  readFirst(key: string): Json | undefined;
  /** The last elements of a list in their order, at most two. */
  readLastTwo(key: string): readonly Json[];
}
