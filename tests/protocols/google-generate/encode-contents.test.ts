import { describe, expect, it } from 'vitest';
import type { Turn } from '../../../src/kernel/conversation.ts';
import { assistant, call, contentsOf, encode, response, results, said, user } from './support.ts';

const hello = { role: 'user', parts: [{ text: 'hi' }] };

describe('google-generate contents', () => {
  it('writes users and models in turn, without empty text', () => {
    expect(contentsOf([user('a', '', 'b'), assistant(said(''), said('c')), user('d')])).toEqual([
      { role: 'user', parts: [{ text: 'a' }, { text: 'b' }] },
      { role: 'model', parts: [{ text: 'c' }] },
      { role: 'user', parts: [{ text: 'd' }] },
    ]);
  });

  it('joins neighbours of one role, also across an assistant that said nothing', () => {
    expect(contentsOf([user('a'), user('b'), assistant(said('')), user('c')])).toEqual([
      { role: 'user', parts: [{ text: 'a' }, { text: 'b' }, { text: 'c' }] },
    ]);
  });

  it('says that a turn of the user is empty, as nothing may be', () => {
    expect(contentsOf([user('')])).toEqual([{ role: 'user', parts: [{ text: '(empty)' }] }]);
  });

  it.each<[string, Turn[], unknown[]]>([
    ['an assistant that speaks first', [assistant(said('a'))], [{ role: 'model', parts: [{ text: 'a' }] }]],
    ['no conversation at all', [], []],
  ])('lets a user open in front of %s', (_case, turns, rest) => {
    const { body, notes } = encode({ turns });
    expect(body['contents']).toEqual([{ role: 'user', parts: [{ text: '(continue)' }] }, ...rest]);
    expect(notes).toBe('messages=completed');
  });

  it('puts system text where it stands, as a reminder in the words of the user', () => {
    const reminder: Turn = {
      role: 'developer',
      at: 'messages[3]',
      parts: [
        { kind: 'text', text: 'Be brief.' },
        { kind: 'text', text: 'Be kind.' },
      ],
    };
    const silence: Turn = { role: 'system', at: 'messages[4]', parts: [] };
    const { body, notes } = encode({
      turns: [user('hi'), assistant(said('a')), reminder, silence, user('b')],
    });
    expect(body['contents']).toEqual([
      hello,
      { role: 'model', parts: [{ text: 'a' }] },
      {
        role: 'user',
        parts: [{ text: '<system-reminder>\nBe brief.\n\nBe kind.\n</system-reminder>' }, { text: 'b' }],
      },
    ]);
    expect(notes).toBe('messages[3]=folded,messages[4]=folded');
  });

  it('keeps a refusal of an earlier turn as text', () => {
    expect(
      contentsOf([user('hi'), assistant({ kind: 'refusal', text: 'No.' }, { kind: 'refusal', text: '' })]),
    ).toEqual([hello, { role: 'model', parts: [{ text: 'No.' }] }]);
  });
});

describe('google-generate calls and results', () => {
  it('answers calls in their own order, in one content of their own (C061)', () => {
    const turns = [
      user('hi'),
      assistant(call('call_1', 'first'), call('call_2', 'second')),
      results('call_2', 'call_1'),
    ];
    expect(contentsOf(turns)).toEqual([
      hello,
      {
        role: 'model',
        parts: [
          { functionCall: { name: 'first', args: {} } },
          { functionCall: { name: 'second', args: {} } },
        ],
      },
      { role: 'user', parts: [response('first', 'of call_1'), response('second', 'of call_2')] },
    ]);
  });

  it('gathers the results of several tool turns (C062)', () => {
    const turns = [
      user('hi'),
      assistant(call('call_1', 'a'), call('call_2', 'b'), call('call_3', 'c')),
      results('call_1'),
      results('call_2'),
      results('call_3'),
    ];
    expect(contentsOf(turns)).toMatchObject([
      {},
      {},
      { parts: [response('a', 'of call_1'), response('b', 'of call_2'), response('c', 'of call_3')] },
    ]);
  });

  it('keeps words of the user apart from results, behind them', () => {
    const turns = [user('hi'), assistant(call('call_1', 'a')), user('wait'), results('call_1'), user('go')];
    expect(contentsOf(turns)).toMatchObject([
      {},
      {},
      { role: 'user', parts: [response('a', 'of call_1')] },
      { role: 'user', parts: [{ text: 'wait' }, { text: 'go' }] },
    ]);
  });

  it('tells a failure as an error (C072)', () => {
    const failed: Turn = {
      role: 'tool',
      at: 'messages[2]',
      results: [
        {
          at: 'messages[2].tool_call_id',
          callId: 'call_1',
          callKind: 'function',
          parts: [{ kind: 'text', text: 'boom' }],
          isError: true,
        },
      ],
    };
    expect(contentsOf([user('hi'), assistant(call('call_1', 'a')), failed])).toMatchObject([
      {},
      {},
      { parts: [{ functionResponse: { response: { error: 'boom' } } }] },
    ]);
  });

  it('never reads JSON in the text of a result', () => {
    const json: Turn = results([
      'call_1',
      [
        { kind: 'text', text: '{"a":1}' },
        { kind: 'text', text: '2' },
      ],
    ]);
    expect(contentsOf([user('hi'), assistant(call('call_1', 'a')), json])).toMatchObject([
      {},
      {},
      { parts: [response('a', '{"a":1}\n2')] },
    ]);
  });

  it('shows Google the ids that it gave, and no others', () => {
    const turns = [
      user('hi'),
      assistant(call('k3v9xq2a', 'own'), call('toolu_01', 'foreign')),
      results('k3v9xq2a', 'toolu_01'),
    ];
    expect(contentsOf(turns)).toMatchObject([
      {},
      {
        parts: [
          { functionCall: { id: 'k3v9xq2a', name: 'own', args: {} } },
          { functionCall: { name: 'foreign', args: {} } },
        ],
      },
      {
        parts: [
          { functionResponse: { id: 'k3v9xq2a', name: 'own', response: { output: 'of k3v9xq2a' } } },
          response('foreign', 'of toolu_01'),
        ],
      },
    ]);
  });

  it('writes arguments with their very digits and keys (C073)', () => {
    const args = '{"id": 1234567890123456789, "__proto__": {"x": 1}}';
    expect(encode({ turns: [user('hi'), assistant(call('call_1', 'f', args))] }).text).toContain(
      `"args":${args}`,
    );
  });

  it.each([
    ['nothing', '', {}],
    ['blank text', ' ', {}],
    ['cut text', '{"a":', { _raw: '{"a":' }],
    ['no object', '[1]', { _raw: '[1]' }],
  ])('makes an object of arguments that are %s', (_case, args, expected) => {
    expect(contentsOf([user('hi'), assistant(call('call_1', 'f', args))])).toMatchObject([
      {},
      { parts: [{ functionCall: { args: expected } }] },
      {},
    ]);
  });
});
