import { describe, expect, it } from 'vitest';
import { decode, decodeAny, refusalOf, turnsOf, userBlocks } from './decode-setup.ts';
import type { Block } from './decode-setup.ts';

/** The parts of a user's message with these blocks. */
const saidBy = (...content: Block[]) => {
  const { request, notes } = decode({ messages: [{ role: 'user', content }] });
  return {
    turns: request.turns,
    parts: request.turns.flatMap((turn) => (turn.role === 'user' ? turn.parts : [])),
    notes,
  };
};
const FIRST = 'messages[0].content[0]';
const png = { type: 'base64', media_type: 'image/png', data: 'iVBO' } as const;
const pngPart = {
  kind: 'image',
  at: expect.stringContaining('messages[0].content[') as string,
  source: { type: 'base64', mediaType: 'image/png', data: 'iVBO' },
};
const text = (value: string) => ({ kind: 'text', text: value });

describe('anthropic-messages user content', () => {
  it('is the same as a string and as one text block', () => {
    expect(turnsOf({ role: 'user', content: 'hi' })).toEqual(
      turnsOf({ role: 'user', content: [{ type: 'text', text: 'hi' }] }),
    );
  });

  it('leaves empty texts out but keeps the turn', () => {
    const turn = { role: 'user', at: 'messages[0]', parts: [] };
    expect(turnsOf({ role: 'user', content: '' })).toEqual([turn]);
    expect(turnsOf({ role: 'user', content: [{ type: 'text', text: '' }] })).toEqual([turn]);
    expect(turnsOf({ role: 'user', content: [] })).toEqual([turn]);
  });

  it('keeps cache marks (C118)', () => {
    const cache_control = { type: 'ephemeral', ttl: '1h' } as const;
    const { parts } = saidBy(
      { type: 'text', text: 'a', cache_control },
      { type: 'image', source: png, cache_control },
      { type: 'document', source: { type: 'url', url: 'https://a/b.pdf' }, cache_control },
    );
    expect(parts).toMatchObject(Array(3).fill({ cache: { ttl: '1h' } }));
  });

  it.each<[string, Block, object]>([
    ['base64 image', { type: 'image', source: png }, pngPart],
    [
      'image behind an address',
      { type: 'image', source: { type: 'url', url: 'HTTPS://a/b.png' } },
      { kind: 'image', at: FIRST, source: { type: 'url', url: 'HTTPS://a/b.png' } },
    ],
    [
      'image file, with its owner (C114)',
      { type: 'image', source: { type: 'file', file_id: 'file_1' } },
      { kind: 'image', at: FIRST, source: { type: 'file', fileId: 'file_1', owner: 'anthropic-messages' } },
    ],
    [
      'PDF with title, context and citations (C116)',
      {
        type: 'document',
        source: { type: 'base64', media_type: 'application/pdf', data: 'JVBE' },
        title: 'Report.pdf',
        context: 'of last year',
        citations: { enabled: true },
      },
      {
        kind: 'document',
        at: FIRST,
        source: { type: 'base64', mediaType: 'application/pdf', data: 'JVBE' },
        title: 'Report.pdf',
        context: 'of last year',
        citations: true,
      },
    ],
    [
      'plain text document',
      { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'abc' }, title: null },
      { kind: 'document', at: FIRST, source: { type: 'text', text: 'abc' } },
    ],
    [
      'document of one string',
      { type: 'document', source: { type: 'content', content: 'abc' } },
      { kind: 'document', at: FIRST, source: { type: 'text', text: 'abc' } },
    ],
    [
      'document of text blocks',
      {
        type: 'document',
        source: {
          type: 'content',
          content: [
            { type: 'text', text: 'one' },
            { type: 'text', text: 'two' },
          ],
        },
      },
      { kind: 'document', at: FIRST, source: { type: 'text', text: 'one\n\ntwo' } },
    ],
    [
      'document file',
      { type: 'document', source: { type: 'file', file_id: 'file_2' } },
      {
        kind: 'document',
        at: FIRST,
        source: { type: 'file', fileId: 'file_2', owner: 'anthropic-messages' },
      },
    ],
    [
      'search result',
      {
        type: 'search_result',
        title: 'Tides',
        source: 'https://tides.example',
        content: [
          { type: 'text', text: 'High at noon.' },
          { type: 'text', text: 'Low at six.' },
        ],
        cache_control: { type: 'ephemeral' },
      },
      {
        kind: 'text',
        text: 'Tides\nhttps://tides.example\n\nHigh at noon.\n\nLow at six.',
        cache: { ttl: '5m' },
      },
    ],
  ])('reads a %s', (_name, block, part) => {
    const { parts, notes } = saidBy(block);
    expect([parts, notes]).toEqual([[part], '']);
  });

  it('puts images of a document behind it', () => {
    const source = {
      type: 'content',
      content: [
        { type: 'image', source: png },
        { type: 'text', text: 'see' },
      ],
    } as const;
    const { parts, notes } = saidBy({
      type: 'document',
      source: { ...source, content: [...source.content] },
    });
    expect(parts).toEqual([{ kind: 'document', at: FIRST, source: { type: 'text', text: 'see' } }, pngPart]);
    expect(notes).toBe('messages[0].content[0].source.content=moved');
  });

  it('notes what is only of use at Anthropic', () => {
    const { turns, notes } = saidBy(
      { type: 'container_upload', file_id: 'file_1' },
      {
        type: 'text',
        text: 'quoted',
        citations: [{ type: 'search_result_location' } as never],
      },
    );
    expect(turns).toMatchObject([{ parts: [text('quoted')] }]);
    expect(notes).toBe('messages[0].content[0]=dropped,messages[0].content[1].citations=dropped');
  });

  it('has nothing to say of an empty search result', () => {
    expect(decodeAny(userBlocks({ type: 'search_result', content: [] })).request.turns).toMatchObject([
      { parts: [] },
    ]);
  });
});

describe('anthropic-messages refusals of user content', () => {
  it.each([
    ['content[1]', { type: 'hologram' }],
    ['content[1]', { type: 'tool_use', id: 'a', name: 'b', input: {} }],
    ['content[1].source', { type: 'image' }],
    ['content[1].source.type', { type: 'image', source: {} }],
    ['content[1].source.type', { type: 'image', source: { type: 'text', data: 'a' } }],
    ['content[1].source.media_type', { type: 'image', source: { type: 'base64', data: 'a' } }],
    ['content[1].source.data', { type: 'image', source: { type: 'base64', media_type: 'image/png' } }],
    ['content[1].source.url', { type: 'image', source: { type: 'url', url: 'file:///etc/passwd' } }],
    ['content[1].source.file_id', { type: 'document', source: { type: 'file' } }],
    ['content[1].source.data', { type: 'document', source: { type: 'text' } }],
    ['content[1].source.content', { type: 'document', source: { type: 'content' } }],
    [
      'content[1].source.content[0]',
      { type: 'document', source: { type: 'content', content: [{ type: 'x' }] } },
    ],
    ['content[1].title', { type: 'document', source: { type: 'content', content: 'a' }, title: 5 }],
    [
      'content[1].citations.enabled',
      { type: 'document', source: { type: 'content', content: 'a' }, citations: { enabled: 1 } },
    ],
    ['content[1].content[0]', { type: 'search_result', content: [{ type: 'image', source: png }] }],
    ['content[1].cache_control', { type: 'text', text: 'a', cache_control: true }],
    ['content[1].citations', { type: 'text', text: 'a', citations: 'none' }],
    ['content[1].tool_use_id', { type: 'tool_result' }],
    ['content[1].tool_use_id', { type: 'tool_result', tool_use_id: '' }],
    ['content[1].is_error', { type: 'tool_result', tool_use_id: 'a', is_error: 'no' }],
    ['content[1].content', { type: 'tool_result', tool_use_id: 'a', content: {} }],
    ['content[1].content[0]', { type: 'tool_result', tool_use_id: 'a', content: [{ type: 'tool_result' }] }],
    [
      'content[1].content[0].tool_name',
      { type: 'tool_result', tool_use_id: 'a', content: [{ type: 'tool_reference' }] },
    ],
  ])('name %s of %j', (path, block) => {
    const error = refusalOf(userBlocks({ type: 'text', text: 'look' }, block));
    expect([error?.kind, error?.details.param]).toEqual(['invalid-request', `messages[0].${path}`]);
  });
});
