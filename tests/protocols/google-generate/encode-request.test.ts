import { describe, expect, it } from 'vitest';
import type { Capabilities } from '../../../src/kernel/capabilities.ts';
import type { ChatRequest } from '../../../src/kernel/conversation.ts';
import { encode } from './support.ts';

const configOf = (request: Partial<ChatRequest>, capabilities: Capabilities = {}): unknown =>
  encode(request, capabilities).body['generationConfig'];

const schema = { type: 'object', properties: { a: { type: 'string', minLength: 1 } } };

describe('google-generate requests', () => {
  it('hold nothing but the conversation when nothing else was asked, and no stream flag', () => {
    const { text, notes } = encode({});
    expect(text).toBe('{"contents":[{"role":"user","parts":[{"text":"hi"}]}]}');
    expect(notes).toBe('');
  });

  it('keep system texts apart and in order', () => {
    const { body, notes } = encode({
      system: [
        { role: 'system', text: 'a', cache: { ttl: '1h' } },
        { role: 'developer', text: '' },
        { role: 'developer', text: 'b' },
      ],
    });
    expect(body['systemInstruction']).toEqual({ parts: [{ text: 'a' }, { text: 'b' }] });
    expect(notes).toBe('cacheMark=dropped');
  });

  it('carry every number that steers the answer', () => {
    const sampling = {
      temperature: 1.7,
      topP: 0.9,
      topK: 40,
      frequencyPenalty: 0.1,
      presencePenalty: 0.2,
      seed: 7,
    };
    expect(configOf({ sampling, maxTokens: 100, stop: ['x'] })).toEqual({
      ...sampling,
      maxOutputTokens: 100,
      stopSequences: ['x'],
    });
  });

  it('leave out the numbers that the model refuses', () => {
    const sampling = { temperature: 1, topP: 1, topK: 1, frequencyPenalty: 1, seed: 1, logitBias: { 5: 1 } };
    const refused = { temperature: false, topP: false, topK: false, penalties: false, seed: false };
    const { body, notes } = encode({ sampling }, { sampling: refused });
    expect(body).not.toHaveProperty('generationConfig');
    expect(notes).toBe(
      'temperature=dropped,topP=dropped,topK=dropped,frequencyPenalty=dropped,seed=dropped,logitBias=dropped',
    );
  });

  it.each([
    [0, { responseLogprobs: true }],
    [3, { responseLogprobs: true, logprobs: 3 }],
  ])('ask for the probabilities of tokens and of %i rivals', (top, config) => {
    expect(configOf({ logprobs: { top } })).toEqual(config);
  });

  it('never ask for more tokens than the model writes', () => {
    const { body, notes } = encode({ maxTokens: 100_000 }, { maxOutput: 65_536 });
    expect(body['generationConfig']).toEqual({ maxOutputTokens: 65_536 });
    expect(notes).toBe('maxTokens=clamped');
  });

  it.each<[string, Partial<ChatRequest>, Capabilities]>([
    ['maxTokens', { maxTokens: 0 }, {}],
    ['format', { format: { type: 'json-object' } }, { jsonObjectOut: false }],
    ['format', { format: { type: 'json-schema', schema } }, { jsonSchemaOut: false }],
  ])('are refused for a %s that cannot be served', (param, request, capabilities) => {
    expect(() => encode(request, capabilities)).toThrow(
      expect.objectContaining({ kind: 'invalid-request', details: { param, code: 'unsupported_parameter' } }),
    );
  });

  it.each<[number, Capabilities, object | undefined, string]>([
    [5, {}, { stopSequences: ['0', '1', '2', '3', '4'] }, ''],
    [6, {}, { stopSequences: ['0', '1', '2', '3', '4'] }, 'stop=emulated'],
    [1, { stop: false }, undefined, 'stop=emulated'],
  ])('of %i stop sequences carry what the model watches for', (count, capabilities, config, notes) => {
    const stop = Array.from({ length: count }, (_, index) => String(index));
    const encoded = encode({ stop }, capabilities);
    expect([encoded.body['generationConfig'], encoded.notes]).toEqual([config, notes]);
  });

  it('ask for JSON by type, and for a form by schema (C105)', () => {
    expect(configOf({ format: { type: 'json-object' } })).toEqual({ responseMimeType: 'application/json' });
    expect(encode({ format: { type: 'json-schema', schema, name: 'n', strict: true } })).toMatchObject({
      body: {
        generationConfig: {
          responseMimeType: 'application/json',
          responseJsonSchema: { type: 'object', properties: { a: { type: 'string' } } },
        },
      },
      notes: 'format=simplified',
    });
  });

  it('say what the answer is for in its schema, which may say so itself', () => {
    const format = (given: object) => ({
      type: 'json-schema' as const,
      schema: { type: 'object', ...given },
      description: 'A city',
    });
    expect([
      configOf({ format: format({}) }),
      configOf({ format: format({ description: 'A town' }) }),
    ]).toMatchObject([
      { responseJsonSchema: { type: 'object', description: 'A city' } },
      { responseJsonSchema: { type: 'object', description: 'A town' } },
    ]);
  });

  it('ask for a form in the older way where the model reads no other', () => {
    expect(configOf({ format: { type: 'json-schema', schema } }, { jsonSchemaParams: false })).toEqual({
      responseMimeType: 'application/json',
      responseSchema: { type: 'object', properties: { a: { type: 'string' } } },
    });
  });

  it('ask nothing for plain text', () => {
    expect(configOf({ format: { type: 'text' } })).toBeUndefined();
  });

  it.each([
    ['default', 'standard', ''],
    ['standard_only', 'standard', ''],
    ['flex', 'flex', ''],
    ['priority', 'priority', ''],
    ['auto', undefined, ''],
    ['ultrafast', undefined, 'serviceTier=dropped'],
    ['constructor', undefined, 'serviceTier=dropped'],
  ])('carry the tier %s as %s', (serviceTier, expected, notes) => {
    const encoded = encode({ serviceTier });
    expect([encoded.body['serviceTier'], encoded.notes]).toEqual([expected, notes]);
  });

  it('note the hints that have no place', () => {
    const { notes } = encode({
      verbosity: 'low',
      cacheKey: 'k',
      endUser: 'u',
      metadata: {},
      store: true,
      turns: [
        {
          role: 'user',
          at: 'messages[0]',
          name: 'Ann',
          parts: [{ kind: 'text', text: 'x', cache: { ttl: '5m' } }],
        },
      ],
    });
    expect(notes).toBe(
      'verbosity=dropped,cacheKey=dropped,endUser=dropped,metadata=dropped,store=dropped,messages[0].name=dropped,cacheMark=dropped',
    );
  });

  it('note cache marks wherever a client put them', () => {
    const cache = { ttl: '5m' } as const;
    const { notes } = encode({
      turns: [
        {
          role: 'assistant',
          at: 'messages[0]',
          parts: [
            { kind: 'text', text: 'a', cache },
            { kind: 'tool-call', id: 'call_1', callKind: 'function', name: 'f', args: '{}', cache },
          ],
        },
        {
          role: 'tool',
          at: 'messages[1]',
          results: [{ at: 'messages[1]', callId: 'call_1', callKind: 'function', parts: [], cache }],
        },
      ],
    });
    expect(notes).toBe('cacheMark=dropped,messages=completed');
  });
});
