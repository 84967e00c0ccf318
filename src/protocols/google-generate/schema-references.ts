import { findString, isJsonArray, isJsonObject, listOf } from '../../kernel/json.ts';
import type { Json, JsonObject } from '../../kernel/json.ts';

/** References that one schema may have copied into it; a schema that needs more is not made for a model. */
const MAX_COPIES = 200;

interface Resolved {
  readonly schema: JsonObject;
  readonly open: readonly string[];
}

/** Takes the references and the `allOf` out of the places of one schema. */
export interface Resolver {
  /**
   * The schema without `allOf`, and with no `$ref` beside other keywords: Gemini takes a `$ref` only when it stands
   * alone and leads into `$defs`. `open` are the references that this place was copied from; with `inline` no
   * reference stays.
   */
  readonly resolve: (node: JsonObject, open: readonly string[], inline: boolean) => Resolved;
  /** True once something could not be said. */
  readonly lossy: () => boolean;
}

export function createResolver(root: JsonObject): Resolver {
  let copies = 0;
  let lossy = false;

  const resolve: Resolver['resolve'] = (node, open, inline) => {
    const { allOf, $ref, ...own } = node;
    const reference = findString($ref);
    const branches = listOf(allOf).filter(isJsonObject);
    if (reference !== undefined) branches.unshift({ $ref: reference });
    const kept = inline || !isBare(own) ? undefined : keptReference(branches);
    if (kept !== undefined && lookUp(root, kept) !== undefined) {
      return { schema: { ...own, $ref: modernReference(kept) }, open };
    }
    return branches.reduce<Resolved>(join, { schema: own, open });
  };

  const join = (left: Resolved, { $ref, ...rest }: JsonObject): Resolved => {
    const reference = findString($ref);
    const right = reference === undefined ? resolve(rest, left.open, true) : copy(reference, rest, left.open);
    return { schema: merge(left.schema, right.schema), open: right.open };
  };

  /** The schema behind a reference, with what stands beside the reference over it. */
  const copy = (reference: string, beside: JsonObject, open: readonly string[]): Resolved => {
    const target = open.includes(reference) || copies >= MAX_COPIES ? undefined : lookUp(root, reference);
    if (target === undefined) {
      lossy = true;
      return { schema: beside, open };
    }
    copies += 1;
    const inner = resolve(withoutDefinitions(target), [...open, reference], true);
    return { schema: merge(beside, inner.schema), open: inner.open };
  };

  return { resolve, lossy: () => lossy };
}

/** The reference into the definitions that a place consists of. */
function keptReference(branches: readonly JsonObject[]): string | undefined {
  const [branch] = branches;
  if (branches.length !== 1 || branch === undefined || Object.keys(branch).length !== 1) return undefined;
  const reference = findString(branch['$ref']);
  return reference !== undefined && /^#\/(?:\$defs|definitions)\/[^/]+$/.test(reference)
    ? reference
    : undefined;
}

const modernReference = (reference: string): string => reference.replace(/^#\/definitions\//, '#/$defs/');

const isBare = (own: JsonObject): boolean => Object.keys(own).every((key) => key.startsWith('$'));

const ROOT_ONLY: ReadonlySet<string> = new Set(['$schema', '$id', '$defs', 'definitions']);

/** Definitions are found from the root; a copy of the root must not bring them along. */
function withoutDefinitions(node: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(node).filter(([key]) => !ROOT_ONLY.has(key)));
}

/** The object that a JSON pointer of the form `#/a/b` leads to. */
function lookUp(root: JsonObject, reference: string): JsonObject | undefined {
  if (!/^#(?:\/|$)/.test(reference)) return undefined;
  let place: Json | undefined = root;
  for (const step of reference.split('/').slice(1)) {
    place = child(place, step.replaceAll('~1', '/').replaceAll('~0', '~'));
  }
  return isJsonObject(place) ? place : undefined;
}

function child(place: Json | undefined, key: string): Json | undefined {
  if (isJsonArray(place)) return place[Number(key)];
  return isJsonObject(place) && Object.hasOwn(place, key) ? place[key] : undefined;
}

/** Both schemas at once: names are joined, of two other words the left one counts. */
function merge(left: JsonObject, right: JsonObject): JsonObject {
  const required = [...new Set([...listOf(left['required']), ...listOf(right['required'])])];
  const properties = joinProperties(left['properties'], right['properties']);
  return {
    ...right,
    ...left,
    ...(required.length > 0 && { required }),
    ...(properties.length > 0 && { properties: Object.fromEntries(properties) }),
  };
}

function joinProperties(left: Json | undefined, right: Json | undefined): [string, Json][] {
  const joined = new Map(entriesOf(right));
  for (const [name, schema] of entriesOf(left)) {
    const other = joined.get(name);
    joined.set(name, other === undefined ? schema : { allOf: [schema, other] });
  }
  return [...joined];
}

const entriesOf = (value: Json | undefined): [string, Json][] =>
  isJsonObject(value)
    ? Object.entries(value).filter((entry): entry is [string, Json] => entry[1] !== undefined)
    : [];
