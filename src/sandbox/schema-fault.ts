import { findObject, findString, isJsonArray, listOf } from '../kernel/json.ts';
import type { Json, JsonObject } from '../kernel/json.ts';

const NOT_AT_TOP = ['oneOf', 'anyOf', 'allOf', 'enum', 'not'];
const PERMITTED =
  '$schema title description type properties required additionalProperties items anyOf enum const $ref $defs definitions ' +
  'format pattern minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minItems maxItems';
const FORMATS = 'date-time time date duration email hostname ipv4 ipv6 uuid';

/** What OpenAI finds wrong with the schema of a function or of a strict answer, in its words; `undefined` when it takes it. */
export function findSchemaFault(schema: JsonObject, isStrict: boolean): string | undefined {
  const type = findString(schema['type']) ?? 'None';
  if (type !== 'object') return `schema must be a JSON Schema of 'type: "object"', got 'type: "${type}"'.`;
  if (NOT_AT_TOP.some((keyword) => schema[keyword] !== undefined)) {
    const keywords = NOT_AT_TOP.map((keyword) => `'${keyword}'`).join('/');
    return `schema must have type 'object' and not have ${keywords} at the top level.`;
  }
  if (findObject(schema['properties']) === undefined)
    return 'In context=(), object schema missing properties.';
  return faultsOf(schema, [], isStrict)[0];
}

function faultsOf(schema: JsonObject, context: readonly string[], isStrict: boolean): readonly string[] {
  const place = context.map((step) => `'${step}'`).join(', ');
  const types = [schema['type']].flat();
  return [
    ...(types.includes('array') && (schema['items'] ?? null) === null ? ['array schema missing items.'] : []),
    ...(isStrict ? strictFaultsOf(schema, types.includes('object')) : []),
  ]
    .map((fault) => `In context=(${place}), ${fault}`)
    .concat(
      innerSchemas(schema).flatMap(([steps, inner]) => faultsOf(inner, [...context, ...steps], isStrict)),
    );
}

/** What strict mode minds of one schema: it wants closed objects in which everything is required, and types. */
function strictFaultsOf(schema: JsonObject, isObject: boolean): readonly string[] {
  const unknown = Object.keys(schema).filter((key) => !PERMITTED.split(' ').includes(key));
  const format = findString(schema['format']);
  const isTyped = ['type', 'anyOf', '$ref'].some((key) => schema[key] !== undefined);
  return [
    ...unknown.map((key) => `'${key}' is not permitted.`),
    ...(isTyped ? [] : ["schema must have a 'type' key."]),
    ...(format === undefined || FORMATS.split(' ').includes(format)
      ? []
      : [`'${format}' is not a valid format.`]),
    ...(isObject ? objectFaultsOf(schema) : []),
  ];
}

function objectFaultsOf(schema: JsonObject): readonly string[] {
  const properties = findObject(schema['properties']);
  const missing = Object.keys(properties ?? {}).filter((key) => !listOf(schema['required']).includes(key));
  const closed = schema['additionalProperties'] === false;
  return [
    ...(closed ? [] : ["'additionalProperties' is required to be supplied and to be false."]),
    ...(properties === undefined ? ['object schema missing properties.'] : []),
    ...missing.map(
      (key) =>
        `'required' is required to be supplied and to be an array including every key in properties. Missing '${key}'.`,
    ),
  ];
}

type Step = readonly [steps: readonly string[], schema: JsonObject];

/** The schemas within a schema, each with the way to it. */
const innerSchemas = (schema: JsonObject): readonly Step[] => [
  ...['properties', '$defs', 'definitions'].flatMap((key) =>
    Object.entries(findObject(schema[key]) ?? {}).flatMap(([name, inner]) => step([key, name], inner)),
  ),
  ...['items', 'additionalProperties'].flatMap((key) => step([key], schema[key])),
  ...['anyOf', 'oneOf', 'allOf'].flatMap((key) =>
    listOf(schema[key]).flatMap((inner, index) => step([key, String(index)], inner)),
  ),
];

function step(steps: readonly string[], value: Json | undefined): readonly Step[] {
  const schema = isJsonArray(value) ? undefined : findObject(value);
  return schema === undefined ? [] : [[steps, schema]];
}
