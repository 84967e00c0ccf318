import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../src/kernel/json.ts';
import { isStrictSchema } from '../../src/kernel/strict-schema.ts';

const text = { type: 'string' };
const closed = (properties: JsonObject): JsonObject => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
});
/** Objects one within the other, this many. */
const nest = (levels: number): JsonObject => closed(levels === 1 ? {} : { a: nest(levels - 1) });

describe('a schema that strict mode takes', () => {
  it.each<[string, JsonObject]>([
    ['an empty object', closed({})],
    ['types', closed({ a: { type: ['string', 'null'] }, b: { type: 'integer' }, c: { type: 'boolean' } })],
    [
      'words about it',
      { ...closed({ a: { ...text, title: 't', description: 'd' } }), $schema: 'x', title: 't' },
    ],
    ['choices of values', closed({ a: { ...text, enum: ['x'] }, b: { ...text, const: 'x' } })],
    ['choices of schemas', closed({ a: { anyOf: [text, closed({ b: text }), { type: 'null' }] } })],
    ['numbers', closed({ a: { type: 'number', minimum: 0, exclusiveMaximum: 9, multipleOf: 2 } })],
    ['texts', closed({ a: { ...text, pattern: '^a(?:b|c)$' }, b: { ...text, format: 'date-time' } })],
    ['lists', closed({ a: { type: 'array', items: closed({ b: text }), minItems: 1, maxItems: 3 } })],
    ['definitions', { ...closed({ a: { $ref: '#/$defs/A' }, b: { $ref: '#' } }), $defs: { A: closed({}) } }],
    ['names that are keywords', closed({ default: text, allOf: text, required: text, $ref: text })],
    ['ten levels', nest(10)],
  ])('has %s', (_what, schema) => {
    expect(isStrictSchema(schema)).toBe(true);
  });
});

describe('a schema that strict mode refuses', () => {
  it.each<[string, JsonObject]>([
    ['nothing', {}],
    ['another type at its top', { type: 'array', items: text }],
    ['a list of types at its top', { ...closed({}), type: ['object', 'null'] }],
    ['alternatives at its top', { ...closed({}), anyOf: [closed({})] }],
    ['an open object', { type: 'object', properties: {}, required: [] }],
    ['an object of any member', { ...closed({}), additionalProperties: true }],
    ['no properties', { type: 'object', additionalProperties: false }],
    ['an optional property', { ...closed({ a: text }), required: [] }],
    ['a demand for a property that is none', { ...closed({ a: text }), required: ['a', 'b'] }],
    ['demands that are no list', { ...closed({}), required: 'a' }],
    ['eleven levels', nest(11)],
  ])('has %s', (_what, schema) => {
    expect(isStrictSchema(schema)).toBe(false);
  });

  it.each<[string, Json]>([
    ['anything', {}],
    ['true', true],
    ['an unknown type', { type: 'date' }],
    ['no type at all', { type: [] }],
    ['values without a type', { enum: ['x'] }],
    ['no values', { ...text, enum: [] }],
    ['an open object', { type: 'object', properties: {} }],
    ['an open object or null', { type: ['object', 'null'], properties: {} }],
    ['a list of anything', { type: 'array' }],
    ['a list by position', { type: 'array', items: [text] }],
    ['a default', { ...text, default: 'x' }],
    ['a length', { ...text, minLength: 1 }],
    ['an unknown format', { ...text, format: 'uri' }],
    ['a pattern that looks ahead', { ...text, pattern: '^(?!a)' }],
    ['a pattern that looks back', { ...text, pattern: '(?<=a)b' }],
    ['a pattern that is none', { ...text, pattern: 5 }],
    ['oneOf', { oneOf: [text] }],
    ['allOf', { allOf: [text] }],
    ['no alternatives', { anyOf: [] }],
    ['an open alternative', { anyOf: [{ type: 'object' }] }],
    ['words beside a reference', { $ref: '#/$defs/A', description: 'd' }],
    ['a reference to elsewhere', { $ref: 'https://example.com/a' }],
    ['patterns of names', { ...closed({}), patternProperties: {} }],
    ['a keyword of every object', { ...text, constructor: 1 }],
  ])('has a property of %s', (_what, property) => {
    expect(isStrictSchema(closed({ a: property }))).toBe(false);
  });

  it('has an open definition', () => {
    expect(isStrictSchema({ ...closed({}), $defs: { A: { type: 'object' } } })).toBe(false);
    expect(isStrictSchema({ ...closed({}), definitions: { A: {} } })).toBe(false);
  });
});
