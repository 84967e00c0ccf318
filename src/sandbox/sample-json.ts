import { findNumber, findObject, findString, isJsonObject, listOf, writeJson } from '../kernel/json.ts';
import type { Json, JsonObject } from '../kernel/json.ts';

const DEEPEST = 8;
const FORMATS: Readonly<Record<string, string>> = {
  date: '2026-01-31',
  'date-time': '2026-01-31T12:00:00Z',
  time: '12:00:00Z',
  email: 'someone@example.com',
  uri: 'https://example.com/',
  uuid: '00000000-0000-4000-8000-000000000001',
};

interface Place {
  readonly root: JsonObject;
  readonly ordinal: number;
  readonly depth: number;
}

/**
 * JSON text that fits a JSON schema well enough for a tool call; `ordinal`, from 1, keeps samples of one schema apart.
 * Required properties are filled, or all when none is required.
 */
export function sampleJson(schema: JsonObject | undefined, ordinal: number): string {
  if (schema === undefined) return '{}';
  return writeJson(sampleOf(schema, { root: schema, ordinal, depth: 0 }));
}

function sampleOf(schema: JsonObject, place: Place): Json {
  if (place.depth > DEEPEST) return null;
  if (schema['const'] !== undefined) return schema['const'];
  const words = listOf(schema['enum']);
  if (words.length > 0) return words[(place.ordinal - 1) % words.length] ?? null;
  if (schema['default'] !== undefined) return schema['default'];
  const other = findOtherSchema(schema, place.root);
  if (other !== undefined) return sampleOf(other, deeper(place));
  return sampleOfType(typeOf(schema), schema, place);
}

const deeper = (place: Place): Place => ({ ...place, depth: place.depth + 1 });

/** The schema that this one points to or is composed of. */
function findOtherSchema(schema: JsonObject, root: JsonObject): JsonObject | undefined {
  const reference = findString(schema['$ref']);
  if (reference !== undefined) return findByPointer(root, reference);
  const options = [...listOf(schema['anyOf']), ...listOf(schema['oneOf'])].filter(isJsonObject);
  const option = options.find((candidate) => typeOf(candidate) !== 'null');
  if (option !== undefined) return option;
  const parts = listOf(schema['allOf']).filter(isJsonObject);
  return parts.length > 0 ? mergedSchema(parts) : undefined;
}

function findByPointer(root: JsonObject, reference: string): JsonObject | undefined {
  const steps = reference.split('/').slice(1); // what stands before the first slash is the `#` of this document
  let found: JsonObject | undefined = root;
  for (const step of steps) {
    found = findObject(Object.entries(found ?? {}).find(([key]) => key === step)?.[1]);
  }
  return found;
}

function mergedSchema(parts: readonly JsonObject[]): JsonObject {
  const properties = parts.flatMap((part) => Object.entries(findObject(part['properties']) ?? {}));
  const required = parts.flatMap((part) => listOf(part['required']));
  return { type: 'object', properties: Object.fromEntries(properties), required };
}

function typeOf(schema: JsonObject): string {
  const named = [schema['type'], ...listOf(schema['type'])].filter((name) => typeof name === 'string');
  const type = named.find((name) => name.toLowerCase() !== 'null') ?? named[0];
  if (type !== undefined) return type.toLowerCase(); // Gemini writes OBJECT
  if (schema['properties'] !== undefined) return 'object';
  return schema['items'] === undefined ? 'string' : 'array';
}

function sampleOfType(type: string, schema: JsonObject, place: Place): Json {
  switch (type) {
    case 'object':
      return sampleObject(schema, deeper(place));
    case 'array':
      return sampleArray(schema, deeper(place));
    case 'integer':
    case 'number':
      return sampleNumber(schema);
    case 'boolean':
      return true;
    case 'null':
      return null;
    default:
      return sampleText(schema, place.ordinal);
  }
}

function sampleObject(schema: JsonObject, place: Place): JsonObject {
  const required = listOf(schema['required']);
  const properties = Object.entries(findObject(schema['properties']) ?? {});
  const wanted = required.length > 0 ? properties.filter(([key]) => required.includes(key)) : properties;
  return Object.fromEntries(wanted.map(([key, value]) => [key, sampleOf(findObject(value) ?? {}, place)]));
}

function sampleArray(schema: JsonObject, place: Place): Json {
  const count = Math.max(1, findNumber(schema['minItems']) ?? 1);
  const items = findObject(schema['items']) ?? findObject(listOf(schema['prefixItems'])[0]) ?? {};
  return Array.from({ length: count }, () => sampleOf(items, place));
}

function sampleNumber(schema: JsonObject): number {
  const above = findNumber(schema['exclusiveMinimum']);
  const lowest = findNumber(schema['minimum']) ?? (above === undefined ? 1 : above + 1);
  return Math.min(Math.max(lowest, 1), findNumber(schema['maximum']) ?? Infinity);
}

function sampleText(schema: JsonObject, ordinal: number): string {
  const text = FORMATS[findString(schema['format']) ?? ''] ?? `example-${ordinal}`;
  return text.padEnd(findNumber(schema['minLength']) ?? 0, '.').slice(0, findNumber(schema['maxLength']));
}
