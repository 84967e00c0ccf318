import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Capabilities } from '../../../src/kernel/capabilities.ts';
import type { ChatRequest, OutputFormat } from '../../../src/kernel/conversation.ts';
import type { JsonObject } from '../../../src/kernel/json.ts';
import { encode } from './support.ts';

const CLOSED = {
  type: 'object',
  properties: { name: { type: 'string' } },
  required: ['name'],
  additionalProperties: false,
};

describe('openai-responses encodeRequest', () => {
  it('writes a streaming request that stores nothing and asks for reasoning state (C110)', () => {
    expect(encode({}).body).toEqual({
      input: [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: 'hi' }] }],
      stream: true,
      store: false,
      include: ['reasoning.encrypted_content'],
    });
  });

  it('asks a model that does not reason for no reasoning state', () => {
    expect(encode({}, { reasoning: false }).body['include']).toEqual([]);
  });

  it('writes the system text as instructions, a blank line between its pieces', () => {
    const system = [
      { role: 'system', text: 'Be brief.' },
      { role: 'developer', text: 'Use metric units.' },
    ] as const;
    expect(encode({ system }).body['instructions']).toBe('Be brief.\n\nUse metric units.');
  });

  it('writes instructions that are all there is as a message', () => {
    const { body } = encode({ system: [{ role: 'system', text: 'Say hello.' }], turns: [] });
    expect(body).toMatchObject({
      input: [{ type: 'message', role: 'developer', content: [{ type: 'input_text', text: 'Say hello.' }] }],
    });
    expect(body).not.toHaveProperty('instructions');
  });

  it('refuses a request that holds nothing', () => {
    expect(() => encode({ turns: [{ role: 'user', at: 'messages[0]', parts: [] }] })).toThrow(
      'the messages: holds nothing that can be sent',
    );
  });

  it.each<[string, Partial<ChatRequest>, JsonObject]>([
    ['temperature', { sampling: { temperature: 0.2 } }, { temperature: 0.2 }],
    ['top_p', { sampling: { topP: 0.9 } }, { top_p: 0.9 }],
    ['verbosity', { verbosity: 'low' }, { text: { verbosity: 'low' } }],
    ['cache key', { cacheKey: 'k' }, { prompt_cache_key: 'k' }],
    ['short user id', { endUser: 'user-1' }, { safety_identifier: 'user-1' }],
    ['stored metadata', { store: true, metadata: { a: 'b' } }, { store: true, metadata: { a: 'b' } }],
    ['flex tier', { serviceTier: 'flex' }, { service_tier: 'flex' }],
    ['fast tier', { serviceTier: 'fast' }, { service_tier: 'fast' }],
    ['standard tier of another dialect', { serviceTier: 'standard_only' }, { service_tier: 'default' }],
    [
      'wish for probabilities',
      { logprobs: { top: 3 } },
      { top_logprobs: 3, include: ['reasoning.encrypted_content', 'message.output_text.logprobs'] },
    ],
  ])('carries the %s', (_name, members, expected) => {
    const { body, notes } = encode(members);
    expect(body).toMatchObject(expected);
    expect(notes).toBe('');
  });

  it.each([
    ['user id', 'endUser', 'safety_identifier'],
    ['cache key', 'cacheKey', 'prompt_cache_key'],
  ])('shortens a %s over 64 characters to its hash (C119)', (_name, member, key) => {
    const long = 'u'.repeat(65);
    expect(encode({ [member]: long }).body[key]).toBe(createHash('sha256').update(long).digest('hex'));
    expect(encode({ [member]: 'u'.repeat(64) }).body[key]).toBe('u'.repeat(64));
  });

  it.each<[string, Partial<ChatRequest>]>([
    ['temperature', { sampling: { temperature: 1 } }],
    ['nucleus', { sampling: { topP: 1 } }],
    ['frequency penalty', { sampling: { frequencyPenalty: 0 } }],
    ['presence penalty', { sampling: { presencePenalty: 0 } }],
    ['logit bias', { sampling: { logitBias: {} } }],
  ])('leaves out a %s that changes nothing, without a word', (_name, members) => {
    const { body, notes } = encode(members, { sampling: { temperature: false, topP: false } });
    expect(notes).toBe('');
    expect(body).toEqual(encode({}).body);
  });

  it.each<[string, Partial<ChatRequest>, Capabilities, string]>([
    ['top_k', { sampling: { topK: 5 } }, {}, 'top_k=dropped'],
    ['a frequency penalty', { sampling: { frequencyPenalty: 1 } }, {}, 'the_frequency_penalty=dropped'],
    ['a presence penalty', { sampling: { presencePenalty: 1 } }, {}, 'the_presence_penalty=dropped'],
    ['a seed', { sampling: { seed: 0 } }, {}, 'the_seed=dropped'],
    ['a logit bias', { sampling: { logitBias: { 1: 2 } } }, {}, 'the_bias=dropped'],
    [
      'a temperature',
      { sampling: { temperature: 0.5 } },
      { sampling: { temperature: false } },
      'the_temperature=dropped',
    ],
    ['top_p', { sampling: { topP: 0.5 } }, { sampling: { topP: false } }, 'top_p=dropped'],
    ['metadata that is not stored', { metadata: { a: 'b' } }, {}, 'the_metadata=dropped'],
    ['a tier of its own', { serviceTier: 'ludicrous' }, {}, 'the_tier=dropped'],
    ['a tier named like a member', { serviceTier: 'constructor' }, {}, 'the_tier=dropped'],
  ])('leaves out %s, and says so', (_name, members, capabilities, note) => {
    const { body, notes } = encode(members, capabilities);
    expect(notes).toBe(note);
    expect(body).toEqual(encode({}).body);
  });

  it.each([
    [1, {}, 16, 'the_limit=raised'],
    [16, {}, 16, ''],
    [500, {}, 500, ''],
    [500, { maxOutput: 400 }, 400, 'the_limit=clamped'],
  ])(
    'writes a limit of %i tokens for a model with %o as %i (C094)',
    (maxTokens, capabilities, limit, note) => {
      const { body, notes } = encode({ maxTokens }, capabilities);
      expect([body['max_output_tokens'], notes]).toEqual([limit, note]);
    },
  );

  it('refuses a limit of no tokens', () => {
    expect(() => encode({ maxTokens: 0 })).toThrow('the limit: must be at least 1');
  });

  it.each<[string, OutputFormat, JsonObject | undefined]>([
    ['text', { type: 'text' }, undefined],
    ['JSON', { type: 'json-object' }, { format: { type: 'json_object' } }],
    [
      'a schema',
      { type: 'json-schema', schema: { type: 'object' } },
      { format: { type: 'json_schema', name: 'response', schema: { type: 'object' } } },
    ],
    [
      'a strict schema with a name (C106)',
      { type: 'json-schema', schema: CLOSED, name: 'city', description: 'A city.', strict: true },
      { format: { type: 'json_schema', name: 'city', description: 'A city.', schema: CLOSED, strict: true } },
    ],
  ])('writes the format %s', (_name, format, text) => {
    expect(encode({ format }).body['text']).toEqual(text);
  });

  it('loosens a format that the service cannot be held to', () => {
    const schema = { ...CLOSED, required: [] };
    const { body, notes } = encode({ format: { type: 'json-schema', schema, strict: true } });
    expect(body['text']).toEqual({
      format: { type: 'json_schema', name: 'response', schema, strict: false },
    });
    expect(notes).toBe('the_format=loosened');
  });

  it.each<[OutputFormat, Capabilities]>([
    [{ type: 'json-schema', schema: {} }, { jsonSchemaOut: false }],
    [{ type: 'json-object' }, { jsonObjectOut: false }],
  ])('refuses the format %o for a model with %o', (format, capabilities) => {
    expect(() => encode({ format }, capabilities)).toThrow('the format:');
  });
});
