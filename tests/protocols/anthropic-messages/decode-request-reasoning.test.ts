import { describe, expect, it } from 'vitest';
import { createCarrier, NO_STATE } from '../../../src/kernel/carrier.ts';
import type { OpaqueState } from '../../../src/kernel/conversation.ts';
import { answerOf, refusalOf } from './decode-setup.ts';
import type { Block } from './decode-setup.ts';

const call = (id: string): Block => ({ type: 'tool_use', id, name: 'f', input: {} });
const callPart = (id: string) => ({ kind: 'tool-call', id, callKind: 'function', name: 'f', args: '{}' });
const thinking = (words: string, signature: string): Block => ({
  type: 'thinking',
  thinking: words,
  signature,
});
const redacted = (data: string): Block => ({ type: 'redacted_thinking', data });

describe('anthropic-messages reasoning in the history', () => {
  const foreign = (kind: OpaqueState['kind'], issuer = 'gemini'): OpaqueState => ({
    issuer,
    family: 'fam',
    kind,
    data: 'state',
  });

  it("keeps Claude's own state as Anthropic's (C029)", () => {
    expect(answerOf(redacted('enc'), thinking('', 'sig')).parts).toEqual([
      { kind: 'reasoning', opaque: { issuer: 'anthropic', family: '', kind: 'redacted', data: 'enc' } },
      { kind: 'reasoning', opaque: { issuer: 'anthropic', family: '', kind: 'signature', data: 'sig' } },
    ]);
  });

  it('takes the state of other services out of its carrier (C028)', () => {
    const state = foreign('thoughtSignature');
    expect(answerOf(thinking('hm', createCarrier(state, 'hm'))).parts).toEqual([
      { kind: 'reasoning', raw: 'hm', opaque: state },
    ]);
  });

  it('takes encrypted reasoning out of a carrier, with its words as a summary (C033)', () => {
    const state = foreign('encrypted_content', 'openai');
    expect(
      answerOf(redacted(createCarrier(state, '')), thinking('hm', createCarrier(state, 'hm'))).parts,
    ).toEqual([
      { kind: 'reasoning', opaque: state },
      { kind: 'reasoning', summary: ['hm'], opaque: state },
    ]);
  });

  it('keeps the words of reasoning without state (C032)', () => {
    const { parts, notes } = answerOf(
      thinking('hm', createCarrier(NO_STATE, 'hm')),
      thinking('so', ''),
      redacted(createCarrier(NO_STATE, '')),
      call('a'),
    );
    expect(parts).toEqual([
      { kind: 'reasoning', raw: 'hm' },
      { kind: 'reasoning', raw: 'so' },
      callPart('a'),
    ]);
    expect(notes).toBe('');
  });

  it.each([
    ['belongs to other words', thinking('changed', createCarrier(foreign('signature'), 'hm'))],
    ['cannot be read', thinking('hm', 'px1.broken')],
    ['was given words', redacted(createCarrier(foreign('signature'), 'hm'))],
  ])('drops a block whose carrier %s', (_what, block) => {
    expect(answerOf(block)).toEqual({ parts: [], notes: 'messages[1].content[0]=dropped' });
  });

  it('gives a call the state that stands before it', () => {
    const state = foreign('thoughtSignature');
    expect(answerOf(redacted(createCarrier(state, '')), call('a'), call('b')).parts).toEqual([
      { ...callPart('a'), opaque: state },
      callPart('b'),
    ]);
  });

  it.each([
    ['thinking', { type: 'thinking', thinking: 5 }],
    ['signature', { type: 'thinking', thinking: 'a', signature: {} }],
    ['data', { type: 'redacted_thinking', data: 1 }],
  ])('is refused for its %s in %j', (member, block) => {
    const error = refusalOf({ messages: [{ role: 'assistant', content: [block] }] });
    expect(error?.details.param).toBe(`messages[0].content[0].${member}`);
  });
});
