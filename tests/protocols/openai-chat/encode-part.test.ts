import { describe, expect, it } from 'vitest';
import type { Capabilities } from '../../../src/kernel/capabilities.ts';
import type { DocumentPart, ImagePart, UserPart } from '../../../src/kernel/conversation.ts';
import type { Json } from '../../../src/kernel/json.ts';
import { contentOf, encode, PNG, PNG_PART, text, user } from './encode-support.ts';

const image = (source: ImagePart['source'], detail?: string): ImagePart => ({
  kind: 'image',
  source,
  ...(detail !== undefined && { detail }),
});
const URL_SOURCE = { type: 'url', url: 'https://a.example/cat.png' } as const;
const file = (owner: 'openai-chat' | 'openai-responses') =>
  ({ type: 'file', fileId: 'file-1', owner }) as const;
const document = (source: DocumentPart['source'], more: Partial<DocumentPart> = {}): DocumentPart => ({
  kind: 'document',
  source,
  ...more,
});
const bytes = (mediaType: string, words: string) =>
  ({ type: 'base64', data: Buffer.from(words).toString('base64'), mediaType }) as const;
const PDF = bytes('application/pdf', '%PDF-');
const AUDIO: UserPart = { kind: 'audio', data: 'UklGRg==', format: 'wav' };

describe('openai-chat parts of user messages', () => {
  const ofFile = (filename: string): Json => [
    { type: 'file', file: { filename, file_data: `data:application/pdf;base64,${PDF.data}` } },
  ];

  it.each<[string, UserPart, Json]>([
    ['text', text('hi'), 'hi'],
    ['image bytes', PNG, [PNG_PART]],
    [
      'an image by URL with its detail',
      image(URL_SOURCE, 'low'),
      [{ type: 'image_url', image_url: { url: URL_SOURCE.url, detail: 'low' } }],
    ],
    ['a document of text', document({ type: 'text', text: 'body' }), 'body'],
    [
      'a titled document',
      document({ type: 'text', text: 'body' }, { title: 'T', filename: 'f' }),
      'T\n\nbody',
    ],
    ['a named document', document({ type: 'text', text: 'body' }, { filename: 'f.txt' }), 'f.txt\n\nbody'],
    ['text in bytes', document(bytes('text/csv', 'Zürich,1'), { title: 'T' }), 'T\n\nZürich,1'],
    ['a PDF', document(PDF), ofFile('document.pdf')],
    ['a PDF with a title', document(PDF, { title: 'Report' }), ofFile('Report.pdf')],
    ['a PDF whose title is a name', document(PDF, { title: 'r.pdf' }), ofFile('r.pdf')],
    ['a PDF with a name', document(PDF, { title: 'Report', filename: 'r.pdf' }), ofFile('r.pdf')],
    ['a file of its own', document(file('openai-chat')), [{ type: 'file', file: { file_id: 'file-1' } }]],
  ])('are %s', (_what, part, expected) => {
    expect(contentOf(part)).toEqual(expected);
  });

  it('are sound where the model hears', () => {
    expect(contentOf(AUDIO, { audio: true })).toEqual([
      { type: 'input_audio', input_audio: { data: 'UklGRg==', format: 'wav' } },
    ]);
  });

  it.each<[string, UserPart, Capabilities, string]>([
    ['images', PNG, { images: false }, 'this model takes no images'],
    ['image URLs', image(URL_SOURCE), { imageUrl: false }, 'this model takes no images by URL'],
    ['images by id (C114)', image(file('openai-responses')), {}, 'this model takes no images by file id'],
    ['documents', document(PDF), { pdf: false }, 'this model takes no documents'],
    ['document URLs', document(URL_SOURCE), {}, 'this model takes no documents by URL'],
    ["another service's files (C114)", document(file('openai-responses')), {}, 'a file id is known only to'],
    ['broken bytes', document({ ...PDF, mediaType: 'text/plain', data: '§' }), {}, 'its data is not base64'],
    ['sound (C115)', AUDIO, {}, 'audio cannot be sent to this model'],
  ])('are refused by their path: %s', (_what, part, capabilities, message) => {
    expect(() => encode({ turns: [user(text('x'), part)] }, capabilities)).toThrow(
      `messages[0].content[1]: ${message}`,
    );
  });

  it.each<[UserPart, string]>([
    [image(URL_SOURCE, 'original'), 'messages[0].content[0].detail=dropped'],
    [
      document({ type: 'text', text: 'a' }, { context: 'c', citations: true }),
      'messages[0].content[0].context=dropped,messages[0].content[0].citations=dropped',
    ],
  ])('note what is lost of %j', (part, notes) => {
    expect(encode({ turns: [user(part)] }).notes).toBe(notes);
  });

  it('leave out a detail that this dialect does not know', () => {
    expect(contentOf(image(URL_SOURCE, 'original'))).toEqual([
      { type: 'image_url', image_url: { url: URL_SOURCE.url } },
    ]);
  });
});
