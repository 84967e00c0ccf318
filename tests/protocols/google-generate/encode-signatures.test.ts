import { describe, expect, it } from 'vitest';
import type { AssistantPart, OpaqueState } from '../../../src/kernel/conversation.ts';
import { assistant, call, contentsOf, encode, results, said, user } from './support.ts';

const state = (data: string, more: Partial<OpaqueState> = {}): { opaque: OpaqueState } => ({
  opaque: { issuer: 'gemini', family: 'g3', kind: 'thoughtSignature', data, ...more },
});
const thought = (text: string, data: string): AssistantPart => ({
  kind: 'reasoning',
  ...(text !== '' && { summary: [text] }),
  ...state(data),
});

const lenient = { family: 'g3' };
const strict = { family: 'g3', thoughtSignatureRequired: true };
const BYPASS = 'skip_thought_signature_validator';

/** The parts of the assistant's turn, between a question and what follows. */
const modelParts = (parts: AssistantPart[], capabilities = lenient): unknown =>
  (contentsOf([user('hi'), assistant(...parts)], capabilities) as { parts: unknown }[])[1]?.parts;

const onWire = (name: string, thoughtSignature?: string): object => ({
  functionCall: { name, args: {} },
  ...(thoughtSignature !== undefined && { thoughtSignature }),
});

describe('google-generate signatures on the way back', () => {
  it('go on the call that they came with (C063)', () => {
    const parts = [call('call_1', 'a', '{}', state('S')), call('call_2', 'b')];
    expect(modelParts(parts, strict)).toEqual([onWire('a', 'S'), onWire('b')]);
  });

  it.each<[string, Partial<OpaqueState>]>([
    ['of another issuer', { issuer: 'anthropic' }],
    ['of another family', { family: 'g25' }],
    ['of another kind', { kind: 'signature' }],
    ['without data', { data: '' }],
  ])('stay away when they are %s (C029)', (_case, more) => {
    const foreign = state('S', more);
    const { body } = encode(
      {
        turns: [
          user('hi'),
          assistant(
            { kind: 'reasoning', raw: 'hm', ...foreign },
            said('a'),
            call('call_1', 'f', '{}', foreign),
          ),
        ],
      },
      lenient,
    );
    expect(JSON.stringify(body)).not.toContain('thoughtSignature');
    expect(body['contents']).toMatchObject([{}, { parts: [{ text: 'a' }, onWire('f')] }, {}]);
  });

  it('go with the thought that they sign', () => {
    expect(modelParts([thought('hm', 'S'), said('a')])).toEqual([
      { text: 'hm', thought: true, thoughtSignature: 'S' },
      { text: 'a' },
    ]);
  });

  it('go on the text in front of them when a client kept them apart', () => {
    expect(modelParts([said('a'), thought('', 'S')])).toEqual([{ text: 'a', thoughtSignature: 'S' }]);
  });

  it.each<[string, AssistantPart]>([
    ['text', said('a')],
    ['refusal', { kind: 'refusal', text: 'a' }],
  ])('go on the %s behind them when a client put reasoning first', (_case, part) => {
    expect(modelParts([thought('', 'S'), part])).toEqual([{ text: 'a', thoughtSignature: 'S' }]);
  });

  it('go on that text also across thoughts that stay behind', () => {
    const parts = [thought('', 'S'), { kind: 'reasoning', raw: 'hm' } as const, said('a')];
    expect(modelParts(parts)).toEqual([{ text: 'a', thoughtSignature: 'S' }]);
  });

  it('go on an empty part in front of a thought that has its own', () => {
    expect(modelParts([thought('', 'S'), thought('hm', 'T')])).toEqual([
      { text: '', thoughtSignature: 'S' },
      { text: 'hm', thought: true, thoughtSignature: 'T' },
    ]);
  });

  it('go on an empty part where nothing beside them can carry one', () => {
    expect(modelParts([thought('', 'S'), said('a'), thought('', 'T'), thought('', 'U')])).toEqual([
      { text: 'a', thoughtSignature: 'S' },
      { text: '', thoughtSignature: 'T' },
      { text: '', thoughtSignature: 'U' },
    ]);
  });

  it('stay off the call behind a text that they sign', () => {
    const parts = [said('a'), thought('', 'S'), call('call_1', 'f', '{}', state('T'))];
    expect(modelParts(parts, strict)).toEqual([{ text: 'a', thoughtSignature: 'S' }, onWire('f', 'T')]);
  });

  it('are not made up for thoughts that have none', () => {
    expect(modelParts([{ kind: 'reasoning', raw: 'hm' }, said('a')])).toEqual([{ text: 'a' }]);
  });
});

describe('google-generate stand-in signatures', () => {
  const earlier = [user('one'), assistant(call('call_0', 'z')), results('call_0'), assistant(said('ok'))];
  const current = [
    user('two'),
    assistant(call('call_1', 'a'), call('call_2', 'b')),
    results('call_1', 'call_2'),
    assistant(said('then'), call('call_3', 'c')),
    results('call_3'),
  ];
  const calls = (capabilities: object): unknown =>
    (contentsOf([...earlier, ...current], capabilities) as { role: string; parts: unknown[] }[])
      .filter(({ role }) => role === 'model')
      .flatMap(({ parts }) => parts);

  it('stand on the first call of each step since the user last spoke (C064)', () => {
    expect(calls(strict)).toEqual([
      onWire('z'),
      { text: 'ok' },
      onWire('a', BYPASS),
      onWire('b'),
      { text: 'then' },
      onWire('c', BYPASS),
    ]);
  });

  it('are not sent to a model that demands none', () => {
    expect(JSON.stringify(calls(lenient))).not.toContain('thoughtSignature');
  });

  it('are still sent when the media of a result stand between', () => {
    const image = {
      kind: 'image',
      source: { type: 'base64', mediaType: 'image/png', data: 'AAAA' },
    } as const;
    const turns = [user('hi'), assistant(call('call_1', 'a')), results(['call_1', [image]])];
    expect(contentsOf(turns, strict)).toMatchObject([{}, { parts: [onWire('a', BYPASS)] }, {}, {}]);
  });
});
