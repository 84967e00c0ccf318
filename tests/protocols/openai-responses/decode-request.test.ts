import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/kernel/json.ts';
import { parseJson } from '../../../src/kernel/json.ts';
import { FIELD_NAMES } from '../../../src/protocols/openai-responses/field-names.ts';
import { decode, decodeBody, decodeItems, refusalOf, user } from './client-request.ts';

describe('openai-responses decodeRequest', () => {
  it('reads the least that a request can be', () => {
    expect(decode({})).toEqual({
      request: {
        model: 'm',
        stream: false,
        wantUsageChunk: false,
        system: [],
        turns: [{ role: 'user', at: 'input', parts: [{ kind: 'text', text: 'hi' }] }],
        tools: [],
        sampling: {},
        reasoning: { mode: 'unset', from: 'client' },
        names: FIELD_NAMES,
      },
      notes: '',
    });
  });

  it.each([
    [{ stream: true }, { stream: true }],
    [{ instructions: 'Be brief.' }, { system: [{ role: 'system', text: 'Be brief.' }] }],
    [{ instructions: '' }, { system: [] }],
    [{ parallel_tool_calls: false }, { parallelToolCalls: false }],
    [{ max_output_tokens: 10 }, { maxTokens: 10 }],
    [{ temperature: 0.5, top_p: 0.9 }, { sampling: { temperature: 0.5, topP: 0.9 } }],
    [{ prompt_cache_key: 'k' }, { cacheKey: 'k' }],
    [{ user: 'u' }, { endUser: 'u' }],
    [{ user: 'u', safety_identifier: 's' }, { endUser: 's' }],
    [{ metadata: { a: 'b' } }, { metadata: { a: 'b' } }],
    [{ service_tier: 'flex' }, { serviceTier: 'flex' }],
    [{ store: false }, { store: false }],
    [{ text: { verbosity: 'low' } }, { verbosity: 'low' }],
    [{ text: { format: { type: 'text' } } }, { format: { type: 'text' } }],
    [{ text: { format: { type: 'json_object' } } }, { format: { type: 'json-object' } }],
  ])('reads %j', (members, expected) => {
    expect(decode(members)).toMatchObject({ request: expected, notes: '' });
  });

  it('accepts a request to store the answer (C109)', () => {
    expect(decode({ store: true })).toMatchObject({ request: { store: true }, notes: '' });
  });

  it('reads a JSON schema for the answer (C105)', () => {
    const schema = { type: 'object', properties: { a: { type: 'integer' } } };
    const format = { type: 'json_schema', name: 'n', description: 'd', strict: true, schema };
    expect(decode({ text: { format } }).request.format).toEqual({
      type: 'json-schema',
      name: 'n',
      description: 'd',
      strict: true,
      schema,
    });
  });

  it.each([
    [{ include: ['message.output_text.logprobs'] }, { top: 0 }, ''],
    [{ include: ['message.output_text.logprobs'], top_logprobs: 3 }, { top: 3 }, ''],
    [{ top_logprobs: 3 }, undefined, 'top_logprobs=ignored'],
    [{ top_logprobs: 0 }, undefined, ''],
  ])('reads %j, probabilities being asked for by include alone', (members, logprobs, notes) => {
    const decoded = decode(members);
    expect(decoded.request.logprobs).toEqual(logprobs);
    expect(decoded.notes).toBe(notes);
  });

  it('takes null for an absent member', () => {
    const names = ['instructions', 'tools', 'tool_choice', 'text', 'reasoning', 'metadata', 'include'];
    const more = ['previous_response_id', 'conversation', 'prompt', 'background', 'moderation', 'truncation'];
    const nulls = Object.fromEntries(
      [...names, ...more, 'stream', 'user', 'max_tool_calls'].map((name) => [name, null]),
    );
    expect(decode(nulls)).toEqual(decode({}));
  });

  it('reads a number that is longer than a double', () => {
    const max_output_tokens = parseJson('9223372036854775807');
    expect(decode({ max_output_tokens }).request.maxTokens).toBe(2 ** 63);
  });

  it.each([
    [{ stop: ['END'] }, 'stop=ignored'],
    [{ max_tool_calls: 3 }, 'max_tool_calls=ignored'],
    [{ truncation: 'auto' }, 'truncation=ignored'],
    [{ truncation: 'disabled' }, ''],
    [{ context_management: [{ type: 'compaction' }] }, 'context_management=ignored'],
    [{ prompt_cache_retention: '24h' }, 'prompt_cache_retention=ignored'],
    [{ prompt_cache_options: { mode: 'implicit' } }, 'prompt_cache_options=ignored'],
    [{ frequency_penalty: 1 }, 'frequency_penalty=ignored'],
    [{ stream_options: { include_obfuscation: false } }, ''],
    [{ stream_options: { include_usage: true } }, 'stream_options.include_usage=ignored'],
    [{ include: ['web_search_call.results', 5] }, 'include[0]=ignored,include[1]=ignored'],
    [{ text: { tone: 'warm' } }, 'text.tone=ignored'],
    [{ reasoning: { mode: 'pro', context: 'auto' } }, 'reasoning.mode=ignored,reasoning.context=ignored'],
    [{ client_metadata: { session: 's' } }, ''],
  ])('notes of %j: %s', (members, notes) => {
    expect(decode(members).notes).toBe(notes);
  });
});

describe('openai-responses reasoning wishes', () => {
  it.each<[JsonObject, JsonObject]>([
    [{}, { mode: 'unset', from: 'client' }],
    [{ effort: null }, { mode: 'unset', from: 'client' }],
    [{ effort: 'high' }, { mode: 'on', effort: 'high', show: false, from: 'client' }],
    [
      { effort: 'low', summary: 'auto' },
      { mode: 'on', effort: 'low', show: true, from: 'client' },
    ],
    [
      { effort: 'low', generate_summary: 'concise' },
      { mode: 'on', effort: 'low', show: true, from: 'client' },
    ],
    [
      { effort: 'low', summary: 'none' },
      { mode: 'on', effort: 'low', show: false, from: 'client' },
    ],
    [{ summary: 'detailed' }, { mode: 'unset', show: true, from: 'client' }],
    [
      { effort: 'none', summary: 'auto' },
      { mode: 'off', from: 'client' },
    ],
  ])('reads %j', (reasoning, wish) => {
    expect(decode({ reasoning }).request.reasoning).toEqual(wish);
  });

  it('wants to read reasoning when a summary is asked for', () => {
    expect(decode({ reasoning: { summary: 'auto' } }).request.reasoning.show).toBe(true);
  });

  it('takes the last word of what the conversation changes, and keeps what it leaves', () => {
    const update = (members: JsonObject): JsonObject => ({
      type: 'configuration_update',
      id: 'cu_1',
      ...members,
    });
    const { request, notes } = decode({
      reasoning: { effort: 'none', summary: 'auto' },
      text: { verbosity: 'low' },
      input: [
        user,
        update({ reasoning: { effort: 'low' } }),
        update({ text: { format: { type: 'json_object' } } }),
        update({ reasoning: { effort: 'high' } }),
      ],
    });
    expect(request).toMatchObject({
      reasoning: { mode: 'on', effort: 'high', show: true },
      format: { type: 'json-object' },
      verbosity: 'low',
      turns: [{ role: 'user' }],
    });
    expect(notes).toBe('');
  });

  it('notes what else an update holds', () => {
    expect(decodeItems(user, { type: 'configuration_update', tools: [] }).notes).toBe(
      'input[1].tools=ignored',
    );
  });
});

describe('openai-responses refusals of members', () => {
  it.each([
    [{ previous_response_id: 'resp_1' }, 'previous_response_id'],
    [{ previous_response_id: '' }, 'previous_response_id'],
  ])('refuses %j: the conversation would be lost (C107)', (members, param) => {
    expect(refusalOf(members)).toMatchObject({
      kind: 'invalid-request',
      param,
      code: 'unsupported_parameter',
    });
  });

  it.each([
    [{ background: true }, 'background'],
    [{ conversation: 'conv_1' }, 'conversation'],
    [{ conversation: { id: 'conv_1' } }, 'conversation'],
    [{ prompt: { id: 'pmpt_1' } }, 'prompt'],
    [{ moderation: { model: 'omni-moderation-latest' } }, 'moderation'],
  ])('refuses %j, which this model cannot do (C108)', (members, param) => {
    expect(refusalOf(members)).toMatchObject({
      kind: 'invalid-request',
      param,
      code: 'unsupported_parameter',
    });
  });

  it.each([
    [{ model: undefined }, 'model'],
    [{ model: 5 }, 'model'],
    [{ input: undefined }, 'input'],
    [{ input: null }, 'input'],
    [{ input: 5 }, 'input'],
    [{ input: [] }, 'input'],
    [{ input: ['hi'] }, 'input[0]'],
    [{ instructions: ['hi'] }, 'instructions'],
    [{ stream: 'yes' }, 'stream'],
    [{ background: 'yes' }, 'background'],
    [{ max_output_tokens: 0 }, 'max_output_tokens'],
    [{ max_output_tokens: 1.5 }, 'max_output_tokens'],
    [{ temperature: 'hot' }, 'temperature'],
    [{ include: 'all' }, 'include'],
    [{ truncation: true }, 'truncation'],
    [{ stream_options: true }, 'stream_options'],
    [{ reasoning: 'high' }, 'reasoning'],
    [{ reasoning: { effort: 'hgih' } }, 'reasoning.effort'],
    [{ reasoning: { summary: true } }, 'reasoning.summary'],
    [{ text: 'json' }, 'text'],
    [{ text: { verbosity: 'mute' } }, 'text.verbosity'],
    [{ text: { format: { type: 'yaml' } } }, 'text.format.type'],
    [{ text: { format: {} } }, 'text.format.type'],
    [{ text: { format: { type: 'json_schema', name: 'n' } } }, 'text.format.schema'],
    [
      { input: [{ type: 'configuration_update', reasoning: { effort: 'huge' } }] },
      'input[0].reasoning.effort',
    ],
  ])('names the field that is wrong in %j', (members, param) => {
    expect(refusalOf(members as JsonObject)).toMatchObject({ kind: 'invalid-request', param });
  });

  it('finds nothing in the names that every object has', () => {
    const body = parseJson('{"model":"m","input":[{"role":"user","content":"hi","__proto__":{"type":"x"}}]}');
    expect(decodeBody(body as JsonObject).notes).toBe('input[0].__proto__=ignored');
  });
});
