import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/kernel/json.ts';
import { sampleJson } from '../../src/sandbox/sample-json.ts';

const property = (schema: JsonObject): JsonObject => ({ type: 'object', properties: { a: schema } });

describe('a sample of a JSON schema', () => {
  it.each<[string, JsonObject, unknown]>([
    ['a string', { type: 'string' }, 'example-1'],
    ['a long string', { type: 'string', minLength: 12 }, 'example-1...'],
    ['a short string', { type: 'string', maxLength: 3 }, 'exa'],
    ['a date', { type: 'string', format: 'date' }, '2026-01-31'],
    ['a string of no known format', { type: 'string', format: 'isbn' }, 'example-1'],
    ['one of some words', { enum: ['x', 'y'] }, 'x'],
    ['a constant', { const: 7 }, 7],
    ['a default', { type: 'integer', default: 5 }, 5],
    ['an integer', { type: 'integer' }, 1],
    ['a number above a minimum', { type: 'number', minimum: 3 }, 3],
    ['a number above an open minimum', { type: 'number', exclusiveMinimum: 3 }, 4],
    ['a number below a maximum', { type: 'number', maximum: 0 }, 0],
    ['a boolean', { type: 'boolean' }, true],
    ['null', { type: 'null' }, null],
    ['what is not null of two types', { type: ['null', 'integer'] }, 1],
    ['a list', { type: 'array', items: { type: 'integer' }, minItems: 2 }, [1, 1]],
    ['a list without items', { items: {} }, ['example-1']],
    ['a tuple', { type: 'array', prefixItems: [{ type: 'boolean' }] }, [true]],
    ['the types of Gemini', { type: 'OBJECT', properties: { b: { type: 'NUMBER' } } }, { b: 1 }],
    ['the first branch that is not null', { anyOf: [{ type: 'null' }, { type: 'integer' }] }, 1],
    ['a choice', { oneOf: [{ type: 'boolean' }] }, true],
    [
      'a sum of schemas',
      {
        allOf: [
          { properties: { b: {} } },
          { properties: { c: { type: 'integer' }, d: {} }, required: ['c'] },
        ],
      },
      { c: 1 },
    ],
    ['something of no kind', {}, 'example-1'],
  ])('is %s', (_name, schema, value) => {
    expect(JSON.parse(sampleJson(property(schema), 1))).toEqual({ a: value });
  });

  it('fills what is required, or all when nothing is', () => {
    const properties = { a: { type: 'integer' }, b: { type: 'integer' } };
    expect(sampleJson({ type: 'object', properties, required: ['b'] }, 1)).toBe('{"b":1}');
    expect(sampleJson({ type: 'object', properties }, 1)).toBe('{"a":1,"b":1}');
  });

  it('follows references into the definitions', () => {
    const schema = { ...property({ $ref: '#/$defs/city' }), $defs: { city: { type: 'boolean' } } };
    expect(sampleJson(schema, 1)).toBe('{"a":true}');
  });

  it('comes to an end in a schema that holds itself', () => {
    const node = { type: 'object', properties: { next: { $ref: '#' } } };
    expect(sampleJson(node, 1)).toMatch(/^\{"next":.*null.*\}$/);
  });

  it('goes on without a definition that is not there', () => {
    expect(sampleJson(property({ $ref: '#/$defs/none' }), 1)).toBe('{"a":"example-1"}');
  });

  it('differs by its ordinal', () => {
    const schema = property({ enum: ['x', 'y'] });
    expect([sampleJson(schema, 1), sampleJson(schema, 2), sampleJson(schema, 3)]).toEqual([
      '{"a":"x"}',
      '{"a":"y"}',
      '{"a":"x"}',
    ]);
  });

  it('takes a property named __proto__ for a property', () => {
    const schema = JSON.parse(
      '{"type":"object","properties":{"__proto__":{"type":"integer"}}}',
    ) as JsonObject;
    expect(sampleJson(schema, 1)).toBe('{"__proto__":1}');
  });

  it('is an empty object without a schema', () => {
    expect(sampleJson(undefined, 1)).toBe('{}');
  });
});
