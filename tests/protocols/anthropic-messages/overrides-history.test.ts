import { describe, expect, it } from 'vitest';
import type { Capabilities } from '../../../src/kernel/capabilities.ts';
import { createCarrier } from '../../../src/kernel/carrier.ts';
import type { OpaqueState } from '../../../src/kernel/conversation.ts';
import { scanObject, viewOfBytes } from '../../../src/kernel/json-scan.ts';
import { spliceEdits } from '../../../src/kernel/json-splice.ts';
import type { JsonObject } from '../../../src/kernel/json.ts';
import { createLossLog } from '../../../src/kernel/losses.ts';
import { NO_WISH } from '../../../src/kernel/reasoning.ts';
import { anthropicMessages } from '../../../src/protocols/anthropic-messages/index.ts';
import { bytesOf, textOf } from '../../support/chunks.ts';
import { atLevel, override, USER } from './override.ts';

const carrier = (issuer: string, kind: OpaqueState['kind'], text: string, family = ''): string =>
  createCarrier({ issuer, family, kind, data: 'zzz' }, text);
const thinking = (text: string, signature: string): JsonObject => ({
  type: 'thinking',
  thinking: text,
  signature,
});
const redacted = (data: string): JsonObject => ({ type: 'redacted_thinking', data });
const TEXT: JsonObject = { type: 'text', text: 'px1. is a word like others' };

/** The blocks of an assistant message after the edits. */
function blocksAfter(blocks: readonly JsonObject[], capabilities: Capabilities = {}): unknown {
  const messages = [USER, { role: 'assistant', content: [...blocks] }, USER];
  const { body } = override({ messages }, { capabilities });
  return (body['messages'] as { content: unknown }[])[1]?.content;
}

describe('anthropic-messages histories with thinking of other services', () => {
  it.each<[string, JsonObject]>([
    ['another service signed', thinking('hm', carrier('gemini', 'thoughtSignature', 'hm'))],
    ['nobody signed', thinking('hm', carrier('', 'none', 'hm'))],
    ['another model family signed', thinking('hm', carrier('anthropic', 'signature', 'hm', 'old'))],
    ['was signed with other words', thinking('hm!', carrier('anthropic', 'signature', 'hm'))],
    ['holds state of another kind', thinking('hm', carrier('anthropic', 'redacted', 'hm'))],
    ['is damaged', thinking('hm', 'px1.%%')],
    ['is hidden and foreign (C033)', redacted(carrier('openai', 'encrypted_content', ''))],
    ['is hidden and signed', redacted(carrier('anthropic', 'signature', ''))],
    ['has lost its words', { type: 'thinking', signature: carrier('anthropic', 'signature', 'hm') }],
  ])('lose the block that %s (C028)', (_what, block) => {
    expect(blocksAfter([block, TEXT])).toEqual([TEXT]);
    expect(blocksAfter([block])).toEqual([]);
  });

  it.each<[JsonObject, JsonObject, Capabilities]>([
    [thinking('hm', carrier('anthropic', 'signature', 'hm')), thinking('hm', 'zzz'), {}],
    [redacted(carrier('anthropic', 'redacted', '')), redacted('zzz'), {}],
    [
      thinking('hm', carrier('vendor', 'signature', 'hm', 'm2')),
      thinking('hm', 'zzz'),
      { issuer: 'vendor', family: 'm2' },
    ],
  ])('give state back to its own issuer: %j', (block, restored, capabilities) => {
    expect(blocksAfter([block, TEXT], capabilities)).toEqual([restored, TEXT]);
  });

  it('leave the thinking that Claude itself signed, and what only looks like a carrier', () => {
    const blocks = [thinking('hm', 'EqQB'), redacted('EqQB'), TEXT, { type: 'text', signature: 'px1.x' }];
    expect(blocksAfter(blocks)).toEqual(blocks);
  });

  it.each<[unknown]>([
    ['px1.'],
    [{ role: 'user', content: 'px1.' }],
    [{ content: ['px1.', null, 5] }],
    [null],
  ])('leave %j alone', (message) => {
    const { body } = override({ messages: [message] } as JsonObject, {});
    expect(body['messages']).toEqual([message]);
  });

  it('keep every other byte (C028)', () => {
    const foreign = JSON.stringify(thinking('hm', carrier('gemini', 'thoughtSignature', 'hm')));
    const user = '{"role" : "user","content":"\\u0068i 1.0"}';
    const body = `{"messages": [${user},{"role":"assistant","content":[${foreign},{"type":"tool_use","id":"c","name":"f","input":{"n":12345678901234567890}}]} , ${user} ], "n":1.0}`;
    const scanned = scanObject(bytesOf(body));
    const wishes = { model: 'm', systemPrompt: '', reasoning: NO_WISH, fast: false, capabilities: {} };
    const { edits } = anthropicMessages.upstream.overrides(viewOfBytes(scanned), wishes, createLossLog());
    const text = textOf(...spliceEdits(scanned, edits).chunks);
    expect(text).not.toContain('px1.');
    expect(text.split(user)).toHaveLength(3);
    expect(text).toContain(
      '"content":[{"type":"tool_use","id":"c","name":"f","input":{"n":12345678901234567890}}]',
    );
    expect(text).toContain('"n":1.0');
  });
});

describe('anthropic-messages open calls of other services', () => {
  const foreign = thinking('hm', carrier('openai', 'encrypted_content', 'hm'));
  const own = thinking('hm', carrier('anthropic', 'signature', 'hm'));
  const toolUse = { type: 'tool_use', id: 't', name: 'f', input: {} };
  const toolResult = { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't' }] };
  const loop = (...blocks: readonly JsonObject[]): JsonObject => ({
    messages: [USER, { role: 'assistant', content: [...blocks, toolUse] }, toolResult],
  });
  const enabled = { thinking: { type: 'enabled', budget_tokens: 2000 }, output_config: { effort: 'max' } };

  it('are answered without thinking where a level asks for a budget (C031)', () => {
    expect(atLevel('high', loop(foreign)).notes).toBe('reasoning=off-for-unsigned-history');
    expect(atLevel('high', loop(own)).body['thinking']).toBeDefined();
  });

  it('are answered without thinking where the client itself asks for a budget', () => {
    const { body, notes } = atLevel('auto', { ...enabled, ...loop(foreign) });
    expect(notes).toBe('reasoning=off-for-unsigned-history');
    expect(body['thinking']).toBeUndefined();
    expect(body['output_config']).toBeUndefined();
  });

  it.each<[string, JsonObject]>([
    ['it is its own', { ...enabled, ...loop(own) }],
    ['some of it is its own', { ...enabled, ...loop(own, foreign) }],
    ['there never was any', { ...enabled, ...loop() }],
    ['the calls are answered', { ...enabled, messages: [...(loop(foreign)['messages'] as []), USER] }],
    ['no budget is asked for', { thinking: { type: 'adaptive' }, ...loop(foreign) }],
  ])('leave the wish of the client as it is when %s', (_what, fields) => {
    const { body, notes } = atLevel('auto', fields);
    expect(body['thinking']).toEqual(fields['thinking']);
    expect(notes).toBe('');
  });
});
