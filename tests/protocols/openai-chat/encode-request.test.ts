import { createHash } from 'node:crypto';
import type { ChatCompletionCreateParamsStreaming } from 'openai/resources/chat/completions';
import { describe, expect, it } from 'vitest';
import type { Capabilities } from '../../../src/kernel/capabilities.ts';
import type { ChatRequest, OutputFormat, Sampling } from '../../../src/kernel/conversation.ts';
import type { JsonObject } from '../../../src/kernel/json.ts';
import { COMMON, encode, OPENAI } from './encode-support.ts';

const MINIMAL: JsonObject = {
  messages: [{ role: 'user', content: 'hi' }],
  stream: true,
  stream_options: { include_usage: true },
};

const CLOSED = {
  type: 'object',
  properties: { a: { type: 'integer' } },
  required: ['a'],
  additionalProperties: false,
};

describe('openai-chat encodeRequest', () => {
  it('writes a streaming request that asks for its usage', () => {
    expect(encode({ stream: false })).toEqual({ body: MINIMAL, notes: '' });
  });

  it('writes what the SDK knows for OpenAI', () => {
    const expected = {
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'hi' },
      ],
      tools: [{ type: 'function', function: { name: 'f', parameters: CLOSED, strict: true } }],
      tool_choice: { type: 'function', function: { name: 'f' } },
      parallel_tool_calls: false,
      max_completion_tokens: 100,
      temperature: 0.5,
      stop: ['END'],
      response_format: {
        type: 'json_schema',
        json_schema: { name: 'response', schema: CLOSED, strict: true },
      },
      verbosity: 'low',
      prompt_cache_key: 'k',
      safety_identifier: 'me',
      service_tier: 'flex',
      stream: true,
      stream_options: { include_usage: true },
    } satisfies Omit<ChatCompletionCreateParamsStreaming, 'model'>;
    const request: Partial<ChatRequest> = {
      system: [{ role: 'system', text: 'Be brief.' }],
      tools: [{ kind: 'function', at: 'tools[0]', name: 'f', schema: CLOSED, strict: true }],
      toolChoice: { type: 'tool', name: 'f' },
      parallelToolCalls: false,
      maxTokens: 100,
      sampling: { temperature: 0.5 },
      stop: ['END'],
      format: { type: 'json-schema', schema: CLOSED, strict: true },
      verbosity: 'low',
      cacheKey: 'k',
      endUser: 'me',
      serviceTier: 'flex',
    };
    expect(encode(request, OPENAI)).toEqual({ body: expected, notes: '' });
  });
});

describe('openai-chat length of the answer', () => {
  it.each([
    [{ maxTokensField: 'max_completion_tokens' }, { max_completion_tokens: 500 }, ''],
    [{ issuer: 'openai' }, { max_completion_tokens: 500 }, ''],
    [{ maxTokensField: 'max_tokens' }, { max_tokens: 500 }, ''],
    [{}, { max_tokens: 500 }, ''],
    [{ maxOutput: 500 }, { max_tokens: 500 }, ''],
    [{ maxOutput: 400 }, { max_tokens: 400 }, 'its.maxTokens=clamped'],
  ] satisfies [Capabilities, JsonObject, string][])(
    'with %j is %j (C095)',
    (capabilities, members, notes) => {
      expect(encode({ maxTokens: 500 }, capabilities)).toEqual({ body: { ...MINIMAL, ...members }, notes });
    },
  );

  it('cannot be nothing', () => {
    expect(() => encode({ maxTokens: 0 })).toThrow('its.maxTokens: must be at least 1');
  });
});

describe('openai-chat sampling', () => {
  const all: Sampling = {
    temperature: 0.2,
    topP: 0.9,
    topK: 40,
    frequencyPenalty: 0.1,
    presencePenalty: 0.3,
    seed: 7,
    logitBias: { 50256: -100 },
  };
  const bias = { logit_bias: { 50256: -100 } };

  it('goes out whole where nothing is known against it', () => {
    const members = {
      temperature: 0.2,
      top_p: 0.9,
      top_k: 40,
      frequency_penalty: 0.1,
      presence_penalty: 0.3,
      seed: 7,
      ...bias,
    };
    expect(encode({ sampling: all })).toEqual({ body: { ...MINIMAL, ...members }, notes: '' });
  });

  it('goes without top_k to OpenAI, which has no such member', () => {
    expect(encode({ sampling: { topK: 40 } }, OPENAI)).toEqual({ body: MINIMAL, notes: 'its.topK=dropped' });
  });

  it('goes without what the model refuses', () => {
    const sampling = { temperature: false, topP: false, topK: false, penalties: false, seed: false };
    expect(encode({ sampling: all }, { sampling })).toEqual({
      body: { ...MINIMAL, ...bias },
      notes:
        'its.temperature=dropped,its.topP=dropped,its.topK=dropped,its.frequencyPenalty=dropped,its.presencePenalty=dropped,its.seed=dropped',
    });
  });

  it.each([
    [{ top: 0 }, { logprobs: true }],
    [{ top: 3 }, { logprobs: true, top_logprobs: 3 }],
  ])('asks for probabilities with %j', (logprobs, members) => {
    expect(encode({ logprobs }).body).toEqual({ ...MINIMAL, ...members });
  });
});

describe('openai-chat stop sequences', () => {
  it('are sent as they are: only those that the dialect takes get here', () => {
    expect(encode({ stop: ['END', '\n'] }).body).toEqual({ ...MINIMAL, stop: ['END', '\n'] });
  });
});

describe('openai-chat response_format', () => {
  const schema = { type: 'object', properties: { a: { type: 'integer' } } };

  it.each<[OutputFormat, JsonObject | undefined]>([
    [{ type: 'text' }, undefined],
    [{ type: 'json-object' }, { type: 'json_object' }],
    [
      { type: 'json-schema', schema },
      { type: 'json_schema', json_schema: { name: 'response', schema } },
    ],
    [
      { type: 'json-schema', schema, name: 'answer', description: 'd', strict: false },
      { type: 'json_schema', json_schema: { name: 'answer', description: 'd', schema, strict: false } },
    ],
    [
      { type: 'json-schema', schema: CLOSED, strict: true },
      { type: 'json_schema', json_schema: { name: 'response', schema: CLOSED, strict: true } },
    ],
  ])('of %j', (format, expected) => {
    expect(encode({ format }).body['response_format']).toEqual(expected);
  });

  it('is loosened where OpenAI cannot be held to the schema', () => {
    const format: OutputFormat = { type: 'json-schema', schema, strict: true };
    const { body, notes } = encode({ format }, OPENAI);
    const json_schema = { name: 'response', schema, strict: false };
    expect(body['response_format']).toEqual({ type: 'json_schema', json_schema });
    expect(notes).toBe('its.format=loosened');
  });

  it.each<[OutputFormat, Capabilities, string]>([
    [{ type: 'json-object' }, { jsonObjectOut: false }, 'its.format: this model cannot be held to JSON'],
    [{ type: 'json-schema', schema }, { jsonSchemaOut: false }, 'its.format: this model cannot be held to a'],
  ])('of %j is refused where the model has none', (format, capabilities, message) => {
    expect(() => encode({ format }, capabilities)).toThrow(message);
  });
});

describe('openai-chat members that OpenAI alone knows', () => {
  const request: Partial<ChatRequest> = {
    verbosity: 'high',
    cacheKey: 'k',
    endUser: 'me',
    store: true,
    metadata: { team: 'a' },
  };

  it('go to OpenAI', () => {
    const members = {
      verbosity: 'high',
      prompt_cache_key: 'k',
      safety_identifier: 'me',
      store: true,
      metadata: { team: 'a' },
    };
    expect(encode(request, OPENAI)).toEqual({ body: { ...MINIMAL, ...members }, notes: '' });
  });

  it('go to nobody else', () => {
    expect(encode(request, COMMON)).toEqual({
      body: MINIMAL,
      notes:
        'its.verbosity=dropped,its.cacheKey=dropped,its.endUser=dropped,its.store=dropped,its.metadata=dropped',
    });
  });

  it.each([undefined, false])('go without metadata when store is %j', (store) => {
    const stored = store === undefined ? {} : { store };
    expect(encode({ metadata: { team: 'a' }, ...stored }, OPENAI)).toEqual({
      body: MINIMAL,
      notes: 'its.metadata=dropped',
    });
  });

  it.each([
    ['user id', 'endUser', 'safety_identifier'],
    ['cache key', 'cacheKey', 'prompt_cache_key'],
  ] as const)('shorten a %s over 64 characters to its hash', (_what, member, key) => {
    const [short, long] = ['u'.repeat(64), 'u'.repeat(65)];
    expect(encode({ [member]: short }, OPENAI).body[key]).toBe(short);
    expect(encode({ [member]: long }, OPENAI).body[key]).toBe(
      createHash('sha256').update(long).digest('hex'),
    );
  });

  it.each([
    ['auto', { service_tier: 'auto' }, ''],
    ['default', { service_tier: 'default' }, ''],
    ['standard', { service_tier: 'default' }, ''],
    ['standard_only', { service_tier: 'default' }, ''],
    ['flex', { service_tier: 'flex' }, ''],
    ['priority', { service_tier: 'priority' }, ''],
    ['ultrafast', {}, 'its.serviceTier=dropped'],
    ['__proto__', {}, 'its.serviceTier=dropped'],
  ])('leave the tier %s %j', (serviceTier, members, notes) => {
    expect(encode({ serviceTier })).toEqual({ body: { ...MINIMAL, ...members }, notes });
  });
});
