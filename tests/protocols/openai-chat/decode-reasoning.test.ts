import { describe, expect, it } from 'vitest';
import { createCarrier, NO_STATE } from '../../../src/kernel/carrier.ts';
import type { OpaqueState } from '../../../src/kernel/conversation.ts';
import type { JsonObject } from '../../../src/kernel/json.ts';
import { decode } from './support.ts';

const state = (data: string, kind: OpaqueState['kind'] = 'signature'): OpaqueState => ({
  issuer: 'anthropic',
  family: 'claude-5',
  kind,
  data,
});
const encrypted = (data: string) => ({ type: 'reasoning.encrypted', data });
const carried = (opaque: OpaqueState, text: string) => encrypted(createCarrier(opaque, text));
const call = { id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } };

/** What is read of an assistant message, and what is noted. */
function read(message: JsonObject) {
  const { request, notes } = decode({ messages: [{ role: 'assistant', content: 'a', ...message }] });
  const turn = request.turns[0];
  return { parts: turn?.role === 'assistant' ? turn.parts : [], notes };
}
const reasoningOf = (reasoning_content: string, ...reasoning_details: JsonObject[]) => {
  const { parts, notes } = read({ reasoning_content, reasoning_details });
  return { parts: parts.slice(0, -1), notes };
};
const raw = (text: string, opaque?: OpaqueState) => ({
  kind: 'reasoning',
  raw: text,
  ...(opaque && { opaque }),
});

describe('openai-chat reasoning of earlier answers', () => {
  it.each([
    ['reasoning_content', { reasoning_content: 'hm' }],
    ['reasoning', { reasoning: 'hm' }],
    ['reasoning_text', { reasoning_text: 'hm' }],
    ['reasoning_details', { reasoning_details: [{ text: 'h' }, { summary: 'm' }] }],
    ['a part of thinking', { content: [{ type: 'thinking', thinking: 'hm' }] }],
    [
      'a part of thinking in pieces',
      { content: [{ type: 'thinking', thinking: [{ text: 'h' }, { text: 'm' }] }] },
    ],
    ['a part of reasoning', { content: [{ type: 'reasoning', text: 'hm' }] }],
  ])('is read from %s, as text without state (C030)', (_where, message) => {
    expect(read(message)).toMatchObject({ parts: expect.arrayContaining([raw('hm')]) as unknown, notes: '' });
  });

  it('leaves out a part of thinking without words', () => {
    expect(read({ content: [{ type: 'thinking' }, { type: 'text', text: 'b' }] }).parts).toEqual([
      { kind: 'text', text: 'b' },
    ]);
  });

  it('gets its state back from a carrier (C024)', () => {
    expect(reasoningOf('Let me see.', carried(state('sig'), 'Let me see.'))).toEqual({
      parts: [raw('Let me see.', state('sig'))],
      notes: '',
    });
  });

  it('is a summary beside encrypted reasoning', () => {
    const opaque = state('gAAA', 'encrypted_content');
    expect(reasoningOf('hm', carried(opaque, 'hm')).parts).toEqual([
      { kind: 'reasoning', summary: ['hm'], opaque },
    ]);
  });

  it('gives several blocks their own passages', () => {
    const [first, second] = [state('s1'), state('s2')];
    expect(
      reasoningOf(
        'a\n\nb\n\nc',
        carried(first, 'a\n\nb'),
        carried(state('r', 'redacted'), ''),
        carried(second, 'c'),
      ),
    ).toEqual({
      parts: [raw('a\n\nb', first), { kind: 'reasoning', opaque: state('r', 'redacted') }, raw('c', second)],
      notes: '',
    });
  });

  it.each([
    ['before', 'x\n\ny\n\nz', 'z', [raw('x\n\ny'), raw('z', state('s'))]],
    ['behind', 'x\n\ny\n\nz', 'x', [raw('x', state('s')), raw('y\n\nz')]],
    ['around', 'x\n\ny\n\nz', 'y', [raw('x'), raw('y', state('s')), raw('z')]],
  ])('keeps text %s what a state claims, without one', (_where, text, claimed, parts) => {
    expect(reasoningOf(text, carried(state('s'), claimed))).toEqual({ parts, notes: '' });
  });

  it('finds passages that end or begin with a line break', () => {
    const [first, second] = [state('s1'), state('s2')];
    expect(reasoningOf('a\n\n\n\nb', carried(first, 'a\n'), carried(second, '\nb')).parts).toEqual([
      raw('a\n', first),
      raw('\nb', second),
    ]);
  });

  it('loses a state whose words were changed, and says so', () => {
    expect(reasoningOf('changed', carried(state('s'), 'what it was'))).toEqual({
      parts: [raw('changed')],
      notes: 'messages[0].reasoning_details[0]=dropped',
    });
  });

  it('gives up on a state whose words are hard to find', () => {
    const passages = Array.from({ length: 200 }, (_, index) => `p${index}`);
    const text = passages.join('\n\n');
    expect(reasoningOf(text, carried(state('s'), 'p100'))).toEqual({
      parts: [raw(text)],
      notes: 'messages[0].reasoning_details[0]=dropped',
    });
  });

  it.each([
    ['a state of a vendor', encrypted('gAAA')],
    ['a signature of a vendor', { type: 'reasoning.text', text: 'hm', signature: 'sig' }],
    ['a damaged carrier', encrypted('px1.!!')],
  ])('ignores %s, and says so', (_what, detail) => {
    expect(reasoningOf('hm', detail)).toEqual({
      parts: [raw('hm')],
      notes: 'messages[0].reasoning_details[0]=dropped',
    });
  });

  it('ignores what is no entry', () => {
    expect(read({ reasoning_details: ['x', 5, null, {}] })).toMatchObject({
      parts: [{ kind: 'text' }],
      notes: '',
    });
  });

  it('takes a carrier of no state for text alone', () => {
    expect(reasoningOf('hm', carried(NO_STATE, 'hm'))).toEqual({ parts: [raw('hm')], notes: '' });
  });
});

describe('openai-chat state of earlier calls', () => {
  const signed = (thought_signature: string) => ({
    ...call,
    extra_content: { google: { thought_signature } },
  });
  const opaque = state('sig', 'thoughtSignature');

  it('comes back on its call (C063)', () => {
    expect(read({ tool_calls: [signed(createCarrier(opaque, '')), { ...call, id: 'd' }] })).toEqual({
      parts: [
        { kind: 'text', text: 'a' },
        { kind: 'tool-call', id: 'c', callKind: 'function', name: 'f', args: '{}', opaque },
        { kind: 'tool-call', id: 'd', callKind: 'function', name: 'f', args: '{}' },
      ],
      notes: '',
    });
  });

  it('is taken from a wordless state in front of the call', () => {
    const { parts } = read({
      content: null,
      reasoning_details: [carried(opaque, '')],
      tool_calls: [call],
    });
    expect(parts).toEqual([
      { kind: 'tool-call', id: 'c', callKind: 'function', name: 'f', args: '{}', opaque },
    ]);
  });

  it.each(['a native signature', createCarrier(opaque, 'words of another block')])(
    'is dropped when it is %s, and noted',
    (signature) => {
      const { parts, notes } = read({ tool_calls: [signed(signature)] });
      expect(parts[1]).not.toHaveProperty('opaque');
      expect(notes).toBe('messages[0].tool_calls[0].extra_content=dropped');
    },
  );

  it('is nothing in a carrier of no state', () => {
    const { parts, notes } = read({ tool_calls: [signed(createCarrier(NO_STATE, ''))] });
    expect(parts[1]).not.toHaveProperty('opaque');
    expect(notes).toBe('');
  });
});
