import {
  findNumber,
  findObject,
  findString,
  isJsonArray,
  isJsonObject,
  writeJson,
} from '../../kernel/json.ts';
import type { Json, JsonObject } from '../../kernel/json.ts';

/**
 * Messages compiles a schema into a grammar, and refuses what a grammar cannot say. These members it takes as they are;
 * the members below hold further schemas.
 */
const KEPT: ReadonlySet<string> = new Set([
  '$ref',
  'type',
  'enum',
  'const',
  'default',
  'title',
  'description',
  'required',
]);
const SCHEMA_MAPS: ReadonlySet<string> = new Set(['properties', '$defs', 'definitions']);
const SCHEMA_LISTS: ReadonlyMap<string, string> = new Map([
  ['anyOf', 'anyOf'],
  ['oneOf', 'anyOf'], // the grammar has one kind of choice
  ['allOf', 'allOf'],
]);
/** Members that constrain nothing, or are written anew. */
const SILENT: ReadonlySet<string> = new Set(['$schema', '$id', '$comment', 'additionalProperties']);
const FORMATS: ReadonlySet<string> = new Set([
  'date-time',
  'time',
  'date',
  'duration',
  'email',
  'hostname',
  'uri',
  'ipv4',
  'ipv6',
  'uuid',
]);

export interface FittedSchema {
  readonly schema: JsonObject;
  /** True when a constraint is now told in a description and no longer enforced. */
  readonly weakened: boolean;
}

/** A schema that Messages enforces: objects are closed, limits of numbers, lengths and patterns go into descriptions. */
export function fitSchema(schema: JsonObject): FittedSchema {
  let weakened = false;

  const fit = (source: JsonObject): JsonObject => {
    const told = Object.entries(source).filter(([key, value]) => !isEnforced(key, value));
    if (told.length > 0) weakened = true;
    const members = Object.entries(source).filter(
      ([key, value]) => isEnforced(key, value) && !SILENT.has(key),
    );
    return {
      ...Object.fromEntries(members.map(([key, value]) => fitMember(key, value))),
      ...(told.length > 0 && { description: describe(findString(source['description']), told) }),
      ...(isObjectSchema(source) && { additionalProperties: false }),
    };
  };
  const fitValue = (value: Json): Json => (isJsonObject(value) ? fit(value) : value);
  const fitMember = (key: string, value: Json | undefined): [string, Json | undefined] => {
    const list = SCHEMA_LISTS.get(key);
    if (list !== undefined && isJsonArray(value)) return [list, value.map(fitValue)];
    if (key === 'items' && value !== undefined) return [key, fitValue(value)];
    if (!SCHEMA_MAPS.has(key) || !isJsonObject(value)) return [key, value];
    const inner = Object.entries(value).map(([name, member]) => [name, member && fitValue(member)]);
    return [key, Object.fromEntries(inner) as JsonObject];
  };

  const fitted = fit(schema);
  return { schema: fitted, weakened };
}

/** True when Messages would enforce this schema as it stands. */
export function isFitting(schema: JsonObject): boolean {
  if (isObjectSchema(schema) && schema['additionalProperties'] !== false) return false;
  return Object.entries(schema).every(([key, value]) => {
    if (!isEnforced(key, value)) return false;
    if (SCHEMA_MAPS.has(key)) return Object.values(findObject(value) ?? {}).every(isFittingValue);
    if (key === 'items') return isFittingValue(value);
    return !SCHEMA_LISTS.has(key) || (key !== 'oneOf' && isJsonArray(value) && value.every(isFittingValue));
  });
}

const isFittingValue = (value: Json | undefined): boolean => !isJsonObject(value) || isFitting(value);

const isObjectSchema = (schema: JsonObject): boolean =>
  schema['type'] === 'object' ||
  schema['properties'] !== undefined ||
  (isJsonArray(schema['type']) && schema['type'].includes('object'));

function isEnforced(key: string, value: Json | undefined): boolean {
  if (key === 'format') return FORMATS.has(findString(value) ?? '');
  if (key === 'minItems') return (findNumber(value) ?? 2) <= 1;
  if (key === 'additionalProperties') return typeof value === 'boolean';
  if (key === 'items') return !isJsonArray(value);
  return KEPT.has(key) || SCHEMA_MAPS.has(key) || SCHEMA_LISTS.has(key) || SILENT.has(key);
}

/** The description with the constraints that can only be told. */
function describe(
  description: string | undefined,
  told: readonly (readonly [string, Json | undefined])[],
): string {
  const constraints = told.map(([key, value]) => `${key} ${writeJson(value ?? null)}`).join(', ');
  return `${description === undefined ? '' : `${description}\n\n`}Must satisfy: ${constraints}`;
}
