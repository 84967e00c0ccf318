import { describe, expect, it } from 'vitest';
import { effortOf } from '../../../src/kernel/reasoning.ts';
import { decode, decodeAny } from './decode-setup.ts';

const client = 'client' as const;

describe('anthropic-messages wishes for reasoning', () => {
  it.each([
    [{ type: 'enabled', budget_tokens: 31999 }, undefined, { mode: 'on', budget: 31999, show: true }],
    [{ type: 'enabled', budget_tokens: 2000 }, 'max', { mode: 'on', effort: 'max', show: true }],
    [
      { type: 'enabled', budget_tokens: 2000, display: 'omitted' },
      undefined,
      { mode: 'on', budget: 2000, show: false },
    ],
    [
      { type: 'enabled', budget_tokens: 2000, display: null },
      undefined,
      { mode: 'on', budget: 2000, show: true },
    ],
    [{ type: 'enabled' }, undefined, { mode: 'on', show: true }],
    [{ type: 'adaptive' }, undefined, { mode: 'on', show: true }],
    [{ type: 'adaptive', display: 'summarized' }, 'xhigh', { mode: 'on', effort: 'xhigh', show: true }],
    [{ type: 'adaptive', display: 'omitted' }, 'low', { mode: 'on', effort: 'low', show: false }],
    [{ type: 'disabled' }, undefined, { mode: 'off' }],
    [undefined, 'medium', { mode: 'on', effort: 'medium', show: false }],
    [undefined, undefined, { mode: 'unset' }],
    [null, null, { mode: 'unset' }],
  ])('reads thinking %j with effort %j', (thinking, effort, wish) => {
    const { request, notes } = decodeAny({ thinking, output_config: { effort } });
    expect(request.reasoning).toEqual({ ...wish, from: client });
    expect(notes).toBe('');
  });

  it('takes a budget of 20000 tokens for a high effort that is shown (C160)', () => {
    const { request } = decode({ thinking: { type: 'enabled', budget_tokens: 20000 } });
    expect([effortOf(request.reasoning), request.reasoning.show]).toEqual(['high', true]);
  });

  it.each([
    [undefined, 'low'],
    ['high', 'high'],
  ])('thinks a little where thinking is for between tools alone, with effort %j', (effort, wanted) => {
    const { request, notes } = decodeAny({ thinking: { type: 'between_tools' }, output_config: { effort } });
    expect(request.reasoning).toEqual({ mode: 'on', effort: wanted, show: true, from: client });
    expect(notes).toBe('thinking=simplified');
  });

  it('lets switched off thinking win over an effort', () => {
    const { request, notes } = decode({ thinking: { type: 'disabled' }, output_config: { effort: 'high' } });
    expect([request.reasoning.mode, notes]).toEqual(['off', 'output_config.effort=dropped']);
  });

  it.each([
    [undefined, { mode: 'unset', from: client }],
    ['high', { mode: 'on', effort: 'high', show: false, from: client }],
  ])('passes over a form that is not known, with effort %j', (effort, wish) => {
    const { request, notes } = decodeAny({ thinking: { type: 'dreaming' }, output_config: { effort } });
    expect([request.reasoning, notes]).toEqual([wish, 'thinking=ignored']);
  });
});
