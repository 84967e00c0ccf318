import { format, inspect } from 'node:util';
import pino from 'pino';
import { describe, expect, it } from 'vitest';
import { createSecret } from '../../src/kernel/secret.ts';

const TEXT = 'fk-hunter2-hunter2';
const secret = createSecret(TEXT);
const asText = secret as unknown as string; // what a careless caller takes it for

/** What pino writes for these fields. */
function logged(fields: object): string {
  const lines: string[] = [];
  const logger = pino({}, { write: (line) => lines.push(line) });
  logger.info(fields, 'message');
  logger.child(fields).warn('message');
  return lines.join('');
}

describe('createSecret', () => {
  it('gives the text to whoever asks for it by name', () => {
    expect(secret.reveal()).toBe(TEXT);
  });

  it.each<[string, () => string]>([
    ['a template', () => `key: ${asText}`],
    ['String()', () => String(secret)],
    ['adding it to text', () => 'key: ' + asText],
    ['JSON', () => JSON.stringify({ secret, list: [secret] })],
    ['inspect', () => inspect(secret)],
    ['inspect with hidden members', () => inspect({ secret }, { showHidden: true, depth: 9, getters: true })],
    ['format as object', () => format('%o %O', secret, secret)],
    ['format as JSON', () => format('%j', { secret })],
    ['format as string', () => format('%s', secret)],
    ['pino', () => logged({ secret, deep: { list: [secret] } })],
    ['a list joined', () => [secret, secret].join()],
  ])('shows [redacted] in %s', (_name, print) => {
    expect(print()).toContain('[redacted]');
    expect(print()).not.toContain('hunter2');
  });

  it.each<[string, () => string]>([
    ['a copy', () => inspect({ ...secret }, { showHidden: true }) + JSON.stringify({ ...secret })],
    ['its values', () => inspect(Object.values(secret)) + Object.values(secret).map(String).join()],
    ['its entries', () => inspect(Object.entries(secret)) + JSON.stringify(Object.entries(secret))],
    ['a copy by assignment', () => inspect(Object.assign({}, secret))],
    ['inspect without custom printing', () => inspect(secret, { customInspect: false, showHidden: true })],
    ['the error of a structured clone', () => messageOf(() => structuredClone(secret))],
  ])('does not show the text in %s', (_name, print) => {
    expect(print()).not.toContain('hunter2');
  });

  it('cannot be changed', () => {
    expect(() => Object.assign(secret, { toJSON: () => TEXT })).toThrow(TypeError);
  });
});

function messageOf(run: () => unknown): string {
  try {
    return inspect(run());
  } catch (error) {
    return inspect(error);
  }
}
