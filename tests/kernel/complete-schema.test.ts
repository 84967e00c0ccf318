import { describe, expect, it } from 'vitest';
import { completeSchema, fillSchema, hasTopCondition } from '../../src/kernel/complete-schema.ts';
import type { JsonObject } from '../../src/kernel/json.ts';

const text = { type: 'string' };
const list = { type: 'array' };
const whole = { type: 'array', items: {} };
const object = (properties: JsonObject): JsonObject => ({ type: 'object', properties });

describe('a schema made complete', () => {
  it.each<[string, JsonObject, JsonObject]>([
    ['an empty one', {}, object({})],
    ['no properties', { type: 'object', description: 'd' }, { ...object({}), description: 'd' }],
    ['properties that are none', { type: 'object', properties: null }, object({})],
    ['a list', object({ a: list }), object({ a: whole })],
    ['a list whose items are none', object({ a: { ...list, items: null } }), object({ a: whole })],
    [
      'what may be a list',
      object({ a: { type: ['array', 'null'] } }),
      object({ a: { type: ['array', 'null'], items: {} } }),
    ],
    ['a list of lists', object({ a: { ...list, items: list } }), object({ a: { ...list, items: whole } })],
    [
      'alternatives inside',
      object({ a: { anyOf: [text, list], oneOf: [list], allOf: [true, list] } }),
      object({ a: { anyOf: [text, whole], oneOf: [whole], allOf: [true, whole] } }),
    ],
    ['alternatives at the top', { anyOf: [{ properties: { a: list } }] }, object({ a: whole })],
    [
      'conditions at the top',
      { ...object({ a: text, not: text }), not: { required: ['a'] }, enum: [{}] },
      object({ a: text, not: text }),
    ],
    [
      'definitions and maps',
      { ...object({}), $defs: { L: list }, definitions: { L: list }, additionalProperties: list },
      { ...object({}), $defs: { L: whole }, definitions: { L: whole }, additionalProperties: whole },
    ],
    [
      'positions and conditions',
      object({ a: { ...list, prefixItems: [list], contains: list, if: { not: list } } }),
      object({ a: { ...whole, prefixItems: [whole], contains: whole, if: { not: whole } } }),
    ],
  ])('has what OpenAI misses: %s', (_what, schema, expected) => {
    expect(completeSchema(schema)).toEqual(expected);
  });

  it.each<[string, JsonObject]>([
    ['what is complete', object({ a: { type: 'array', items: text }, b: { type: 'object' } })],
    [
      'properties that are called like keywords',
      object({ type: text, items: text, properties: text, anyOf: text, not: text, enum: text }),
    ],
    [
      'values that look like schemas',
      object({ a: { default: list, enum: [list], const: list, examples: [list] } }),
    ],
    [
      'what is no schema',
      object({ a: { properties: 'x', items: true, anyOf: 5, additionalProperties: false } }),
    ],
  ])('is the same object: %s', (_what, schema) => {
    expect(completeSchema(schema)).toBe(schema);
    expect(hasTopCondition(schema)).toBe(false);
  });

  it('is not fooled by a member of a strange name', () => {
    const schema = JSON.parse('{"type":"object","properties":{"__proto__":{"type":"array"}}}') as JsonObject;
    expect(JSON.stringify(completeSchema(schema))).toBe(
      '{"type":"object","properties":{"__proto__":{"type":"array","items":{}}}}',
    );
  });

  it('may be as deep as a body', () => {
    const deep = `${'{"type":"array","items":'.repeat(1000)}{"type":"array"}${'}'.repeat(1000)}`;
    const schema = object({ a: JSON.parse(deep) as JsonObject });
    expect(JSON.stringify(completeSchema(schema))).toContain('{"type":"array","items":{}}');
  });
});

describe('fillSchema', () => {
  it.each([
    [{}, { type: 'object', properties: {} }],
    [{ type: 'object' }, { type: 'object', properties: {} }],
    [
      { type: 'object', properties: null },
      { type: 'object', properties: {} },
    ],
    [{ anyOf: [{ type: 'object' }] }, { anyOf: [{ type: 'object' }] }],
    [{ properties: { a: { type: 'array' } } }, { properties: { a: { type: 'array', items: {} } } }],
  ])('adds to %j what is missing and takes nothing away', (given, filled) => {
    expect(fillSchema(given)).toEqual(filled);
  });
});
