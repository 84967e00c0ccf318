import { describe, expect, it } from 'vitest';
import { createCarrier, NO_STATE } from '../../../src/kernel/carrier.ts';
import type { JsonObject } from '../../../src/kernel/json.ts';
import { call, decodeItems, refusalOfItems, turnsOf, user } from './client-request.ts';

describe('openai-responses reasoning of earlier turns', () => {
  const thought = (members: JsonObject): JsonObject => ({
    type: 'reasoning',
    id: 'rs_1',
    summary: [],
    ...members,
  });
  const summary = (...texts: readonly string[]): JsonObject => ({
    summary: texts.map((text) => ({ type: 'summary_text', text })),
  });
  const signed = { issuer: 'anthropic', family: 'f', kind: 'signature', data: 'sig' } as const;
  const sealed = { issuer: 'openai', family: 'gpt', kind: 'encrypted_content', data: 'gAAAA' } as const;
  const thoughtSignature = { issuer: 'gemini', family: '', kind: 'thoughtSignature', data: 'ts' } as const;
  const native = { issuer: 'openai', family: '', kind: 'encrypted_content', data: 'gAAAA' };

  it.each<[string, JsonObject, JsonObject]>([
    ['its own state', { ...summary('a'), encrypted_content: 'gAAAA' }, { summary: ['a'], opaque: native }],
    ['its own state alone', { encrypted_content: 'gAAAA' }, { opaque: native }],
    ['words alone', { ...summary('a', 'b'), encrypted_content: null }, { summary: ['a', 'b'] }],
    [
      'raw words alone',
      {
        content: [
          { type: 'reasoning_text', text: 'r' },
          { type: 'text', text: 's' },
        ],
      },
      { raw: 'rs' },
    ],
    [
      'a signature',
      {
        ...summary('ab'),
        content: [{ type: 'reasoning_text', text: 'ab' }],
        encrypted_content: createCarrier(signed, 'ab'),
      },
      { raw: 'ab', opaque: signed },
    ],
    [
      'a signature, the content left out',
      { ...summary('a', 'b'), encrypted_content: createCarrier(signed, 'a\n\nb') },
      { summary: ['a', 'b'], opaque: signed },
    ],
    [
      'another sealed state',
      { ...summary('a', 'b'), encrypted_content: createCarrier(sealed, 'a\n\nb') },
      { summary: ['a', 'b'], opaque: sealed },
    ],
    [
      'a carrier of no state',
      { ...summary('a'), encrypted_content: createCarrier(NO_STATE, 'a') },
      { raw: 'a' },
    ],
    [
      'state of a call without one',
      { encrypted_content: createCarrier(thoughtSignature, '') },
      { opaque: thoughtSignature },
    ],
  ])('reads reasoning with %s (C025)', (_what, members, expected) => {
    const { request, notes } = decodeItems(user, thought(members));
    expect(request.turns[1]).toEqual({
      role: 'assistant',
      at: 'input[1]',
      parts: [{ kind: 'reasoning', ...expected }],
    });
    expect(notes).toBe('');
  });

  it.each<[string, JsonObject]>([
    ['words that were changed', { ...summary('b'), encrypted_content: createCarrier(signed, 'a') }],
    ['a damaged carrier', { ...summary('a'), encrypted_content: 'px1.!!' }],
    ['a carrier of nothing', { encrypted_content: createCarrier(NO_STATE, '') }],
    ['only an id', {}],
  ])('drops reasoning with %s', (_what, members) => {
    const { request, notes } = decodeItems(user, thought(members));
    expect(request.turns).toMatchObject([{ role: 'user' }]);
    expect(request.turns).toHaveLength(1);
    expect(notes).toBe('input[1]=dropped');
  });

  it('gives a call back the state that stands before it', () => {
    const turns = turnsOf(
      thought({ encrypted_content: createCarrier(thoughtSignature, '') }),
      call('c1'),
      call('c2'),
    );
    expect(turns).toEqual([
      {
        role: 'assistant',
        at: 'input[0]',
        parts: [
          expect.objectContaining({ id: 'c1', opaque: thoughtSignature }),
          expect.not.objectContaining({ opaque: thoughtSignature }),
        ],
      },
    ]);
  });

  it.each<[JsonObject, string]>([
    [thought({ summary: 'a' }), 'summary'],
    [thought({ summary: [{ type: 'summary_text' }] }), 'summary[0].text'],
    [thought({ content: ['a'] }), 'content[0]'],
    [thought({ encrypted_content: 5 }), 'encrypted_content'],
  ])('refuses %j', (item, member) => {
    expect(refusalOfItems(item)).toMatchObject({ kind: 'invalid-request', param: `input[0].${member}` });
  });
});
