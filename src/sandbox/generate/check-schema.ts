import { findObject, isJsonObject, listOf } from '../../kernel/json.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { refuse, refuseUnknown } from './refuse.ts';

/** Which JSON Schema keywords a field knows, and which of them hold schemas. */
interface SchemaDialect {
  readonly known: readonly string[];
  readonly hasTypeLists: boolean;
}

/** `parameters` and `responseSchema`: a subset of OpenAPI 3. */
export const OPENAPI_SUBSET: SchemaDialect = {
  known: (
    'type format title description nullable enum items maxItems minItems properties required minProperties maxProperties ' +
    'minLength maxLength pattern example anyOf propertyOrdering default minimum maximum'
  ).split(' '),
  hasTypeLists: false,
};

/** `parametersJsonSchema` and `responseJsonSchema`: a subset of JSON Schema. */
export const JSON_SCHEMA_SUBSET: SchemaDialect = {
  known: (
    '$id $defs $ref $anchor type format title description enum items prefixItems minItems maxItems minimum maximum anyOf ' +
    'oneOf properties additionalProperties required propertyOrdering'
  ).split(' '),
  hasTypeLists: true,
};

const NAMED_SCHEMAS = ['properties', '$defs'];
const LISTED_SCHEMAS = ['anyOf', 'oneOf', 'prefixItems'];
const SINGLE_SCHEMAS = ['items', 'additionalProperties'];

/** @throws Refusal for a keyword outside the subset, at any depth; names of properties are free. */
export function checkSchema(schema: JsonObject, where: string, dialect: SchemaDialect): void {
  refuseUnknown(schema, where, dialect.known);
  if (Array.isArray(schema['type']) && !dialect.hasTypeLists) {
    refuse(`Invalid value at '${where}.type': Proto field is not repeating, cannot start list.`);
  }
  for (const [path, inner] of innerSchemas(schema, where)) checkSchema(inner, path, dialect);
}

function innerSchemas(schema: JsonObject, where: string): readonly (readonly [string, JsonObject])[] {
  const found: [string, unknown][] = [];
  for (const word of NAMED_SCHEMAS) {
    for (const [name, inner] of Object.entries(findObject(schema[word]) ?? {}))
      found.push([`${word}.${name}`, inner]);
  }
  for (const word of LISTED_SCHEMAS) {
    for (const [index, inner] of listOf(schema[word]).entries()) found.push([`${word}[${index}]`, inner]);
  }
  for (const word of SINGLE_SCHEMAS) found.push([word, schema[word]]);
  return found.flatMap(([path, inner]) =>
    isJsonObject(inner) ? [[`${where}.${path}`, inner] as const] : [],
  );
}
