import { describe, expect, it } from 'vitest';
import { decode, decodeAny, turnsOf, userBlocks } from './decode-setup.ts';

const png = { type: 'base64', media_type: 'image/png', data: 'iVBO' } as const;
const pngPart = {
  kind: 'image',
  at: expect.stringMatching(/^messages\[\d\]\.content\[\d\]\.content\[\d\]$/) as string,
  source: { type: 'base64', mediaType: 'image/png', data: 'iVBO' },
};
const text = (value: string) => ({ kind: 'text', text: value });

describe('anthropic-messages tool results', () => {
  const calls = {
    role: 'assistant',
    content: ['a', 'b'].map((id) => ({ type: 'tool_use', id, name: 'f', input: {} }) as const),
  } as const;

  it('come before what the user says in the same message', () => {
    expect(
      turnsOf(
        { role: 'user', content: 'hi' },
        { ...calls, content: [...calls.content] },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'and now?' },
            { type: 'tool_result', tool_use_id: 'b', content: 'two' },
            { type: 'tool_result', tool_use_id: 'a', content: [{ type: 'text', text: 'one' }] },
          ],
        },
      ).slice(2),
    ).toEqual([
      {
        role: 'tool',
        at: 'messages[2]',
        results: [
          {
            at: 'messages[2].content[1].tool_use_id',
            callId: 'b',
            callKind: 'function',
            parts: [text('two')],
          },
          {
            at: 'messages[2].content[2].tool_use_id',
            callId: 'a',
            callKind: 'function',
            parts: [text('one')],
          },
        ],
      },
      { role: 'user', at: 'messages[2]', parts: [text('and now?')] },
    ]);
  });

  it.each<[string, object, object]>([
    ['nothing', {}, { parts: [] }],
    ['null', { content: null }, { parts: [] }],
    ['an empty string', { content: '' }, { parts: [] }],
    ['an image (C069, C070, C071)', { content: [{ type: 'image', source: png }] }, { parts: [pngPart] }],
    [
      'a document',
      { content: [{ type: 'document', source: { type: 'text', data: 'abc' } }] },
      {
        parts: [
          {
            kind: 'document',
            at: expect.stringMatching(/^messages/) as string,
            source: { type: 'text', text: 'abc' },
          },
        ],
      },
    ],
    [
      'a search result',
      {
        content: [{ type: 'search_result', title: 'T', source: 's', content: [{ type: 'text', text: 'x' }] }],
      },
      { parts: [text('T\ns\n\nx')] },
    ],
    [
      'found tools',
      { content: [{ type: 'tool_reference', tool_name: 'get_tides' }] },
      { parts: [text('get_tides')] },
    ],
    ['a failure (C072)', { content: 'no disk', is_error: true }, { parts: [text('no disk')], isError: true }],
    ['no failure', { content: 'ok', is_error: false }, { parts: [text('ok')] }],
    [
      'a cache mark',
      { content: 'ok', cache_control: { type: 'ephemeral' } },
      { parts: [text('ok')], cache: { ttl: '5m' } },
    ],
  ])('hold %s', (_what, members, result) => {
    const { turns } = decodeAny(userBlocks({ type: 'tool_result', tool_use_id: 'a', ...members })).request;
    expect(turns).toEqual([
      {
        role: 'tool',
        at: 'messages[0]',
        results: [{ at: 'messages[0].content[0].tool_use_id', callId: 'a', callKind: 'function', ...result }],
      },
    ]);
  });
});

describe('anthropic-messages cache mark of the whole body', () => {
  const cache_control = { type: 'ephemeral' } as const;

  it('stands at the last thing that the user says', () => {
    const content = ['a', 'b'].map((value) => ({ type: 'text', text: value }) as const);
    const { request } = decode({ cache_control, messages: [{ role: 'user', content }] });
    expect(request.turns).toMatchObject([{ parts: [text('a'), { ...text('b'), cache: { ttl: '5m' } }] }]);
    expect(request.turns[0]).not.toHaveProperty('parts.0.cache');
  });

  it('stands at the last result, whose own mark wins', () => {
    const result = (id: string, mark?: object) => ({
      type: 'tool_result',
      tool_use_id: id,
      cache_control: mark,
    });
    const cachesOf = (...content: object[]) =>
      decodeAny({ ...userBlocks(...content), cache_control }).request.turns.flatMap((turn) =>
        turn.role === 'tool' ? turn.results.map(({ cache }) => cache?.ttl) : [],
      );
    expect(cachesOf(result('a'), result('b'))).toEqual([undefined, '5m']);
    expect(cachesOf(result('a', { type: 'ephemeral', ttl: '1h' }))).toEqual(['1h']);
  });

  it('is noted where there is nothing to mark', () => {
    const { notes } = decode({
      cache_control,
      messages: [
        { role: 'user', content: 'hi' },
        { role: 'assistant', content: 'Well' },
      ],
    });
    expect(notes).toBe('cache_control=ignored');
  });
});
