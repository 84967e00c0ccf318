import { describe, expect, it } from 'vitest';
import { parseJson, writeJson } from '../../../src/kernel/json.ts';
import type { JsonObject } from '../../../src/kernel/json.ts';
import { cleanSchema } from '../../../src/protocols/google-generate/schema.ts';

const clean = (schema: JsonObject): JsonObject => cleanSchema(schema).schema;
const property = (schema: JsonObject): unknown =>
  (clean({ type: 'object', properties: { p: schema } }) as { properties: { p: unknown } }).properties.p;

describe('cleanSchema', () => {
  it('keeps what Gemini takes, removes what it does not, and never touches names (C085)', () => {
    expect(
      cleanSchema({
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        type: 'object',
        additionalProperties: false,
        required: ['format'],
        patternProperties: { '^x': {} },
        properties: {
          format: { type: 'string', const: 'json', minLength: 1 },
          uniqueItems: { type: 'array', uniqueItems: true, items: { type: 'integer', exclusiveMinimum: 0 } },
          const: { type: 'object', additionalProperties: { type: 'string', pattern: 'x' } },
        },
      }),
    ).toEqual({
      lossy: true,
      schema: {
        type: 'object',
        additionalProperties: false,
        required: ['format'],
        properties: {
          format: { type: 'string', enum: ['json'] },
          uniqueItems: { type: 'array', items: { type: 'integer', minimum: 1 } },
          const: { type: 'object', additionalProperties: { type: 'string' } },
        },
      },
    });
  });

  it('says that nothing was lost when nothing was', () => {
    const schema = { type: 'object', properties: { a: { type: 'string', description: 'A' } } };
    expect(cleanSchema({ $schema: 'x', $comment: 'y', ...schema })).toEqual({ schema, lossy: false });
  });

  it.each<[JsonObject, JsonObject]>([
    [{ exclusiveMinimum: 1.5 }, { minimum: 1.5 }],
    [
      { exclusiveMaximum: 9, minimum: 1 },
      { minimum: 1, maximum: 9 },
    ],
    [
      { type: 'integer', exclusiveMinimum: 1.5, minimum: 5 },
      { type: 'integer', minimum: 5 },
    ],
    [
      { type: 'integer', exclusiveMaximum: 9, maximum: 12 },
      { type: 'integer', maximum: 8 },
    ],
    [{ minimum: 3, exclusiveMinimum: true }, { minimum: 3 }],
    [{ const: null }, { enum: [null] }],
    [{ const: 1, enum: [1, 2] }, { enum: [1, 2] }],
    [{ items: [{ type: 'string', pattern: 'x' }] }, { prefixItems: [{ type: 'string' }] }],
    [{ anyOf: [{ pattern: 'x' }, true] }, { anyOf: [{}, {}] }],
    [{ oneOf: [{ type: 'string' }, 'nonsense'] }, { oneOf: [{ type: 'string' }, {}] }],
    [{ items: true }, { items: true }],
    [{ properties: 'nonsense' }, { properties: {} }],
  ])('rewrites %j', (given, expected) => {
    expect(property(given)).toEqual(expected);
  });

  it('keeps a bound with more digits than a double holds', () => {
    const schema = parseJson('{"exclusiveMinimum":12345678901234567890}') as JsonObject;
    expect(writeJson(clean(schema))).toBe('{"minimum":12345678901234567890}');
  });

  it('keeps a property named __proto__', () => {
    const schema = JSON.parse('{"properties":{"__proto__":{"type":"string"}}}') as JsonObject;
    expect(writeJson(clean(schema))).toBe('{"properties":{"__proto__":{"type":"string"}}}');
  });
});

describe('cleanSchema on references', () => {
  const definitions = { City: { type: 'object', properties: { name: { type: 'string', pattern: 'x' } } } };
  const city = { type: 'object', properties: { name: { type: 'string' } } };

  it.each(['$defs', 'definitions'])('keeps references that stand alone into %s', (key) => {
    const schema = { properties: { a: { $ref: `#/${key}/City` } }, [key]: definitions };
    expect(clean(schema)).toEqual({ properties: { a: { $ref: '#/$defs/City' } }, $defs: { City: city } });
  });

  it.each<[string, JsonObject]>([
    ['a reference with a description', { $ref: '#/$defs/City', description: 'Where' }],
    ['a reference inside allOf', { allOf: [{ $ref: '#/$defs/City' }], description: 'Where' }],
    ['a reference beside allOf', { $ref: '#/$defs/City', allOf: [{ description: 'Where' }] }],
  ])('copies the target of %s, which may not stand beside it', (_case, schema) => {
    expect(clean({ properties: { a: schema }, $defs: definitions })).toMatchObject({
      properties: { a: { ...city, description: 'Where' } },
    });
  });

  it('keeps a lone reference that allOf wraps', () => {
    const schema = { properties: { a: { allOf: [{ $ref: '#/$defs/City' }] } }, $defs: definitions };
    expect(clean(schema)).toMatchObject({ properties: { a: { $ref: '#/$defs/City' } } });
  });

  it('copies a reference at the root, which has to be an object', () => {
    expect(clean({ $ref: '#/definitions/City', definitions })).toEqual({ ...city, $defs: { City: city } });
  });

  it('follows references that lead elsewhere than to definitions', () => {
    const schema = {
      properties: { 'a/b': { type: 'string' }, list: { prefixItems: [{ type: 'number' }] } },
      anyOf: [{ $ref: '#/properties/a~1b' }, { $ref: '#/properties/list/prefixItems/0' }],
    };
    expect(clean(schema)).toMatchObject({ anyOf: [{ type: 'string' }, { type: 'number' }] });
  });

  it.each(['https://x.example/schema', '#/$defs/Gone', '#name', '#/properties/__proto__'])(
    'leaves out the reference %s, which leads nowhere',
    ($ref) => {
      expect(cleanSchema({ properties: { a: { $ref } } })).toEqual({
        schema: { properties: { a: {} } },
        lossy: true,
      });
    },
  );

  it('ends on schemas that contain themselves', () => {
    const node = { type: 'object', properties: { next: { $ref: '#/$defs/Node', description: 'Next' } } };
    expect(
      JSON.stringify(clean({ properties: { head: { $ref: '#' }, n: node }, $defs: { Node: node } })),
    ).toMatch(/"next":\{"description":"Next"\}/);
  });

  it('ends on schemas that grow with every copy', () => {
    const names = Array.from({ length: 30 }, (_, index) => `N${index}`);
    const $defs = Object.fromEntries(
      names.map((name, index) => [
        name,
        {
          properties: {
            left: { $ref: `#/$defs/N${index + 1}`, title: 'l' },
            right: { $ref: `#/$defs/N${index + 1}`, title: 'r' },
          },
        },
      ]),
    );
    const cleaned = cleanSchema({ $ref: '#/$defs/N0', $defs });
    expect(cleaned.lossy).toBe(true);
    expect(JSON.stringify(cleaned.schema).length).toBeLessThan(100_000);
  });

  it('joins what allOf says, the nearest word first', () => {
    const schema = {
      description: 'Mine',
      required: ['a'],
      properties: { a: { type: 'string' } },
      allOf: [
        {
          description: 'Theirs',
          required: ['b', 'a'],
          properties: { a: { title: 'A' }, b: { type: 'number' } },
        },
        { allOf: [{ minItems: 1 }], additionalProperties: false },
      ],
    };
    expect(clean(schema)).toEqual({
      description: 'Mine',
      required: ['a', 'b'],
      properties: { a: { type: 'string', title: 'A' }, b: { type: 'number' } },
      minItems: 1,
      additionalProperties: false,
    });
  });
});
