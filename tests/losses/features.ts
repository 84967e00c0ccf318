import type { JsonObject } from '../../src/kernel/json.ts';

/** One thing a client may ask for: its name in the tables, and what it adds to a small request. */
export interface Feature {
  readonly name: string;
  readonly body: JsonObject;
}

export const PNG = 'iVBORw0KGgo=';
export const PDF = 'JVBERi0xLjc=';
export const schema = {
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
};

/** A feature of this name. */
export const feature = (name: string, body: JsonObject): Feature => ({ name, body });
/** Features that are one member of the body each. */
export const members = (values: JsonObject): Feature[] =>
  Object.entries(values).map(([name, value]) =>
    feature(`\`${name}\``, Object.fromEntries([[name, value ?? null]])),
  );
