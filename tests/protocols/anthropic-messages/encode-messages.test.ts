import { describe, expect, it } from 'vitest';
import type { AssistantPart, Turn } from '../../../src/kernel/conversation.ts';
import { assistant, calls, encode, messagesOf, results, user } from './setup.ts';

const text = (words: string): object => ({ type: 'text', text: words });
const toolUse = (id: string): object => ({ type: 'tool_use', id, name: 'f', input: {} });
const toolResult = (id: string): object => ({
  type: 'tool_result',
  tool_use_id: id,
  content: [text(`result of ${id}`)],
});
const system = (words: string): Turn => ({
  role: 'system',
  at: 'messages[2]',
  parts: [{ kind: 'text', text: words }],
});
const says = (...parts: readonly AssistantPart[]): Turn => ({ role: 'assistant', at: 'messages[1]', parts });

describe('anthropic-messages turns', () => {
  it('come as messages of blocks, neighbours of one role merged', () => {
    expect(messagesOf([user('a'), user('b'), assistant('c'), assistant('d'), user('e')])).toEqual([
      { role: 'user', content: [text('a'), text('b')] },
      { role: 'assistant', content: [text('c'), text('d')] },
      { role: 'user', content: [text('e')] },
    ]);
  });

  it('begin with a user', () => {
    expect(messagesOf([assistant('a'), user('b')])).toMatchObject([
      { role: 'user', content: [text('(continue)')] },
      { role: 'assistant' },
      { role: 'user' },
    ]);
    expect(messagesOf([])).toEqual([{ role: 'user', content: [text('(continue)')] }]);
  });

  it('hold no empty text: a user says so, an assistant says nothing (C100)', () => {
    expect(messagesOf([user('  '), assistant('\n'), user(''), calls('c1'), results('c1')])).toMatchObject([
      { role: 'user', content: [text('(empty)')] },
      { role: 'assistant', content: [] },
      { role: 'user', content: [text('(empty)')] },
      { role: 'assistant', content: [toolUse('c1')] },
      { role: 'user', content: [toolResult('c1')] },
    ]);
  });

  it('drop empty text beside calls (C100)', () => {
    const turn = says(
      { kind: 'text', text: '' },
      { kind: 'tool-call', id: 'c', callKind: 'function', name: 'f', args: '' },
    );
    expect(messagesOf([user('a'), turn, results('c')])).toMatchObject([{}, { content: [toolUse('c')] }, {}]);
  });

  it('lose the blanks at the end of an answer to be continued, and nowhere else (C102)', () => {
    expect(messagesOf([user('a '), assistant('b '), user('c'), assistant(' d \n')])).toEqual([
      { role: 'user', content: [text('a ')] },
      { role: 'assistant', content: [text('b ')] },
      { role: 'user', content: [text('c')] },
      { role: 'assistant', content: [text(' d')] },
    ]);
  });

  it('tell a refusal as text, and leave names, sources and hosted blocks behind', () => {
    const turns: Turn[] = [
      { ...user('a'), name: 'Ada' } as Turn,
      says(
        { kind: 'refusal', text: 'no' },
        { kind: 'hosted', protocol: 'openai-responses', raw: {} },
        { kind: 'text', text: 'b', annotations: [{ kind: 'url', url: 'u' }] },
        { kind: 'text', text: 'c', annotations: [] },
      ),
    ];
    const { body, notes } = encode({ turns });
    expect(body['messages']).toMatchObject([{}, { content: [text('no'), text('b'), text('c')] }]);
    expect(notes).toBe('messages[0].name=dropped,messages[1].annotations=dropped');
  });

  it('stay many where there are many', () => {
    const turns = Array.from({ length: 50_000 }, () => user('a'));
    expect(messagesOf(turns)).toMatchObject([{ role: 'user' }]);
  });
});

describe('anthropic-messages tool results', () => {
  it('stand in one user message, in front of what the user said (C065, C066)', () => {
    expect(messagesOf([user('a'), calls('c1', 'c2'), results('c1', 'c2'), user('go')])).toEqual([
      { role: 'user', content: [text('a')] },
      { role: 'assistant', content: [toolUse('c1'), toolUse('c2')] },
      { role: 'user', content: [toolResult('c1'), toolResult('c2'), text('go')] },
    ]);
  });

  const result = (fields: object): Turn => ({
    role: 'tool',
    at: 'messages[2]',
    results: [{ at: 'messages[2].tool_call_id', callId: 'c1', callKind: 'function', parts: [], ...fields }],
  });
  const image = { kind: 'image', source: { type: 'base64', data: 'AA==', mediaType: 'image/png' } };
  const imageBlock = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AA==' } };
  const block = { type: 'tool_result', tool_use_id: 'c1' };

  it.each([
    ['nothing', {}, block],
    ['blanks', { parts: [{ kind: 'text', text: ' ' }] }, block],
    [
      'an error (C067)',
      { isError: true, parts: [{ kind: 'text', text: 'no result was provided' }] },
      { ...block, content: [text('no result was provided')], is_error: true },
    ],
    ['an error without words', { isError: true }, { ...block, content: [text('(empty)')], is_error: true }],
    ['success', { isError: false, parts: [{ kind: 'text', text: 'x' }] }, { ...block, content: [text('x')] }],
    ['an image', { parts: [image] }, { ...block, content: [imageBlock] }],
    [
      'a cached part',
      { parts: [{ ...image, cache: { ttl: '1h' } }] },
      { ...block, content: [imageBlock], cache_control: { type: 'ephemeral', ttl: '1h' } },
    ],
    [
      'a cached result',
      { parts: [{ kind: 'text', text: 'x' }], cache: { ttl: '5m' } },
      { ...block, content: [text('x')], cache_control: { type: 'ephemeral' } },
    ],
  ])('tell %s', (_what, fields, expected) => {
    expect(messagesOf([user('a'), calls('c1'), result(fields)])).toEqual([
      expect.anything(),
      expect.anything(),
      { role: 'user', content: [expected] },
    ]);
  });

  it('show an image after all results where the model takes none inside', () => {
    const { body, notes } = encode(
      {
        turns: [
          user('a'),
          calls('c1'),
          result({ parts: [{ kind: 'text', text: 'see' }, image] }),
          user('ok'),
        ],
      },
      { toolResultImages: false },
    );
    expect(body['messages']).toMatchObject([
      {},
      {},
      {
        content: [
          { ...block, content: [text('see'), text('[the image follows after the results]')] },
          text('[image in the result of tool call c1]'),
          imageBlock,
          text('ok'),
        ],
      },
    ]);
    expect(notes).toBe('its.tools=emulated,messages[2]=moved');
  });

  it('are named when the model cannot take what they hold', () => {
    const turns = [user('a'), calls('c1'), result({ parts: [image] })];
    expect(() => messagesOf(turns, { images: false })).toThrow(/^messages\[2\]: /);
  });
});

describe('anthropic-messages system text in the middle', () => {
  const reminder = text('<system-reminder>\nbe brief\n</system-reminder>');

  it('is folded where it stands (C098)', () => {
    const { body, notes } = encode({ turns: [user('a'), assistant('b'), system('be brief'), user('c')] });
    expect(body['messages']).toMatchObject([{}, {}, { role: 'user', content: [reminder, text('c')] }]);
    expect(notes).toBe('messages[2]=folded');
  });

  it('gets a user message of its own when none follows, and stands behind results', () => {
    expect(
      messagesOf([user('a'), calls('c1'), results('c1'), system('be brief'), assistant('b')]),
    ).toMatchObject([{}, {}, { content: [toolResult('c1'), reminder] }, {}]);
    expect(messagesOf([user('a'), assistant('b'), system('be brief'), assistant('c')])).toMatchObject([
      {},
      {},
      { role: 'user', content: [reminder] },
      {},
    ]);
  });

  it('stays a system message for a model that takes it, but not as the first (C098)', () => {
    const turns = [system('be brief'), user('a'), assistant('b'), system('be brief'), user('c')];
    expect(messagesOf(turns, { midSystem: true })).toMatchObject([
      { role: 'user', content: [reminder, text('a')] },
      { role: 'assistant' },
      { role: 'system', content: [text('be brief')] },
      { role: 'user' },
    ]);
  });

  it('vanishes when it is blank', () => {
    const expected = [{ role: 'user', content: [text('a')] }];
    expect(messagesOf([user('a'), system(' ')])).toEqual(expected);
    expect(messagesOf([user('a'), system(' ')], { midSystem: true })).toEqual(expected);
  });
});
