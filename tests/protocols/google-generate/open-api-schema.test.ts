import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/kernel/json.ts';
import { encodeOpenApi } from '../../../src/protocols/google-generate/open-api-schema.ts';

const encode = (schema: JsonObject): JsonObject => encodeOpenApi({ schema, lossy: false }).schema;

describe('encodeOpenApi', () => {
  it.each<[JsonObject, JsonObject]>([
    [
      { type: 'string', title: 'T' },
      { type: 'string', title: 'T' },
    ],
    [{ type: ['integer', 'null'] }, { type: 'integer', nullable: true }],
    [{ type: ['integer', 'string'] }, { anyOf: [{ type: 'integer' }, { type: 'string' }] }],
    [{ anyOf: [{ type: 'string' }, { type: 'null' }] }, { nullable: true, anyOf: [{ type: 'string' }] }],
    [
      { oneOf: [{ type: 'string' }, { type: 'number' }] },
      { anyOf: [{ type: 'string' }, { type: 'number' }] },
    ],
    [
      { type: 'object', anyOf: [{ required: ['a'] }] },
      { type: 'object', anyOf: [{ required: ['a'] }] },
    ],
    [
      { enum: ['a', null], type: ['string', 'null'] },
      { type: 'string', nullable: true, enum: ['a'] },
    ],
    [
      { type: 'array', items: { type: ['string', 'null'] } },
      { type: 'array', items: { type: 'string', nullable: true } },
    ],
    [
      { type: 'object', properties: { enum: { type: 'string' }, x: true } },
      { type: 'object', properties: { enum: { type: 'string' }, x: {} } },
    ],
    [{}, {}],
  ])('writes %j', (schema, expected) => {
    expect(encodeOpenApi({ schema, lossy: false })).toEqual({ schema: expected, lossy: false });
  });

  it.each<[JsonObject, JsonObject]>([
    [{ type: 'integer', enum: [1, 2] }, { type: 'integer' }],
    [{ type: 'object', additionalProperties: false }, { type: 'object' }],
    [{ type: 'array', prefixItems: [{}] }, { type: 'array' }],
    [{ type: ['string', 'number'], anyOf: [{ title: 'T' }] }, { anyOf: [{ title: 'T' }] }],
  ])('says that %j loses something', (schema, expected) => {
    expect(encodeOpenApi({ schema, lossy: false })).toEqual({ schema: expected, lossy: true });
  });

  it('copies what references lead to, once for each way down', () => {
    const Node = { type: 'object', properties: { next: { $ref: '#/$defs/Node' } } };
    expect(
      encodeOpenApi({
        schema: { type: 'object', properties: { n: { $ref: '#/$defs/Node' } }, $defs: { Node } },
        lossy: false,
      }),
    ).toEqual({
      schema: {
        type: 'object',
        properties: { n: { type: 'object', properties: { next: { type: 'object' } } } },
      },
      lossy: true,
    });
  });

  it('ends on schemas that grow with every copy', () => {
    const names = Array.from({ length: 30 }, (_, index) => `N${index}`);
    const ref = (index: number): JsonObject => ({ $ref: `#/$defs/N${index}` });
    const $defs = Object.fromEntries(
      names.map((name, index) => [name, { properties: { left: ref(index + 1), right: ref(index + 1) } }]),
    );
    expect(JSON.stringify(encode({ properties: { root: ref(0) }, $defs })).length).toBeLessThan(100_000);
  });

  it('keeps the loss that was there before', () => {
    expect(encodeOpenApi({ schema: {}, lossy: true }).lossy).toBe(true);
  });
});
