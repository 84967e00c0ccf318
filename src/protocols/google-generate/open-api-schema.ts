import { findString, isJsonArray, isJsonObject, listOf } from '../../kernel/json.ts';
import type { Json, JsonObject } from '../../kernel/json.ts';
import type { CleanSchema } from './schema.ts';

/** Keywords of a clean schema that the older OpenAPI form takes as they stand. */
const PLAIN: ReadonlySet<string> = new Set([
  'type',
  'format',
  'title',
  'description',
  'minItems',
  'maxItems',
  'minimum',
  'maximum',
  'required',
  'propertyOrdering',
]);

const DEFINITION = '#/$defs/';

/** References that one schema may have copied into it. */
const MAX_COPIES = 200;

/**
 * Writes a clean schema in the OpenAPI form of `parameters`, for models that do not read JSON Schema: no references,
 * one type, `nullable` for null, and enumerations of strings only.
 */
export function encodeOpenApi({ schema, lossy }: CleanSchema): CleanSchema {
  const definitions = schema['$defs'];
  let lost = lossy;
  let copies = 0;

  const convert = (node: Json | undefined, open: readonly string[]): JsonObject => {
    if (!isJsonObject(node)) return {};
    const reference = findString(node['$ref']);
    return reference === undefined ? rewrite(node, open) : follow(reference, open);
  };

  const follow = (reference: string, open: readonly string[]): JsonObject => {
    const name = reference.slice(DEFINITION.length);
    const known = isJsonObject(definitions) && Object.hasOwn(definitions, name);
    if (known && !open.includes(name) && copies < MAX_COPIES) {
      copies += 1;
      return convert(definitions[name], [...open, name]);
    }
    lost = true;
    return { type: 'object' };
  };

  const rewrite = (node: JsonObject, open: readonly string[]): JsonObject => {
    const { type, properties, items, enum: values, anyOf, oneOf, ...rest } = node;
    const words = isJsonArray(type) ? type : [type];
    const types = words.filter((word) => typeof word === 'string' && word !== 'null');
    const branches = [...listOf(anyOf), ...listOf(oneOf)];
    const options =
      branches.length > 0 || types.length < 2 ? branches : types.map((word) => ({ type: word }));
    if (options === branches && types.length > 1) lost = true;
    return {
      ...plain(rest),
      ...(types.length === 1 && { type: types[0] }),
      ...((words.includes('null') || branches.some(isNull)) && { nullable: true }),
      ...(isJsonObject(properties) && { properties: convertAll(properties, open) }),
      ...(isJsonObject(items) && { items: convert(items, open) }),
      ...strings(values),
      ...alternatives(options, open),
    };
  };

  const alternatives = (options: readonly Json[], open: readonly string[]): JsonObject => {
    const anyOf = options.filter((option) => !isNull(option)).map((option) => convert(option, open));
    return anyOf.length > 0 ? { anyOf } : {};
  };

  const convertAll = (properties: JsonObject, open: readonly string[]): JsonObject =>
    Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, convert(value, open)]));

  const strings = (values: Json | undefined): JsonObject => {
    const words = listOf(values).filter((word) => word !== null);
    if (words.every((word) => typeof word === 'string')) return words.length > 0 ? { enum: words } : {};
    lost = true;
    return {};
  };

  const plain = (rest: JsonObject): JsonObject => {
    const entries = Object.entries(rest);
    const kept = entries.filter(([key]) => PLAIN.has(key));
    if (kept.length < entries.filter(([key]) => !key.startsWith('$')).length) lost = true;
    return Object.fromEntries(kept);
  };

  return { schema: convert(schema, []), lossy: lost };
}

const isNull = (branch: Json): boolean => isJsonObject(branch) && branch['type'] === 'null';
