import { describe, expect, it } from 'vitest';
import type { Capabilities } from '../../../src/kernel/capabilities.ts';
import type { CacheMark, DocumentPart, ImagePart, Turn, UserPart } from '../../../src/kernel/conversation.ts';
import type { Json, JsonObject } from '../../../src/kernel/json.ts';
import { encode, inputOf } from './support.ts';

const image = (source: ImagePart['source'], members: Partial<ImagePart> = {}): ImagePart => ({
  kind: 'image',
  source,
  ...members,
});
const document = (source: DocumentPart['source'], members: Partial<DocumentPart> = {}): DocumentPart => ({
  kind: 'document',
  source,
  ...members,
});
const turnOf = (...parts: UserPart[]): Turn[] => [{ role: 'user', at: 'messages[0]', parts }];
const contentOf = (part: UserPart): Json | undefined => {
  const [item] = inputOf(turnOf(part)) as JsonObject[];
  return item?.['content'];
};
const png = { type: 'base64', data: 'AAAA', mediaType: 'image/png' } as const;
const pdf = { type: 'base64', data: 'JVBE', mediaType: 'application/pdf' } as const;
const fileUrl = 'data:application/pdf;base64,JVBE';
const web = { type: 'url', url: 'https://example.com/a' } as const;
const ownFile = { type: 'file', fileId: 'file-1', owner: 'openai-responses' } as const;
const otherFile = { type: 'file', fileId: 'file-1', owner: 'anthropic-messages' } as const;

describe('images and documents of an openai-responses request', () => {
  it.each<[string, UserPart, JsonObject]>([
    [
      'image data',
      image(png),
      { type: 'input_image', image_url: 'data:image/png;base64,AAAA', detail: 'auto' },
    ],
    [
      'image address',
      image(web, { detail: 'low' }),
      { type: 'input_image', image_url: web.url, detail: 'low' },
    ],
    ['image file', image(ownFile), { type: 'input_image', file_id: 'file-1', detail: 'auto' }],
    [
      'document with a title (C116)',
      document(pdf, { title: 'Annual report' }),
      { type: 'input_file', filename: 'Annual report.pdf', file_data: fileUrl },
    ],
    [
      'document with a file name',
      document(pdf, { title: 't', filename: 'a.bin' }),
      { type: 'input_file', filename: 'a.bin', file_data: fileUrl },
    ],
    [
      'document without a name',
      document(pdf),
      { type: 'input_file', filename: 'document.pdf', file_data: fileUrl },
    ],
    [
      'document titled like a file',
      document(pdf, { title: 'b.pdf' }),
      { type: 'input_file', filename: 'b.pdf', file_data: fileUrl },
    ],
    ['document address', document(web), { type: 'input_file', file_url: web.url }],
    ['document file', document(ownFile), { type: 'input_file', file_id: 'file-1' }],
    ['plain document', document({ type: 'text', text: 'x' }), { type: 'input_text', text: 'x' }],
    [
      'plain document with a title',
      document({ type: 'text', text: 'x' }, { title: 'T' }),
      { type: 'input_text', text: 'T\n\nx' },
    ],
  ])('are written: %s', (_name, part, expected) => {
    expect(contentOf(part)).toEqual([expected]);
  });

  it.each<[string, UserPart, Capabilities]>([
    ['image of a model without eyes', image(png), { images: false }],
    ['image address', image(web), { imageUrl: false }],
    ['image file of another service', image(otherFile), {}],
    ['document of a model that takes none', document(pdf), { pdf: false }],
    ['document file of another service', document(otherFile), {}],
    ['sound', { kind: 'audio', data: 'AAAA', format: 'wav' }, {}],
  ])('are refused by the name of their place: %s', (_name, part, capabilities) => {
    expect(() => encode({ turns: turnOf({ kind: 'text', text: 'x' }, part) }, capabilities)).toThrow(
      /^messages\[0\]\.content\[1\]: /,
    );
  });

  it('say what they lose', () => {
    const part = document({ type: 'text', text: 'x' }, { context: 'c', citations: true });
    expect(encode({ turns: turnOf(part) }).notes).toBe(
      'messages[0].content[0].context=dropped,messages[0].content[0].citations=dropped',
    );
  });
});

describe('cache marks of an openai-responses request', () => {
  const text = (ttl: CacheMark['ttl']): UserPart => ({ kind: 'text', text: ttl, cache: { ttl } });
  const capabilities = { cacheBreakpoints: true };
  const marksIn = (input: Json | undefined): string[] =>
    [...JSON.stringify(input).matchAll(/"prompt_cache_breakpoint":(\{.*?\})/g)].map(([, mark]) => mark ?? '');

  it('become break points with the nearest lifetime (C118)', () => {
    const input = inputOf(turnOf(text('1h'), text('5m'), text('12h'), text('30m')), capabilities);
    expect(marksIn(input)).toEqual([
      '{"mode":"explicit","ttl":"12h"}',
      '{"mode":"explicit"}',
      '{"mode":"explicit","ttl":"12h"}',
      '{"mode":"explicit"}',
    ]);
  });

  it('are at most the last four, on messages, results and reminders alike', () => {
    const cache: CacheMark = { ttl: '5m' };
    const turns: Turn[] = [
      ...turnOf(text('5m'), text('1h')),
      {
        role: 'assistant',
        at: 'm',
        parts: [{ kind: 'tool-call', id: 'a', callKind: 'function', name: 'f', args: '{}' }],
      },
      {
        role: 'tool',
        at: 'm',
        results: [{ at: 'm.id', callId: 'a', callKind: 'function', parts: [], cache }],
      },
      { role: 'system', at: 'm', parts: [{ kind: 'text', text: 's', cache }] },
      ...turnOf(text('12h')),
    ];
    const { body, notes } = encode({ turns }, { ...capabilities, midSystem: false });
    const input = body['input'] as JsonObject[];
    expect(input.map((item) => marksIn(item).length)).toEqual([1, 0, 1, 1, 1]);
    expect(notes).toContain('the_cache_mark=dropped');
  });

  it.each<[string, Parameters<typeof encode>[0]]>([
    ['a model that takes none', { turns: turnOf(text('5m')) }],
    ['the system text', { system: [{ role: 'system', text: 's', cache: { ttl: '5m' } }] }],
    ['a tool', { tools: [{ kind: 'function', at: 'tools[0]', name: 'f', cache: { ttl: '5m' } }] }],
  ])('are dropped from %s, and say so', (_name, members) => {
    const { body, notes } = encode(members);
    expect(marksIn(body)).toEqual([]);
    expect(notes).toBe('the_cache_mark=dropped');
  });
});
