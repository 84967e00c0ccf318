import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/kernel/json.ts';
import { encodeInputSchema } from '../../../src/protocols/anthropic-messages/input-schema.ts';
import { fitSchema, isFitting } from '../../../src/protocols/anthropic-messages/schema-fit.ts';

const text = { type: 'string' };
const closed = (properties: JsonObject): JsonObject => ({
  type: 'object',
  properties,
  additionalProperties: false,
});

describe('the schema of a tool', () => {
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
    expect(encodeInputSchema(schema)).toEqual(expected);
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
    expect(encodeInputSchema(schema)).toEqual({
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
    expect(encodeInputSchema(schema)).toEqual({
      type: 'object',
      properties: { a: text, b: text },
      required: ['a', 'b'],
    });
  });

  it('is not fooled by a member of a strange name', () => {
    const schema = JSON.parse('{"oneOf":[{"properties":{"__proto__":{"type":"string"}}}]}') as JsonObject;
    expect(JSON.stringify(encodeInputSchema(schema))).toBe(
      '{"type":"object","properties":{"__proto__":{"type":"string"}}}',
    );
  });
});

describe('the schema of an answer', () => {
  it.each<[string, JsonObject, JsonObject]>([
    [
      'limits of numbers',
      { type: 'number', minimum: 0, maximum: 9, description: 'n' },
      { type: 'number', description: 'n\n\nMust satisfy: minimum 0, maximum 9' },
    ],
    [
      'lengths and patterns',
      { type: 'string', maxLength: 3, pattern: '^a' },
      { type: 'string', description: 'Must satisfy: maxLength 3, pattern "^a"' },
    ],
    [
      'formats that are not known',
      { type: 'string', format: 'iban' },
      { type: 'string', description: 'Must satisfy: format "iban"' },
    ],
    [
      'sizes of lists',
      { type: 'array', items: { type: 'string', minLength: 1 }, minItems: 2 },
      {
        type: 'array',
        items: { type: 'string', description: 'Must satisfy: minLength 1' },
        description: 'Must satisfy: minItems 2',
      },
    ],
    [
      'lists by position',
      { type: 'array', items: [text] },
      { type: 'array', description: 'Must satisfy: items [{"type":"string"}]' },
    ],
    [
      'maps',
      { type: 'object', additionalProperties: text },
      {
        type: 'object',
        additionalProperties: false,
        description: 'Must satisfy: additionalProperties {"type":"string"}',
      },
    ],
  ])('describes %s', (_what, schema, expected) => {
    expect(fitSchema(schema)).toEqual({ schema: expected, weakened: true });
    expect(isFitting(schema)).toBe(false);
  });

  it.each<[string, JsonObject]>([
    ['a closed object', closed({ a: text, minimum: { type: ['integer', 'null'] } })],
    [
      'known formats and short lists',
      closed({ a: { type: 'string', format: 'date' }, b: { type: 'array', items: text, minItems: 1 } }),
    ],
    [
      'alternatives and definitions',
      {
        $defs: { A: closed({}) },
        anyOf: [{ $ref: '#/$defs/A' }, { enum: [1, null] }, { const: 'x', default: 'x', title: 't' }],
      },
    ],
  ])('leaves %s as it is', (_what, schema) => {
    expect(fitSchema(schema)).toEqual({ schema, weakened: false });
    expect(isFitting(schema)).toBe(true);
  });

  it('closes every object, writes oneOf as anyOf and drops the name of the dialect', () => {
    const schema = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      additionalProperties: true,
      properties: { a: { oneOf: [{ properties: {} }, text] } },
    };
    expect(isFitting(schema)).toBe(false);
    expect(isFitting({ oneOf: [text] })).toBe(false);
    expect(fitSchema(schema)).toEqual({
      schema: closed({ a: { anyOf: [{ properties: {}, additionalProperties: false }, text] } }),
      weakened: false,
    });
  });

  it('takes boolean schemas and broken members as they come', () => {
    expect(fitSchema({ type: 'array', items: true, properties: 'x', anyOf: 5 })).toEqual({
      schema: { type: 'array', items: true, properties: 'x', anyOf: 5, additionalProperties: false },
      weakened: false,
    });
  });
});
