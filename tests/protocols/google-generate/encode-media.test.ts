import { describe, expect, it } from 'vitest';
import type { Capabilities } from '../../../src/kernel/capabilities.ts';
import type { ImagePart, Turn, UserPart } from '../../../src/kernel/conversation.ts';
import { assistant, call, contentsOf, encode, response, results, user } from './support.ts';

const says = (...parts: UserPart[]): Turn => ({ role: 'user', at: 'messages[0]', parts });
const png: ImagePart = { kind: 'image', source: { type: 'base64', mediaType: 'image/png', data: 'AAAA' } };
const linked = (url: string): ImagePart => ({ kind: 'image', source: { type: 'url', url } });
const pngOnWire = { inlineData: { mimeType: 'image/png', data: 'AAAA' } };

const partsOf = (part: UserPart, capabilities: Capabilities = {}): unknown =>
  contentsOf([says(part)], capabilities);
const sent = (...parts: unknown[]): unknown => [{ role: 'user', parts }];

describe('google-generate media', () => {
  it('sends bytes inline', () => {
    expect(partsOf(png)).toEqual(sent(pngOnWire));
  });

  it.each([
    ['https://x.example/a.PNG?b=1', { mimeType: 'image/png' }],
    ['https://x.example/a.jpeg#b', { mimeType: 'image/jpeg' }],
    ['https://x.example/a', {}],
  ])('sends the address %s where the model fetches it (C113)', (url, type) => {
    expect(partsOf(linked(url), { imageUrl: true })).toEqual(sent({ fileData: { fileUri: url, ...type } }));
  });

  it.each<[string, UserPart, Capabilities]>([
    ['an address where the model fetches none (C113)', linked('https://x.example/a.png'), {}],
    ['an image where the model takes none', png, { images: false }],
    [
      "another service's file",
      { kind: 'image', source: { type: 'file', fileId: 'file_1', owner: 'openai-responses' } },
      { imageUrl: true },
    ],
    [
      'a document where the model takes none',
      { kind: 'document', source: { type: 'base64', mediaType: 'application/pdf', data: 'AAAA' } },
      { pdf: false },
    ],
    ['audio where the model takes none', { kind: 'audio', format: 'wav', data: 'AAAA' }, { audio: false }],
  ])('refuses %s, naming the field', (_case, part, capabilities) => {
    expect(() => partsOf(part, capabilities)).toThrow(
      expect.objectContaining({
        kind: 'invalid-request',
        details: { param: 'messages[0].content', code: 'unsupported_parameter' },
      }),
    );
  });

  it('refuses an address that only the client can reach, whatever the model fetches (C113)', () => {
    const encodeLink = () => partsOf(linked('http://169.254.169.254/a.png'), { imageUrl: true });
    expect(encodeLink).toThrow(
      expect.objectContaining({
        kind: 'invalid-request',
        details: { param: 'messages[0].content', code: 'invalid_value' },
      }),
    );
  });

  it('sends documents and audio inline, noting what it has no place for', () => {
    const { body, notes } = encode({
      turns: [
        says(
          {
            kind: 'document',
            source: { type: 'base64', mediaType: 'application/pdf', data: 'AAAA' },
            title: 'T',
            filename: 'f.pdf',
            context: 'c',
            citations: true,
            cache: { ttl: '5m' },
          },
          { kind: 'audio', format: 'mp3', data: 'BBBB' },
          { ...png, detail: 'high', cache: { ttl: '5m' } },
        ),
      ],
    });
    expect(body['contents']).toEqual(
      sent(
        { inlineData: { mimeType: 'application/pdf', data: 'AAAA' } },
        { inlineData: { mimeType: 'audio/mp3', data: 'BBBB' } },
        pngOnWire,
      ),
    );
    expect(notes.split(',')).toEqual([
      'messages[0].content.citations=dropped',
      'messages[0].content.context=dropped',
      'cacheMark=dropped',
      'messages[0].content.title=dropped',
      'messages[0].content.filename=dropped',
      'messages[0].content.detail=dropped',
    ]);
  });

  it.each([
    [{ title: 'T' }, 'T\n\nwords'],
    [{ citations: false }, 'words'],
  ])('writes a document of text as text under its title', (members, text) => {
    expect(partsOf({ kind: 'document', source: { type: 'text', text: 'words' }, ...members })).toEqual(
      sent({ text }),
    );
  });
});

describe('google-generate media in results', () => {
  const turns = [
    user('hi'),
    assistant(call('call_1', 'shoot'), call('call_2', 'look')),
    results(['call_1', [{ kind: 'text', text: 'done' }, png]], 'call_2'),
    user('and?'),
  ];

  it('stand inside the response where the model takes them there', () => {
    expect(contentsOf(turns, { toolResultImages: true })).toMatchObject([
      {},
      {},
      { parts: [response('shoot', 'done', { parts: [pngOnWire] }), response('look', 'of call_2')] },
      { parts: [{ text: 'and?' }] },
    ]);
  });

  it('else follow in a content of their own, so that responses match calls in number (C071)', () => {
    const { body, notes } = encode({ turns });
    expect(body['contents']).toMatchObject([
      {},
      {},
      {
        role: 'user',
        parts: [
          response('shoot', 'done\n[the media of this result follow in the next message]'),
          response('look', 'of call_2'),
        ],
      },
      { role: 'user', parts: [{ text: '[media returned by shoot]' }, pngOnWire, { text: 'and?' }] },
    ]);
    expect(notes).toBe('messages[2]=moved');
  });

  it('stay in the response when they are documents of text', () => {
    const document = { kind: 'document', source: { type: 'text', text: 'page' }, title: 'T' } as const;
    expect(
      contentsOf([user('hi'), assistant(call('call_1', 'read')), results(['call_1', [document]])]),
    ).toMatchObject([{}, {}, { parts: [response('read', 'T\n\npage')] }]);
  });

  it('are named by the place of the result when the model takes none', () => {
    expect(() => encode({ turns }, { images: false })).toThrow(
      expect.objectContaining({ details: { param: 'messages[2]', code: 'unsupported_parameter' } }),
    );
  });
});
