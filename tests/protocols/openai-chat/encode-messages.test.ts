import { describe, expect, it } from 'vitest';
import type { Capabilities } from '../../../src/kernel/capabilities.ts';
import type { SystemText, Turn } from '../../../src/kernel/conversation.ts';
import type { JsonObject } from '../../../src/kernel/json.ts';
import {
  COMMON,
  assistant,
  call,
  encode,
  messagesOf,
  OPENAI,
  PNG,
  PNG_PART,
  text,
  user,
} from './encode-support.ts';

const HI = { role: 'user', content: 'hi' };

describe('openai-chat system text', () => {
  const system: readonly SystemText[] = [
    { role: 'system', text: 'Be brief.' },
    { role: 'system', text: '' },
    { role: 'developer', text: 'Use metric units.' },
  ];

  it.each([
    [{}, 'system'],
    [{ developerRole: false }, 'system'],
    [{ developerRole: true }, 'developer'],
  ] satisfies [Capabilities, string][])('with %j is one leading %s message', (capabilities, role) => {
    expect(encode({ system }, capabilities).body['messages']).toEqual([
      { role, content: 'Be brief.\n\nUse metric units.' },
      HI,
    ]);
  });

  it('stays the system where no developer speaks', () => {
    const [plain] = system;
    const { body } = encode({ system: plain === undefined ? [] : [plain] }, { developerRole: true });
    expect(body['messages']).toEqual([{ role: 'system', content: 'Be brief.' }, HI]);
  });

  it('may be all there is', () => {
    expect(encode({ system, turns: [] }).body['messages']).toEqual([
      { role: 'system', content: 'Be brief.\n\nUse metric units.' },
    ]);
  });
});

describe('openai-chat system text inside the conversation', () => {
  const middle = (role: 'system' | 'developer', ...words: string[]): Turn => ({
    role,
    at: 'messages[3]',
    parts: words.map(text),
  });
  const folds: Capabilities = { midSystem: false };
  const takes: Capabilities = { midSystem: true };

  it.each([
    ['system', takes, 'system'],
    ['developer', takes, 'system'],
    ['developer', { ...takes, developerRole: true }, 'developer'],
  ] as const)('of the role %s with %j stays as %s (C098)', (role, capabilities, expected) => {
    const turns = [user(text('hi')), middle(role, 'Stop', 'now.'), user(text('ok'))];
    const { body, notes } = encode({ turns }, capabilities);
    expect(body['messages']).toEqual([
      HI,
      { role: expected, content: 'Stop\n\nnow.' },
      { role: 'user', content: 'ok' },
    ]);
    expect(notes).toBe('');
  });

  it.each([folds, {}])('becomes the first text of the next user message, with %j (C098)', (capabilities) => {
    const turns = [middle('system', 'One.'), middle('developer', 'Two.'), user(text('ok'))];
    const { body, notes } = encode({ turns }, capabilities);
    expect(body['messages']).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: '<system-reminder>\nOne.\n</system-reminder>' },
          { type: 'text', text: '<system-reminder>\nTwo.\n</system-reminder>' },
          { type: 'text', text: 'ok' },
        ],
      },
    ]);
    expect(notes).toBe('messages[3]=folded');
  });

  it.each([
    ['an answer', [assistant(text('Yes.'))], [{ role: 'assistant', content: 'Yes.' }]],
    ['the end', [], []],
  ])('becomes a user message of its own before %s', (_what, after, expected) => {
    expect(messagesOf([user(text('hi')), middle('system', 'One.'), ...after], folds)).toEqual([
      HI,
      { role: 'user', content: '<system-reminder>\nOne.\n</system-reminder>' },
      ...expected,
    ]);
  });

  it.each([folds, takes])('leaves nothing when it is empty, with %j', (capabilities) => {
    expect(messagesOf([user(text('hi')), middle('system', '')], capabilities)).toEqual([HI]);
  });
});

describe('openai-chat user messages', () => {
  it('hold their parts in order', () => {
    expect(messagesOf([user(text('Look:'), PNG, text('What is it?'))])).toEqual([
      {
        role: 'user',
        content: [{ type: 'text', text: 'Look:' }, PNG_PART, { type: 'text', text: 'What is it?' }],
      },
    ]);
  });

  it('keep a name', () => {
    expect(messagesOf([{ role: 'user', at: 'messages[0]', name: 'ann', parts: [text('hi')] }])).toEqual([
      { role: 'user', name: 'ann', content: 'hi' },
    ]);
  });

  it('are left out when they hold nothing', () => {
    expect(messagesOf([user(), user(text('')), user(text(''), text('hi'))])).toEqual([HI]);
  });

  it('have to be there, if nothing else is', () => {
    expect(() => encode({ turns: [user()] })).toThrow('its.messages: hold nothing that can be sent');
  });
});

describe('openai-chat assistant messages', () => {
  const callOf = (id: string, args: string): JsonObject => ({
    id,
    type: 'function',
    function: { name: 'get_weather', arguments: args },
  });

  it('have no content beside calls alone (C101)', () => {
    expect(messagesOf([assistant(call('call_1', '{"city":"Bern"}'), call('call_2', ''))])).toEqual([
      {
        role: 'assistant',
        content: null,
        tool_calls: [callOf('call_1', '{"city":"Bern"}'), callOf('call_2', '{}')],
      },
    ]);
  });

  it('keep arguments to the letter (C073)', () => {
    const args = '{ "id": 1234567890123456789, "__proto__": {"a":1} }';
    expect(messagesOf([assistant(text('Wait.'), call('call_1', args))])).toEqual([
      { role: 'assistant', content: 'Wait.', tool_calls: [callOf('call_1', args)] },
    ]);
  });

  const cited = {
    kind: 'text',
    text: 'Bern',
    annotations: [{ kind: 'url', url: 'https://a.example' }],
  } as const;

  it.each([
    ['of several messages', [text('One.'), text(''), text('Two.')], 'One.\n\nTwo.', ''],
    ['around a call', [text('One.'), { kind: 'refusal', text: 'no' }, text('Two.')], 'One.\n\nTwo.', ''],
    [
      'of one text with sources',
      [text('It is '), cited, text('.')],
      'It is Bern.',
      'its.messages[].annotations=dropped',
    ],
  ] as const)('join the texts %s', (_what, parts, content, notes) => {
    const encoded = encode({ turns: [assistant(...parts)] });
    expect(encoded.body['messages']).toMatchObject([{ role: 'assistant', content }]);
    expect(encoded.notes).toBe(notes);
  });

  it.each([
    ['alone for OpenAI', OPENAI, [], null],
    ['as content too for those who do not know it', COMMON, [], 'I cannot.'],
    ['behind text', COMMON, [text('Hm.')], 'Hm.'],
  ])('keep a refusal as such, %s', (_what, capabilities, before, content) => {
    const refusal = [{ kind: 'refusal', text: 'I ' } as const, { kind: 'refusal', text: 'cannot.' } as const];
    expect(messagesOf([assistant(...before, ...refusal)], capabilities)).toEqual([
      { role: 'assistant', content, refusal: 'I cannot.' },
    ]);
  });

  it('are left out when they hold nothing', () => {
    const hosted = { kind: 'hosted', protocol: 'anthropic-messages', raw: {} } as const;
    expect(messagesOf([user(text('hi')), assistant(text(''), hosted)])).toEqual([HI]);
  });

  it('may come last, to be continued', () => {
    expect(messagesOf([user(text('hi')), assistant(text('Well, '))], COMMON).at(-1)).toEqual({
      role: 'assistant',
      content: 'Well, ',
    });
  });
});
