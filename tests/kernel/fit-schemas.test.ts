import { describe, expect, it } from 'vitest';
import type { FunctionTool, OutputFormat } from '../../src/kernel/conversation.ts';
import { fitFormat, fitFunction } from '../../src/kernel/fit-schemas.ts';
import { createLossLog } from '../../src/kernel/losses.ts';
import { PLAIN_NAMES } from '../support/empty-request.ts';

const CLOSED = { type: 'object', properties: {}, required: [], additionalProperties: false };
const OPEN = { type: 'object', properties: {} };

/** The function with these members, and the notes. */
function fit(members: Partial<FunctionTool>, strictTools?: boolean) {
  const losses = createLossLog();
  const tool: FunctionTool = { kind: 'function', at: 'tools[0]', name: 'f', ...members };
  const capabilities = strictTools === undefined ? {} : { strictTools };
  const { schema, strict } = fitFunction(tool, { capabilities, losses, names: PLAIN_NAMES });
  return { schema, strict, notes: losses.summary() };
}

describe('a function for OpenAI', () => {
  it.each<[Partial<FunctionTool>, Partial<FunctionTool>, string]>([
    [{}, {}, ''],
    [{ strict: false }, { strict: false }, ''],
    [{ schema: OPEN }, { schema: OPEN }, ''],
    [{ schema: CLOSED, strict: true }, { schema: CLOSED, strict: true }, ''],
    [{ schema: OPEN, strict: true }, { schema: OPEN, strict: false }, 'tools[0].strict=dropped'],
    [{ strict: true }, { strict: false }, 'tools[0].strict=dropped'],
    [{ schema: { oneOf: [CLOSED] } }, { schema: OPEN }, 'tools[0]=merged'],
    [{ schema: { ...OPEN, not: {} } }, { schema: OPEN }, 'tools[0]=simplified'],
  ])('%j becomes %j', (tool, { schema, strict }, notes) => {
    expect(fit(tool)).toEqual({ schema, strict, notes });
  });

  it('is not strict where the model cannot be', () => {
    expect(fit({ schema: CLOSED, strict: true }, false)).toMatchObject({
      strict: false,
      notes: 'tools[0].strict=dropped',
    });
  });
});

describe('a format for OpenAI', () => {
  const fitted = (format: OutputFormat) => {
    const losses = createLossLog();
    const given = fitFormat(format, { capabilities: {}, losses, names: PLAIN_NAMES });
    return { given, notes: losses.summary() };
  };

  it.each<OutputFormat>([
    { type: 'text' },
    { type: 'json-object' },
    { type: 'json-schema', schema: OPEN },
    { type: 'json-schema', schema: OPEN, strict: false },
    { type: 'json-schema', schema: CLOSED, strict: true },
  ])('stays %j', (format) => {
    expect(fitted(format)).toEqual({ given: format, notes: '' });
  });

  it('is loosened where it cannot be enforced', () => {
    expect(fitted({ type: 'json-schema', schema: OPEN, strict: true })).toEqual({
      given: { type: 'json-schema', schema: OPEN, strict: false },
      notes: 'format=loosened',
    });
  });
});
