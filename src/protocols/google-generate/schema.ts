import { isJsonArray, isJsonObject, isRawJson, listOf } from '../../kernel/json.ts';
import type { Json, JsonObject } from '../../kernel/json.ts';
import { createResolver } from './schema-references.ts';

/** What stands behind a keyword: plain data, one schema, a list of schemas, or schemas by name. */
type Content = 'data' | 'schema' | 'list' | 'names';

/** The keywords that Gemini takes (documentation of `parametersJsonSchema`, November 2026). */
const KEYWORDS: ReadonlyMap<string, Content> = new Map<string, Content>([
  ['$id', 'data'],
  ['$defs', 'names'],
  ['$ref', 'data'],
  ['$anchor', 'data'],
  ['type', 'data'],
  ['format', 'data'],
  ['title', 'data'],
  ['description', 'data'],
  ['enum', 'data'],
  ['items', 'schema'],
  ['prefixItems', 'list'],
  ['minItems', 'data'],
  ['maxItems', 'data'],
  ['minimum', 'data'],
  ['maximum', 'data'],
  ['anyOf', 'list'],
  ['oneOf', 'list'],
  ['properties', 'names'],
  ['additionalProperties', 'schema'],
  ['required', 'data'],
  ['propertyOrdering', 'data'],
]);

/** Keywords whose absence no caller will notice. */
const SILENT: ReadonlySet<string> = new Set(['$schema', '$comment']);

/** A schema that Gemini takes, and whether it says less than the one it was made from. */
export interface CleanSchema {
  readonly schema: JsonObject;
  readonly lossy: boolean;
}

/** Rewrites JSON Schema to the keywords that Gemini takes; names of properties are left alone, whatever they are. */
export function cleanSchema(root: JsonObject): CleanSchema {
  const resolver = createResolver(root);
  let lost = 0;

  const clean = (node: JsonObject, open: readonly string[], isRoot = false): JsonObject => {
    const resolved = resolver.resolve(node, open, isRoot);
    const entries: [string, Json | undefined][] = [];
    for (const [key, value] of Object.entries(modernise(resolved.schema))) {
      const content = KEYWORDS.get(key);
      if (content !== undefined) entries.push([key, member(value, content, resolved.open)]);
      else if (!SILENT.has(key)) lost += 1;
    }
    return Object.fromEntries(entries);
  };

  const schema = (value: Json | undefined, open: readonly string[]): Json => {
    if (isJsonObject(value)) return clean(value, open);
    if (typeof value === 'boolean') return {};
    lost += 1;
    return {};
  };

  const member = (value: Json | undefined, content: Content, open: readonly string[]): Json | undefined => {
    switch (content) {
      case 'data':
        return value;
      case 'schema':
        return typeof value === 'boolean' ? value : schema(value, open);
      case 'list':
        return listOf(value).map((item) => schema(item, open));
      case 'names':
        return isJsonObject(value)
          ? Object.fromEntries(Object.entries(value).map(([name, item]) => [name, schema(item, open)]))
          : {};
    }
  };

  const cleaned = clean(root, [], true);
  return { schema: cleaned, lossy: lost > 0 || resolver.lossy() };
}

/** Says in kept keywords what older drafts and neighbouring keywords say. */
function modernise(node: JsonObject): JsonObject {
  const { const: only, definitions, items, exclusiveMinimum, exclusiveMaximum, ...rest } = node;
  return {
    ...rest,
    ...(only !== undefined && rest['enum'] === undefined && { enum: [only] }),
    ...(isJsonObject(definitions) && { $defs: { ...definitions, ...objectOf(rest['$defs']) } }),
    ...(items !== undefined && (isJsonArray(items) ? { prefixItems: items } : { items })),
    ...bound('minimum', exclusiveMinimum, rest),
    ...bound('maximum', exclusiveMaximum, rest),
  };
}

/** The inclusive bound nearest to an exclusive one; for whole numbers it is the next number. */
function bound(key: 'minimum' | 'maximum', exclusive: Json | undefined, node: JsonObject): JsonObject {
  if (isRawJson(exclusive)) return { [key]: node[key] ?? exclusive };
  if (typeof exclusive !== 'number') return {};
  const whole = node['type'] === 'integer';
  const own = node[key];
  if (key === 'minimum') {
    const least = whole ? Math.floor(exclusive) + 1 : exclusive;
    return { minimum: typeof own === 'number' ? Math.max(own, least) : least };
  }
  const most = whole ? Math.ceil(exclusive) - 1 : exclusive;
  return { maximum: typeof own === 'number' ? Math.min(own, most) : most };
}

const objectOf = (value: Json | undefined): JsonObject => (isJsonObject(value) ? value : {});
