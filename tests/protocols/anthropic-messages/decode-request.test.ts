import { describe, expect, it } from 'vitest';
import { FIELD_NAMES } from '../../../src/protocols/anthropic-messages/field-names.ts';
import { decode, decodeAny, refusalOf } from './decode-setup.ts';

describe('anthropic-messages decodeRequest', () => {
  it('reads a plain request', () => {
    expect(decode({})).toEqual({
      request: {
        model: 'm',
        stream: false,
        wantUsageChunk: false,
        system: [],
        turns: [{ role: 'user', at: 'messages[0]', parts: [{ kind: 'text', text: 'hi' }] }],
        tools: [],
        maxTokens: 1000,
        sampling: {},
        reasoning: { mode: 'unset', from: 'client' },
        names: FIELD_NAMES,
      },
      notes: '',
    });
  });

  it('reads the settings of an answer', () => {
    const { request, notes } = decodeAny({
      stream: true,
      temperature: 0.5,
      top_p: 0.9,
      top_k: 40,
      service_tier: 'standard_only',
    });
    expect(request).toMatchObject({
      stream: true,
      sampling: { temperature: 0.5, topP: 0.9, topK: 40 },
      serviceTier: 'standard_only',
    });
    expect(notes).toBe('');
  });

  it('takes null for absent', () => {
    const members = ['system', 'tools', 'tool_choice', 'thinking', 'output_config', 'metadata', 'container'];
    const nulls = Object.fromEntries([...members, 'temperature', 'x_new'].map((key) => [key, null]));
    expect(decodeAny(nulls)).toEqual(decode({}));
  });

  it('keeps a long user id whole (C119)', () => {
    const userId = JSON.stringify({ device_id: 'd'.repeat(64), session_id: 's'.repeat(64) });
    expect(decode({ metadata: { user_id: userId } }).request.endUser).toBe(userId);
  });

  it('keeps the stop sequences (C097) except blank ones', () => {
    const { request, notes } = decode({ stop_sequences: ['END', '', ' \n', '###'] });
    expect([request.stop, notes]).toEqual([['END', '###'], 'stop_sequences=dropped']);
    expect(decode({ stop_sequences: [] }).request).not.toHaveProperty('stop');
    expect(decode({ stop_sequences: [''] }).request).not.toHaveProperty('stop');
  });

  it('reads a schema for the answer as strict, beside the effort (C106)', () => {
    const schema = { type: 'object', properties: { a: { type: 'string' } } };
    const { request, notes } = decode({
      output_config: { format: { type: 'json_schema', schema }, effort: 'high' },
    });
    expect(request.format).toEqual({ type: 'json-schema', schema, strict: true });
    expect(request.reasoning).toMatchObject({ mode: 'on', effort: 'high' });
    expect(notes).toBe('');
  });

  it('reads a schema under its old name, which the new one beats', () => {
    const old = { type: 'json_schema', schema: { title: 'old' } } as const;
    const format = { type: 'json_schema', schema: { title: 'new' } } as const;
    expect(decode({ output_format: old }).request.format).toMatchObject({ schema: { title: 'old' } });
    expect(decode({ output_format: old, output_config: { format } }).request.format).toMatchObject({
      schema: { title: 'new' },
    });
  });

  it('notes what no other service can be told', () => {
    const { notes } = decodeAny({
      context_management: { edits: [{ type: 'clear_thinking_20251015', keep: 'all' }] },
      diagnostics: { previous_message_id: null },
      fallbacks: 'default',
      betas: ['x'],
      speed: 'fast',
      output_config: { effort: 'low', task_budget: { type: 'tokens', total: 5 } },
      metadata: { user_id: 'u', team: 't' },
      mcp_servers: [],
      messages: [{ role: 'user', content: 'hi', id: 'msg_1', name: null }],
    });
    expect(notes.split(',').sort()).toEqual([
      'betas=ignored',
      'context_management=ignored',
      'diagnostics=ignored',
      'fallbacks=ignored',
      'messages[0].id=ignored',
      'metadata.team=ignored',
      'output_config.task_budget=ignored',
      'speed=dropped',
    ]);
  });

  it('takes the standard speed for granted', () => {
    expect(decode({ speed: 'standard' }).notes).toBe('');
  });
});

describe('anthropic-messages refusals of a whole body', () => {
  it.each([
    ['container', 'container_1'],
    ['inference_geo', 'eu'],
    ['thread', { type: 'create' }],
    ['compaction', { type: 'summarize' }],
    ['mcp_servers', [{ type: 'url', url: 'https://mcp.example', name: 'x' }]],
  ])('cannot honour %s', (field, value) => {
    expect(refusalOf({ [field]: value })).toMatchObject({
      kind: 'invalid-request',
      details: { param: field, code: 'unsupported_parameter' },
    });
  });

  it.each([
    ['model', undefined],
    ['model', 7],
    ['messages', undefined],
    ['messages', 'hi'],
    ['messages', []],
    ['messages', [{ role: 'system', content: 'alone' }]],
    ['messages[0]', ['hi']],
    ['messages[0].role', [{ content: 'hi' }]],
    ['messages[0].role', [{ role: 'tool', content: 'hi' }]],
    ['messages[0].role', [{ role: 'constructor', content: 'hi' }]],
    ['messages[0].content', [{ role: 'user' }]],
    ['messages[0].content', [{ role: 'user', content: 5 }]],
    ['messages[0].content[0]', [{ role: 'user', content: ['hi'] }]],
    ['messages[0].content[0].type', [{ role: 'user', content: [{}] }]],
    ['messages[0].content[0].text', [{ role: 'assistant', content: [{ type: 'text' }] }]],
    ['system', 5],
    ['system[0]', [{ type: 'image', source: {} }]],
    ['max_tokens', undefined],
    ['max_tokens', -1],
    ['max_tokens', 1.5],
    ['max_tokens', '10'],
    ['stream', 'yes'],
    ['temperature', 'hot'],
    ['top_k', 1.5],
    ['stop_sequences', 'END'],
    ['stop_sequences[1]', ['a', 1]],
    ['metadata.user_id', { user_id: 5 }],
    ['cache_control', 'ephemeral'],
    ['output_config.effort', { effort: 'huge' }],
    ['output_config.format.type', { format: { type: 'xml' } }],
    ['output_config.format.schema', { format: { type: 'json_schema' } }],
    ['output_format.type', {}],
    ['thinking.type', {}],
    ['thinking.budget_tokens', { type: 'enabled', budget_tokens: 0 }],
    ['speed', 1],
  ])('names %s when it is %j', (path, value) => {
    const [member = ''] = path.split(/[.[]/);
    const error = refusalOf({ [member]: value });
    expect([error?.kind, error?.details.param]).toEqual(['invalid-request', path]);
    expect(error?.message.startsWith(`${path}: `)).toBe(true);
  });

  it('says that a limit is missing in the words of the dialect', () => {
    expect(refusalOf({ max_tokens: undefined })?.message).toMatch(/^max_tokens: is required/);
  });

  it('says why the cache cannot be warmed', () => {
    expect(refusalOf({ max_tokens: 0 })?.message).toMatch(/^max_tokens: .*cache/);
  });
});
