import { findObject, isJsonArray, isJsonObject, listOf } from './json.ts';
import type { Json, JsonObject } from './json.ts';
import { toObjectSchema } from './object-schema.ts';

/** Conditions on the arguments as a whole, which OpenAI refuses beside the alternatives. */
const TOP_CONDITIONS: ReadonlySet<string> = new Set(['enum', 'not']);

/** Members that hold schemas by name; the names are the client's and may be any word. */
const SCHEMA_MAPS: ReadonlySet<string> = new Set([
  'properties',
  'patternProperties',
  '$defs',
  'definitions',
  'dependentSchemas',
]);
/** Members that hold a schema, or a list of them. */
const SCHEMAS: ReadonlySet<string> = new Set([
  ...['items', 'prefixItems', 'additionalItems', 'unevaluatedItems', 'contains'],
  ...['additionalProperties', 'unevaluatedProperties', 'propertyNames'],
  ...['anyOf', 'oneOf', 'allOf', 'not', 'if', 'then', 'else'],
]);

/**
 * The schema of a function's arguments as OpenAI takes it: an object that has `properties`, without alternatives and
 * conditions at its top, every list in it with `items`. The same object when it is so already.
 */
export function completeSchema(given: JsonObject): JsonObject {
  const schema = toObjectSchema(given);
  if (isJsonObject(schema['properties']) && !hasTopCondition(schema)) return withItems(schema);
  const members = Object.entries(schema).filter(([key]) => !TOP_CONDITIONS.has(key));
  return withItems({
    ...Object.fromEntries(members),
    properties: findObject(schema['properties']) ?? {},
  });
}

const ROOT_WORDS: readonly string[] = ['properties', 'anyOf', 'oneOf', 'allOf', '$ref'];

/** The schema with what is merely missing: `properties` at its root, `items` in its lists; nothing is taken away. */
export function fillSchema(given: JsonObject): JsonObject {
  const isBare = ROOT_WORDS.every((word) => (given[word] ?? null) === null);
  return withItems(isBare ? { ...given, type: 'object', properties: {} } : given);
}

/** True when the schema holds the arguments as a whole to a condition, which {@link completeSchema} takes away. */
export const hasTopCondition = (schema: JsonObject): boolean =>
  Object.keys(schema).some((key) => TOP_CONDITIONS.has(key));

// Recursion ends early: a body nests no deeper than the reader of bodies allows.
function withItems(schema: JsonObject): JsonObject {
  const filled = mapMembers(schema, (key, value) => {
    if (SCHEMAS.has(key)) return completeInner(value);
    if (!SCHEMA_MAPS.has(key) || !isJsonObject(value)) return value;
    return mapMembers(value, (_name, inner) => completeInner(inner));
  });
  const lacksItems = isListSchema(schema) && (schema['items'] ?? null) === null;
  return lacksItems ? { ...filled, items: {} } : filled;
}

function completeInner(value: Json | undefined): Json | undefined {
  if (isJsonObject(value)) return withItems(value);
  if (!isJsonArray(value)) return value;
  const inner = value.map((each) => completeInner(each) ?? null);
  return inner.some((each, index) => each !== value[index]) ? inner : value;
}

const isListSchema = ({ type }: JsonObject): boolean => type === 'array' || listOf(type).includes('array');

/** The object with its members replaced; itself when none of them changed. */
function mapMembers(
  object: JsonObject,
  change: (key: string, value: Json | undefined) => Json | undefined,
): JsonObject {
  const changed = Object.entries(object).map(([key, value]) => [key, change(key, value)] as const);
  return changed.some(([key, value]) => value !== object[key]) ? Object.fromEntries(changed) : object;
}
