import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/kernel/json.ts';
import { findSchemaFault } from '../../src/sandbox/schema-fault.ts';

const text = { type: 'string' };
const open = (properties: JsonObject): JsonObject => ({ type: 'object', properties });
const closed = (properties: JsonObject): JsonObject => ({
  ...open(properties),
  required: Object.keys(properties),
  additionalProperties: false,
});

describe('the schemas that the sandbox refuses as OpenAI', () => {
  it.each<[JsonObject, string]>([
    [{}, `schema must be a JSON Schema of 'type: "object"', got 'type: "None"'.`],
    [{ type: 'array', items: {} }, `schema must be a JSON Schema of 'type: "object"', got 'type: "array"'.`],
    [
      { ...open({}), anyOf: [] },
      "schema must have type 'object' and not have 'oneOf'/'anyOf'/'allOf'/'enum'/'not' at the top level.",
    ],
    [{ type: 'object' }, 'In context=(), object schema missing properties.'],
    [{ type: 'object', properties: null }, 'In context=(), object schema missing properties.'],
    [open({ a: { type: 'array' } }), "In context=('properties', 'a'), array schema missing items."],
    [
      open({ a: { anyOf: [text, { type: ['array', 'null'], prefixItems: [text] }] } }),
      "In context=('properties', 'a', 'anyOf', '1'), array schema missing items.",
    ],
  ])('in any mode: %j', (schema, fault) => {
    expect(findSchemaFault(schema, false)).toBe(fault);
  });

  it.each<[JsonObject, string]>([
    [open({}), "In context=(), 'additionalProperties' is required to be supplied and to be false."],
    [
      { ...closed({ a: text }), required: [] },
      "In context=(), 'required' is required to be supplied and to be an array including every key in properties. Missing 'a'.",
    ],
    [
      closed({ a: { type: 'object', additionalProperties: false } }),
      "In context=('properties', 'a'), object schema missing properties.",
    ],
    [closed({ a: { enum: ['x'] } }), "In context=('properties', 'a'), schema must have a 'type' key."],
    [
      closed({ a: { ...text, minLength: 1 } }),
      "In context=('properties', 'a'), 'minLength' is not permitted.",
    ],
    [
      closed({ a: { ...text, format: 'uri' } }),
      "In context=('properties', 'a'), 'uri' is not a valid format.",
    ],
    [
      closed({ a: { type: 'array', items: open({}) } }),
      "In context=('properties', 'a', 'items'), 'additionalProperties' is required to be supplied and to be false.",
    ],
  ])('in strict mode: %j', (schema, fault) => {
    expect(findSchemaFault(schema, true)).toBe(fault);
    expect(findSchemaFault(schema, false)).toBeUndefined();
  });

  it.each([true, false])('are not those of its guide, strict: %j', (isStrict) => {
    const part = closed({ items: text, at: { ...text, format: 'date' } });
    const schema = {
      ...closed({ part: { $ref: '#/$defs/part' }, list: { type: ['array', 'null'], items: text } }),
      $defs: { part },
    };
    expect(findSchemaFault(schema, isStrict)).toBeUndefined();
  });
});
