import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/kernel/json.ts';
import { fitSchema, isFitting } from '../../../src/protocols/anthropic-messages/schema-fit.ts';

const text = { type: 'string' };
const closed = (properties: JsonObject): JsonObject => ({
  type: 'object',
  properties,
  additionalProperties: false,
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
