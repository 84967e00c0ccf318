import { findString, isJsonArray, isJsonObject, listOf } from './json.ts';
import type { Json, JsonObject } from './json.ts';

const TYPES: ReadonlySet<Json> = new Set([
  ...['string', 'number', 'integer', 'boolean', 'null'],
  ...['object', 'array'],
]);
const FORMATS: ReadonlySet<Json> = new Set([
  ...['date-time', 'time', 'date', 'duration'],
  ...['email', 'hostname', 'ipv4', 'ipv6', 'uuid'],
]);
const DEEPEST_OBJECT = 10;

type Check = (value: Json | undefined, objectsAround: number) => boolean;

const anything: Check = () => true;
const isName: Check = (value) => findString(value) !== undefined;
const isStrictAt: Check = (value, around) => isJsonObject(value) && isStrictPart(value, around);
const areStrict: Check = (value, around) =>
  isJsonObject(value) && Object.values(value).every((each) => isStrictAt(each, around));

/** The keywords of the subset that OpenAI's guide to structured outputs lists, and what it wants of each. */
const KEYWORDS: ReadonlyMap<string, Check> = new Map<string, Check>([
  ['$schema', isName],
  ['title', isName],
  ['description', isName],
  ['type', (value) => typesOf(value).length > 0 && typesOf(value).every((type) => TYPES.has(type))],
  ['properties', (value, around) => areStrict(value, around + 1)],
  ['required', isJsonArray],
  ['additionalProperties', (value) => value === false],
  ['items', isStrictAt],
  [
    'anyOf',
    (value, around) => listOf(value).length > 0 && listOf(value).every((each) => isStrictAt(each, around)),
  ],
  ['enum', (value) => listOf(value).length > 0],
  ['const', anything],
  ['$ref', (value) => findString(value)?.startsWith('#') === true],
  ['$defs', (value) => areStrict(value, 0)],
  ['definitions', (value) => areStrict(value, 0)],
  ['format', (value) => value !== undefined && FORMATS.has(value)],
  ['pattern', (value) => !/\(\?<?[=!]/.test(findString(value) ?? '(?=')], // no looking around
  ['minimum', anything],
  ['maximum', anything],
  ['exclusiveMinimum', anything],
  ['exclusiveMaximum', anything],
  ['multipleOf', anything],
  ['minItems', anything],
  ['maxItems', anything],
]);

/**
 * True when OpenAI's strict mode takes the schema as it stands: closed objects in which everything is required, and no
 * keyword outside of the subset. What is not known to be taken counts as refused.
 */
export const isStrictSchema = (schema: JsonObject): boolean =>
  schema['type'] === 'object' && schema['anyOf'] === undefined && isStrictPart(schema, 0);

function isStrictPart(schema: JsonObject, around: number): boolean {
  const types = typesOf(schema['type']);
  return (
    Object.entries(schema).every(([key, value]) => KEYWORDS.get(key)?.(value, around) === true) &&
    isPlaced(schema) &&
    (!types.includes('object') || (isClosed(schema) && around < DEEPEST_OBJECT)) &&
    (!types.includes('array') || schema['items'] !== undefined)
  );
}

/** A schema has a type, is a choice of schemas, or points elsewhere and says nothing besides. */
function isPlaced(schema: JsonObject): boolean {
  if (schema['$ref'] !== undefined) return Object.keys(schema).length === 1;
  return schema['type'] !== undefined || schema['anyOf'] !== undefined;
}

/** True when an object may have the listed properties only, and must have each of them. */
function isClosed({ properties, required, additionalProperties }: JsonObject): boolean {
  if (additionalProperties !== false || !isJsonObject(properties)) return false;
  const names = Object.keys(properties);
  const demanded = new Set(listOf(required));
  return demanded.size === names.length && names.every((name) => demanded.has(name));
}

const typesOf = (type: Json | undefined): readonly Json[] =>
  isJsonArray(type) ? type : type === undefined ? [] : [type];
