import { describe, expect, it } from 'vitest';
import type { Capabilities } from '../../../src/kernel/capabilities.ts';
import type { JsonObject } from '../../../src/kernel/json.ts';
import { atLevel, override, USER } from './override.ts';
import { calls, encode, results, user } from './setup.ts';

const ADAPTIVE: Capabilities = { thinkingTypes: { enabled: false, adaptive: true } };

describe('anthropic-messages thinking that gives way', () => {
  const signed = { type: 'thinking', thinking: '', signature: 's' };
  const toolUse = { type: 'tool_use', id: 't', name: 'f', input: {} };
  const toolResult = { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't' }] };
  const loop = (...blocks: readonly JsonObject[]): JsonObject => ({
    messages: [USER, { role: 'assistant', content: [...blocks, toolUse] }, toolResult],
  });

  it.each<[string, JsonObject, Capabilities, string]>([
    ['a forced call (C156)', { tool_choice: { type: 'any' } }, {}, 'forced-tool'],
    ['a forced tool', { tool_choice: { type: 'tool', name: 'f' } }, ADAPTIVE, 'forced-tool'],
    [
      'a forced tool, budgets or not',
      { tool_choice: { type: 'any' } },
      { forcedToolWithThinking: true },
      'forced-tool',
    ],
    ['an answer to be continued', { messages: [USER, { role: 'assistant', content: 'I' }] }, {}, 'prefill'],
    ['an answer to be continued', { messages: [{ role: 'assistant', content: 'I' }] }, ADAPTIVE, 'prefill'],
    ['a warming of the cache', { max_tokens: 0 }, {}, 'cache-warming'],
    ['an open tool loop without thinking', loop(), {}, 'unsigned-history'],
    ['an open tool loop with unsigned thinking', loop({ ...signed, signature: '' }), {}, 'unsigned-history'],
    [
      'an open tool loop that starts with words',
      loop({ type: 'text', text: 'a' }, signed),
      {},
      'unsigned-history',
    ],
    ['results behind no message', { messages: [toolResult] }, {}, 'unsigned-history'],
    [
      'results whose calls are out of sight',
      { messages: [toolResult, { role: 'system', content: 's' }] },
      {},
      'unsigned-history',
    ],
  ])('to %s', (_what, fields, capabilities, reason) => {
    const given = { thinking: { type: 'enabled', budget_tokens: 9 }, temperature: 0.2, ...fields };
    const result = atLevel('high', given, capabilities);
    expect(result.body).toEqual({
      model: 'm',
      max_tokens: 64_000,
      messages: [USER],
      temperature: 0.2,
      ...fields,
    });
    expect(result).toMatchObject({ addBetas: [], removeBetas: [], notes: `reasoning=off-for-${reason}` });
  });

  it('is switched off by name where saying nothing would mean on', () => {
    const capabilities = { thinkingTypes: { enabled: false, adaptive: true, disabled: true } };
    expect(atLevel('high', { tool_choice: { type: 'any' } }, capabilities).body['thinking']).toEqual({
      type: 'disabled',
    });
  });

  it.each<[string, JsonObject, Capabilities]>([
    ['a free choice', { tool_choice: { type: 'auto' } }, {}],
    [
      'a forced tool where the model can do both',
      { tool_choice: { type: 'any' } },
      { ...ADAPTIVE, forcedToolWithThinking: true },
    ],
    ['a signed tool loop', loop(signed), {}],
    ['a redacted tool loop', loop({ type: 'redacted_thinking', data: 'x' }), {}],
    ['an unsigned tool loop on an adaptive model', loop(), ADAPTIVE],
    ['a tool loop that is over', { messages: [toolResult, USER] }, {}],
    ['broken messages', { messages: 'x', tool_choice: 'any' }, {}],
    ['broken blocks', { messages: [5, { role: 'user', content: [5] }] }, {}],
  ])('not to %s', (_what, fields, capabilities) => {
    expect(atLevel('high', fields, capabilities).body['thinking']).toBeDefined();
  });

  it('to a translated tool loop that holds no signature (C031)', () => {
    const { wire } = encode({ turns: [user('a'), calls('c1'), results('c1'), user('go')] });
    const result = override(wire, { reasoning: { mode: 'on', effort: 'high', from: 'level' } });
    expect(result.body['thinking']).toBeUndefined();
    expect(result.notes).toBe('reasoning=off-for-unsigned-history');
  });

  it.each<Capabilities>([{ reasoning: false }, { thinkingTypes: { enabled: false } }])(
    'to a model with %j, leaving the body alone',
    (capabilities) => {
      expect(atLevel('high', { temperature: 1 }, capabilities)).toEqual({
        body: { model: 'm', max_tokens: 64_000, messages: [USER], temperature: 1 },
        addBetas: [],
        removeBetas: [],
        notes: 'reasoning=dropped',
      });
    },
  );
});
