import { findObject, findString, isJsonArray, listOf, writeJson } from './json.ts';
import type { Json, JsonObject } from './json.ts';

const CHOICES = ['anyOf', 'oneOf', 'allOf'] as const;

/**
 * The schema of a tool's input as Anthropic and OpenAI want it: of type object, without alternatives at its top.
 * Alternatives are merged, their members becoming optional unless all of them hold at once. One that is so already
 * comes back itself.
 */
export function toObjectSchema(schema: JsonObject | undefined): JsonObject {
  if (schema === undefined) return { type: 'object', properties: {} };
  if (hasAlternatives(schema)) return mergeChoices(schema);
  if (schema['type'] === 'object') return schema;
  return { ...schema, type: 'object', properties: schema['properties'] ?? {} };
}

/** True when the schema offers alternatives at its top. */
export const hasAlternatives = (schema: JsonObject | undefined): boolean =>
  schema !== undefined && CHOICES.some((choice) => isJsonArray(schema[choice]));

function mergeChoices(schema: JsonObject): JsonObject {
  const branches = CHOICES.flatMap((choice) =>
    listOf(schema[choice]).map((branch) => ({ choice, branch: resolve(findObject(branch), schema) })),
  );
  const always = branches.filter(({ choice }) => choice === 'allOf').map(({ branch }) => branch['required']);
  const required = [schema['required'], ...always].flatMap((list) => listOf(list));
  const rest = Object.entries(schema).filter(([key]) => !CHOICES.some((choice) => choice === key));
  return {
    ...Object.fromEntries(rest),
    type: 'object',
    properties: {
      ...mergeProperties(branches.map(({ branch }) => branch['properties'])),
      ...findObject(schema['properties']),
    },
    ...(required.length > 0 && { required: [...new Set(required)] }),
  };
}

/** Members that differ between the branches may be any of what the branches say. */
function mergeProperties(tables: readonly (Json | undefined)[]): JsonObject {
  const merged = new Map<string, Map<string, Json>>();
  for (const [name, value] of tables.flatMap((table) => Object.entries(findObject(table) ?? {}))) {
    const choices = merged.get(name) ?? new Map<string, Json>();
    if (value !== undefined) merged.set(name, choices.set(writeJson(value), value));
  }
  const entries = [...merged].map(([name, choices]): [string, Json] => {
    const [first = {}, ...others] = choices.values();
    return [name, others.length === 0 ? first : { anyOf: [first, ...others] }];
  });
  return Object.fromEntries(entries);
}

/** The branch itself, or the definition in the same schema that it points to. */
function resolve(branch: JsonObject | undefined, schema: JsonObject): JsonObject {
  const [, table = '', name = ''] =
    /^#\/(\$defs|definitions)\/([^/]+)$/.exec(findString(branch?.['$ref']) ?? '') ?? [];
  return findObject(findObject(schema[table])?.[name]) ?? branch ?? {};
}
