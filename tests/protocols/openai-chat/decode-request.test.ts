import { describe, expect, it } from 'vitest';
import { parseJson } from '../../../src/kernel/json.ts';
import { decode } from './support.ts';

describe('openai-chat decodeRequest', () => {
  it('reads the least that a request can be', () => {
    expect(decode({})).toEqual({
      request: {
        model: 'm',
        stream: false,
        wantUsageChunk: false,
        system: [],
        turns: [{ role: 'user', at: 'messages[0]', parts: [{ kind: 'text', text: 'hi' }] }],
        tools: [],
        sampling: {},
        reasoning: { mode: 'unset', from: 'client' },
        names: expect.objectContaining({ maxTokens: 'max_tokens', tools: 'tools' }) as object,
      },
      notes: '',
    });
  });

  it.each([
    [{ stream: true }, { stream: true }],
    [{ stream_options: { include_usage: true } }, { wantUsageChunk: true }],
    [{ stream_options: null }, { wantUsageChunk: false }],
    [{ parallel_tool_calls: false }, { parallelToolCalls: false }],
    [{ max_tokens: 10 }, { maxTokens: 10 }],
    [{ max_tokens: 10, max_completion_tokens: 20 }, { maxTokens: 20 }],
    [{ stop: 'END' }, { stop: ['END'] }],
    [{ stop: ['A', '', 'B'] }, { stop: ['A', 'B'] }],
    [{ n: 1 }, {}],
    [{ modalities: ['text'] }, {}],
    [{ response_format: { type: 'text' } }, { format: { type: 'text' } }],
    [{ response_format: { type: 'json_object' } }, { format: { type: 'json-object' } }],
    [{ verbosity: 'low' }, { verbosity: 'low' }],
    [{ prompt_cache_key: 'k' }, { cacheKey: 'k' }],
    [{ user: 'u' }, { endUser: 'u' }],
    [{ user: 'u', safety_identifier: 's' }, { endUser: 's' }],
    [{ metadata: { a: 'b' } }, { metadata: { a: 'b' } }],
    [{ service_tier: 'flex' }, { serviceTier: 'flex' }],
    [{ store: true }, { store: true }],
  ])('reads %j', (members, expected) => {
    expect(decode(members)).toMatchObject({ request: expected, notes: '' });
  });

  it.each([
    [{ logprobs: true, top_logprobs: 3 }, { top: 3 }],
    [{ logprobs: true }, { top: 0 }],
    [{ logprobs: false }, undefined],
  ])('reads %j, for the upstream to grant or refuse (C112)', (members, logprobs) => {
    expect(decode(members).request.logprobs).toEqual(logprobs);
  });

  it('reads every sampling parameter', () => {
    const { request } = decode({
      temperature: 0.5,
      top_p: 0.9,
      top_k: 40,
      frequency_penalty: 0.1,
      presence_penalty: -0.1,
      seed: 7,
      logit_bias: { '50256': -100 },
    });
    expect(request.sampling).toEqual({
      temperature: 0.5,
      topP: 0.9,
      topK: 40,
      frequencyPenalty: 0.1,
      presencePenalty: -0.1,
      seed: 7,
      logitBias: { '50256': -100 },
    });
  });

  it('reads a number that is longer than a double', () => {
    const seed = parseJson('9223372036854775807');
    expect(decode({ seed }).request.sampling.seed).toBe(2 ** 63);
  });

  it('reads a schema for the answer', () => {
    const schema = { type: 'object', properties: {} };
    const json_schema = { name: 'n', description: 'd', schema, strict: true };
    expect(decode({ response_format: { type: 'json_schema', json_schema } }).request.format).toEqual({
      type: 'json-schema',
      name: 'n',
      description: 'd',
      schema,
      strict: true,
    });
  });

  it('takes null for absent everywhere', () => {
    const nulls = ['stream', 'stop', 'n', 'temperature', 'tools', 'tool_choice', 'response_format', 'foo'];
    expect(decode(Object.fromEntries(nulls.map((key) => [key, null])))).toEqual(decode({}));
  });

  it.each([{ stop: '' }, { stop: [] }, { stop: [''] }])('takes %j for no stop sequence', (members) => {
    expect(decode(members).request).not.toHaveProperty('stop');
  });

  it.each([
    [{ prediction: { type: 'content', content: 'x' } }, 'prediction=ignored'],
    [{ web_search_options: {} }, 'web_search_options=ignored'],
    [{ made_up: 1 }, 'made_up=ignored'],
    [{ stream_options: { include_obfuscation: false } }, 'stream_options.include_obfuscation=ignored'],
    [{ top_logprobs: 2 }, 'top_logprobs=ignored'],
    [{ thinking: { type: 'sideways' } }, 'thinking=ignored'],
    [{ reasoning: { summary: 'auto' } }, 'reasoning=ignored'],
    [{ prompt_cache_retention: '24h' }, 'prompt_cache_retention=ignored'],
  ])('notes that %j is ignored', (members, notes) => {
    expect(decode(members).notes).toBe(notes);
  });
});

describe('openai-chat decodeRequest refusals', () => {
  it.each([
    [{ modalities: ['text', 'audio'] }, 'modalities', 'unsupported_parameter'],
    [{ audio: { voice: 'alloy', format: 'wav' } }, 'audio', 'unsupported_parameter'],
    [{ moderation: { model: 'x' } }, 'moderation', 'unsupported_parameter'],
    [{ response_format: { type: 'xml' } }, 'response_format.type', 'unsupported_parameter'],
    [{ response_format: { type: 'json_schema' } }, 'response_format.json_schema', undefined],
    [
      { response_format: { type: 'json_schema', json_schema: { name: 'n' } } },
      'response_format.json_schema.schema',
      'missing_required_parameter',
    ],
    [{ model: undefined }, 'model', 'missing_required_parameter'],
    [{ model: 7 }, 'model', 'invalid_type'],
    [{ messages: undefined }, 'messages', 'missing_required_parameter'],
    [{ messages: 'hi' }, 'messages', 'invalid_type'],
    [{ messages: [] }, 'messages', 'invalid_value'],
    [{ messages: ['hi'] }, 'messages[0]', 'invalid_type'],
    [{ stream: 'yes' }, 'stream', 'invalid_type'],
    [{ stream_options: { include_usage: 1 } }, 'stream_options.include_usage', 'invalid_type'],
    [{ n: 0 }, 'n', 'invalid_type'],
    [{ max_tokens: 0 }, 'max_tokens', 'invalid_type'],
    [{ max_tokens: 'x', max_completion_tokens: 5 }, 'max_tokens', 'invalid_type'],
    [{ max_completion_tokens: 1.5 }, 'max_completion_tokens', 'invalid_type'],
    [{ temperature: '1' }, 'temperature', 'invalid_type'],
    [{ seed: 1.5 }, 'seed', 'invalid_type'],
    [{ logit_bias: [] }, 'logit_bias', 'invalid_type'],
    [{ stop: 5 }, 'stop', 'invalid_type'],
    [{ stop: ['a', 5] }, 'stop[1]', 'invalid_type'],
    [{ logprobs: 1 }, 'logprobs', 'invalid_type'],
    [{ verbosity: 'chatty' }, 'verbosity', 'invalid_value'],
    [{ reasoning_effort: 'hgih' }, 'reasoning_effort', 'invalid_value'],
    [{ thinking: true }, 'thinking', 'invalid_type'],
    [{ enable_thinking: 'yes' }, 'enable_thinking', 'invalid_type'],
    [{ reasoning: 'high' }, 'reasoning', 'invalid_type'],
    [{ reasoning: { effort: 'hgih' } }, 'reasoning.effort', 'invalid_value'],
    [{ user: 5 }, 'user', 'invalid_type'],
    [{ metadata: 'x' }, 'metadata', 'invalid_type'],
  ])('refuses %j, naming %s', (members, param, code) => {
    expect(() => decode(members)).toThrow(
      expect.objectContaining({
        kind: 'invalid-request',
        status: 400,
        message: expect.stringContaining(`${param}: `) as string,
        details: expect.objectContaining({ param, ...(code !== undefined && { code }) }) as object,
      }) as Error,
    );
  });

  it('refuses several choices (C111)', () => {
    expect(() => decode({ n: 2 })).toThrow('n: only one choice can be generated for this model');
  });

  it('says which words it takes', () => {
    expect(() => decode({ verbosity: 'chatty' })).toThrow('verbosity: must be one of low, medium, high');
  });
});

describe('openai-chat wish for reasoning', () => {
  const on = { mode: 'on', show: true, from: 'client' };
  const off = { mode: 'off', from: 'client' };

  it.each([
    [{ reasoning_effort: 'none' }, off],
    [{ reasoning_effort: 'xhigh' }, { ...on, effort: 'xhigh' }],
    [
      { reasoning_effort: 'low', thinking: { type: 'disabled' } },
      { ...on, effort: 'low' },
    ],
    [{ reasoning: { effort: 'high' } }, { ...on, effort: 'high' }],
    [{ reasoning: { effort: 'none' } }, off],
    [{ reasoning: { enabled: false, effort: 'low' } }, off],
    [{ reasoning: { enabled: true } }, on],
    [{ reasoning: { max_tokens: 2048 } }, { ...on, budget: 2048 }],
    [{ thinking: { type: 'disabled' } }, off],
    [{ thinking: { type: 'enabled' } }, on],
    [{ thinking: { type: 'enabled', budget_tokens: 2048 } }, { ...on, budget: 2048 }],
    [{ thinking: { type: 'adaptive' } }, on],
    [{ enable_thinking: false }, off],
    [{ enable_thinking: true }, on],
    [
      { enable_thinking: true, thinking_budget: 4096 },
      { ...on, budget: 4096 },
    ],
  ])('reads %j', (members, wish) => {
    expect(decode(members).request.reasoning).toEqual(wish);
  });

  it('leaves out the text of reasoning that the client wants to exclude', () => {
    const { request } = decode({ reasoning: { effort: 'low', exclude: true } });
    expect(request.reasoning).toEqual({ mode: 'on', show: false, effort: 'low', from: 'client' });
  });
});

describe("openai-chat client's own words", () => {
  it.each([
    [{ max_completion_tokens: 5 }, { maxTokens: 'max_completion_tokens' }],
    [{ max_tokens: 5, max_completion_tokens: 5 }, { maxTokens: 'max_completion_tokens' }],
    [{ max_tokens: 5, max_completion_tokens: null }, { maxTokens: 'max_tokens' }],
    [{ safety_identifier: 'u' }, { endUser: 'safety_identifier' }],
    [{ user: 'u' }, { endUser: 'user' }],
    [
      { functions: [{ name: 'f' }], function_call: 'auto' },
      { tools: 'functions', toolChoice: 'function_call' },
    ],
    [{ enable_thinking: true }, { reasoning: 'enable_thinking' }],
    [{ reasoning: { enabled: true } }, { reasoning: 'reasoning' }],
    [{ reasoning_effort: 'low', thinking: { type: 'enabled' } }, { reasoning: 'reasoning_effort' }],
    [{}, { format: 'response_format', stop: 'stop', cacheKey: 'prompt_cache_key', strict: 'strict' }],
  ])('of %j are kept for notes and errors', (members, names) => {
    expect(decode(members).request.names).toMatchObject(names);
  });
});
