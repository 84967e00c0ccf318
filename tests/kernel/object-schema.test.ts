import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/kernel/json.ts';
import { hasAlternatives, toObjectSchema } from '../../src/kernel/object-schema.ts';

const text = { type: 'string' };

describe('the schema of an object', () => {
  it.each<[JsonObject, JsonObject]>([
    [
      { type: 'object', required: ['a'] },
      { type: 'object', required: ['a'] },
    ],
    [{}, { type: 'object', properties: {} }],
    [
      { type: ['object', 'null'], properties: { a: text } },
      { type: 'object', properties: { a: text } },
    ],
    [{ $ref: '#/$defs/A' }, { $ref: '#/$defs/A', type: 'object', properties: {} }],
  ])('%j becomes an object', (schema, expected) => {
    expect(toObjectSchema(schema)).toEqual(expected);
  });

  it('merges alternatives into optional members', () => {
    const schema = {
      description: 'd',
      $defs: { B: { type: 'object', properties: { b: text, kind: { const: 'b' } }, required: ['b'] } },
      anyOf: [
        { properties: { a: text, kind: { const: 'a' } }, required: ['a'] },
        { $ref: '#/$defs/B' },
        true,
      ],
      properties: { own: text },
      required: ['own'],
    };
    expect(toObjectSchema(schema)).toEqual({
      description: 'd',
      $defs: schema.$defs,
      type: 'object',
      properties: { a: text, kind: { anyOf: [{ const: 'a' }, { const: 'b' }] }, b: text, own: text },
      required: ['own'],
    });
  });

  it('keeps what all branches of allOf require', () => {
    const schema = {
      allOf: [
        { properties: { a: text }, required: ['a'] },
        { properties: { a: text, b: text }, required: ['a', 'b'] },
      ],
    };
    expect(toObjectSchema(schema)).toEqual({
      type: 'object',
      properties: { a: text, b: text },
      required: ['a', 'b'],
    });
  });

  it('is not fooled by a member of a strange name', () => {
    const schema = JSON.parse('{"oneOf":[{"properties":{"__proto__":{"type":"string"}}}]}') as JsonObject;
    expect(JSON.stringify(toObjectSchema(schema))).toBe(
      '{"type":"object","properties":{"__proto__":{"type":"string"}}}',
    );
  });

  it.each<JsonObject>([{ type: 'object' }, { type: 'object', properties: { anyOf: text } }])(
    '%j stays the object that it is',
    (schema) => {
      expect(toObjectSchema(schema)).toBe(schema);
      expect(hasAlternatives(schema)).toBe(false);
    },
  );

  it('is an empty object where there is none', () => {
    expect(toObjectSchema(undefined)).toEqual({ type: 'object', properties: {} });
    expect(hasAlternatives(undefined)).toBe(false);
  });
});
