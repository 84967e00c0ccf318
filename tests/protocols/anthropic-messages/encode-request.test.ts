import { describe, expect, it } from 'vitest';
import type { Capabilities } from '../../../src/kernel/capabilities.ts';
import type { CacheMark, ChatRequest, Turn } from '../../../src/kernel/conversation.ts';
import { sha256Hex } from '../../../src/kernel/sha256.ts';
import { encode, user } from './setup.ts';

const schema = { type: 'object', properties: {}, additionalProperties: false };

describe('anthropic-messages request', () => {
  it('asks for a stream, with no more than was asked for', () => {
    expect(encode({}).body).toEqual({
      max_tokens: 32000,
      stream: true,
      messages: [{ role: 'user', content: [{ type: 'text', text: 'hi' }] }],
    });
  });

  it.each<[number | undefined, Capabilities, number, string]>([
    [undefined, { maxOutput: 64000 }, 64000, ''],
    [undefined, {}, 32000, ''],
    [100, { maxOutput: 64000 }, 100, ''],
    [100000, { maxOutput: 64000 }, 64000, 'its.maxTokens=clamped'],
    [100000, {}, 100000, ''],
  ])('max tokens %s for a model with %j is %i (C093)', (maxTokens, capabilities, sent, notes) => {
    const encoded = encode(maxTokens === undefined ? {} : { maxTokens }, capabilities);
    expect(encoded.body['max_tokens']).toBe(sent);
    expect(encoded.notes).toBe(notes);
  });

  it('puts system and developer text in front, a block each (C099)', () => {
    const system = [
      { role: 'system', text: 'a' },
      { role: 'system', text: ' ' },
      { role: 'developer', text: 'b', cache: { ttl: '30m' } },
    ] as const;
    expect(encode({ system }).body['system']).toEqual([
      { type: 'text', text: 'a' },
      { type: 'text', text: 'b', cache_control: { type: 'ephemeral' } },
    ]);
  });

  it('refuses log probabilities (C112)', () => {
    expect(() => encode({ logprobs: { top: 2 } })).toThrow(
      expect.objectContaining({
        kind: 'invalid-request',
        details: { param: 'its.logprobs', code: 'unsupported_parameter' },
      }) as Error,
    );
  });

  it.each<[Partial<ChatRequest>, object, string]>([
    [{ sampling: { topP: 0.9, topK: 5 } }, { top_p: 0.9, top_k: 5 }, ''],
    [
      { sampling: { temperature: 0.3, topP: 0.9, topK: 5 } },
      { temperature: 0.3, top_k: 5 },
      'its.topP=dropped',
    ],
    [{ sampling: { temperature: 1.7 } }, { temperature: 1 }, 'its.temperature=clamped'],
    [{ sampling: { temperature: 0.7, topP: 1 } }, { temperature: 0.7 }, ''],
    [{ sampling: { topP: 1 } }, { top_p: 1 }, ''],
    [{ sampling: { frequencyPenalty: 0, presencePenalty: 0, logitBias: {} } }, {}, ''],
    [
      { sampling: { frequencyPenalty: 1, presencePenalty: 1, seed: 0, logitBias: { 5: 1 } } },
      {},
      'its.frequencyPenalty=dropped,its.presencePenalty=dropped,its.seed=dropped,its.logitBias=dropped',
    ],
    [{ stop: ['END'] }, { stop_sequences: ['END'] }, ''],
    [{ endUser: 'u1' }, { metadata: { user_id: 'u1' } }, ''],
    [{ endUser: 'u'.repeat(256) }, { metadata: { user_id: 'u'.repeat(256) } }, ''],
    [{ endUser: 'u'.repeat(257) }, { metadata: { user_id: sha256Hex('u'.repeat(257)) } }, ''],
    [{ serviceTier: 'auto' }, { service_tier: 'auto' }, ''],
    [{ serviceTier: 'default' }, { service_tier: 'standard_only' }, ''],
    [{ serviceTier: 'priority' }, {}, 'its.serviceTier=dropped'],
    [
      { verbosity: 'low', cacheKey: 'k', metadata: { a: 'b' }, store: true },
      {},
      'its.verbosity=dropped,its.cacheKey=dropped,its.metadata=dropped,its.store=dropped',
    ],
    [{ store: false, metadata: {}, format: { type: 'text' } }, {}, ''],
  ])('%j is sent as %j (C096)', (fields, expected, notes) => {
    const { body, notes: noted } = encode(fields);
    const { max_tokens, stream, messages, ...rest } = body;
    expect([max_tokens, stream, messages]).toHaveLength(3);
    expect(rest).toEqual(expected);
    expect(noted).toBe(notes);
  });

  it('leaves out what the model refuses (C096)', () => {
    const capabilities = { sampling: { temperature: false, topP: false, topK: false } };
    const encoded = encode({ sampling: { temperature: 1.7, topP: 0.9, topK: 5 } }, capabilities);
    expect(Object.keys(encoded.body)).toEqual(['max_tokens', 'stream', 'messages']);
    expect(encoded.notes).toBe('its.temperature=dropped,its.topP=dropped,its.topK=dropped');
  });

  it('says nothing of what the model refuses when it says nothing itself', () => {
    const sampling = { temperature: false, topP: false };
    expect(encode({ sampling: { temperature: 1 } }, { sampling }).notes).toBe('');
    expect(encode({ sampling: { topP: 1 } }, { sampling }).notes).toBe('');
  });

  it('keeps the nucleus where the model takes no temperature', () => {
    const { body, notes } = encode(
      { sampling: { temperature: 0.3, topP: 0.9 } },
      { sampling: { temperature: false } },
    );
    expect([body['top_p'], notes]).toEqual([0.9, 'its.temperature=dropped']);
  });
});

describe('anthropic-messages output format', () => {
  it('is enforced by schema (C103)', () => {
    const format = { type: 'json-schema', schema, name: 'person', strict: true } as const;
    const { body, notes } = encode({ format });
    expect(body['output_config']).toEqual({ format: { type: 'json_schema', schema } });
    expect(notes).toBe('');
  });

  it('tells in words what the service does not enforce (C103)', () => {
    const format = {
      type: 'json-schema',
      schema: { type: 'object', properties: { age: { type: 'integer', minimum: 0 } } },
      description: 'A person',
    } as const;
    const { body, notes } = encode({ format });
    expect(body['output_config']).toEqual({
      format: {
        type: 'json_schema',
        schema: {
          type: 'object',
          properties: { age: { type: 'integer', description: 'Must satisfy: minimum 0' } },
          description: 'A person',
          additionalProperties: false,
        },
      },
    });
    expect(notes).toBe('its.format=constraints-described');
  });

  it('is refused for a model that cannot be held to it', () => {
    expect(() => encode({ format: { type: 'json-schema', schema } }, { jsonSchemaOut: false })).toThrow(
      /^its\.format: /,
    );
  });

  it('asks for a JSON object in words (C104)', () => {
    const { body, notes } = encode({
      system: [{ role: 'system', text: 'a' }],
      format: { type: 'json-object' },
    });
    expect(body['system']).toEqual([
      { type: 'text', text: 'a' },
      { type: 'text', text: expect.stringContaining('one JSON object') as string },
    ]);
    expect(body['output_config']).toBeUndefined();
    expect(notes).toBe('its.format=emulated');
  });
});

describe('anthropic-messages cache marks', () => {
  const marked = (ttl: CacheMark['ttl']): Turn =>
    ({ ...user('x'), parts: [{ kind: 'text', text: 'x', cache: { ttl } }] }) as Turn;
  const request: Partial<ChatRequest> = {
    system: [{ role: 'system', text: 's', cache: { ttl: '12h' } }],
    tools: [{ kind: 'function', name: 'f', at: 'tools[0]', cache: { ttl: '5m' } }],
    turns: [marked('5m'), marked('1h'), marked('30m')],
  };
  const short = { type: 'ephemeral' };
  const long = { type: 'ephemeral', ttl: '1h' };
  const text = (words: string): object => ({ type: 'text', text: words });

  it('are the last four, with the nearest lifetime (C118)', () => {
    const { body, notes } = encode(request);
    expect(notes).toBe('its.cacheMark=dropped');
    expect(body['tools']).toEqual([{ name: 'f', input_schema: { type: 'object', properties: {} } }]);
    expect(body['system']).toEqual([{ ...text('s'), cache_control: long }]);
    expect(body['messages']).toEqual([
      {
        role: 'user',
        content: [
          { ...text('x'), cache_control: short },
          { ...text('x'), cache_control: long },
          { ...text('x'), cache_control: short },
        ],
      },
    ]);
  });

  it('are left out for a model without a cache (C117)', () => {
    expect(encode(request, { cacheBreakpoints: false }).text).not.toContain('cache_control');
    const one = encode({ turns: [marked('5m')] }, { cacheBreakpoints: false });
    expect(one.text).not.toContain('cache_control');
    expect(one.notes).toBe('its.cacheMark=dropped');
    expect(encode({}, { cacheBreakpoints: false }).notes).toBe('');
  });
});
