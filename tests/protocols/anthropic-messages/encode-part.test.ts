import { describe, expect, it } from 'vitest';
import type {
  AssistantPart,
  DocumentPart,
  ImagePart,
  OpaqueState,
  ReasoningPart,
  Turn,
  UserPart,
} from '../../../src/kernel/conversation.ts';
import type { Capabilities } from '../../../src/kernel/capabilities.ts';
import { encode, user } from './setup.ts';

const userWith = (...parts: readonly UserPart[]): Turn => ({ role: 'user', at: 'messages[0]', parts });
const assistantWith = (...parts: readonly AssistantPart[]): Turn => ({
  role: 'assistant',
  at: 'messages[1]',
  parts,
});
const firstBlocks = (part: UserPart, capabilities: Capabilities = {}): unknown => {
  const { body } = encode({ turns: [userWith({ kind: 'text', text: 'see' }, part)] }, capabilities);
  return (body['messages'] as { content: unknown[] }[])[0]?.content.slice(1);
};
const image = (source: ImagePart['source'], detail?: string): ImagePart => ({
  kind: 'image',
  source,
  ...(detail !== undefined && { detail }),
});
const document = (source: DocumentPart['source'], fields: Partial<DocumentPart> = {}): DocumentPart => ({
  kind: 'document',
  source,
  ...fields,
});

const PNG = { type: 'base64', data: 'AA==', mediaType: 'image/png' } as const;
const WIRE_PNG = { type: 'base64', media_type: 'image/png', data: 'AA==' } as const;
const imageOf = (mediaType: string): ImagePart => image({ ...PNG, mediaType });
const PDF = { type: 'base64', data: 'JVBERg==', mediaType: 'application/pdf' } as const;
const URL = { type: 'url', url: 'https://example.org/a' } as const;
const OWN_FILE = { type: 'file', fileId: 'file_1', owner: 'anthropic-messages' } as const;
const FOREIGN_FILE = { type: 'file', fileId: 'file-1', owner: 'openai-chat' } as const;

describe('anthropic-messages media', () => {
  it.each([
    [image(PNG), { type: 'image', source: WIRE_PNG }],
    [imageOf('image/JPG'), { type: 'image', source: { ...WIRE_PNG, media_type: 'image/jpeg' } }],
    [imageOf('image/pjpeg'), { type: 'image', source: { ...WIRE_PNG, media_type: 'image/jpeg' } }],
    [imageOf('image/webp'), { type: 'image', source: { ...WIRE_PNG, media_type: 'image/webp' } }],
    [image(URL), { type: 'image', source: URL }],
    [image(OWN_FILE), { type: 'image', source: { type: 'file', file_id: 'file_1' } }],
    [
      document(PDF, { filename: 'a.pdf' }),
      {
        type: 'document',
        source: { type: 'base64', media_type: 'application/pdf', data: 'JVBERg==' },
        title: 'a.pdf',
      },
    ],
    [
      document(URL, { title: 'T', filename: 'a.pdf', context: 'C', citations: true }),
      { type: 'document', source: URL, title: 'T', context: 'C', citations: { enabled: true } },
    ],
    [document(OWN_FILE, { filename: '' }), { type: 'document', source: { type: 'file', file_id: 'file_1' } }],
    [
      document({ type: 'text', text: 'plain' }),
      { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'plain' } },
    ],
    [
      document({ type: 'base64', data: 'WsO8cmljaA==', mediaType: 'text/markdown' }),
      { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'Zürich' } },
    ],
  ])('%j comes as a block', (part, block) => {
    expect(firstBlocks(part)).toEqual([block]);
  });

  it.each<[UserPart, Capabilities]>([
    [image(PNG), { images: false }],
    [imageOf('image/tiff'), {}],
    [imageOf('application/pdf'), {}],
    [image(URL), { imageUrl: false }],
    [image(FOREIGN_FILE), {}],
    [document(PDF), { pdf: false }],
    [document(FOREIGN_FILE), {}],
    [document({ type: 'base64', data: 'AA==', mediaType: 'application/msword' }), {}],
    [document({ type: 'base64', data: '%', mediaType: 'text/plain' }), {}],
    [{ kind: 'audio', data: 'AA==', format: 'wav' }, {}],
  ])('%j is refused, naming the part, for a model with %j (C114, C115)', (part, capabilities) => {
    expect(() => firstBlocks(part, capabilities)).toThrow(
      expect.objectContaining({
        kind: 'invalid-request',
        message: expect.stringMatching(/^messages\[0\]\.content\[1\]: /) as string,
      }) as Error,
    );
  });

  it('text documents need no model that reads PDF', () => {
    expect(firstBlocks(document({ type: 'text', text: 'a' }), { pdf: false })).toHaveLength(1);
  });

  it('the wanted detail of an image is noted as lost', () => {
    expect(encode({ turns: [userWith(image(PNG, 'high'))] }).notes).toBe(
      'messages[0].content[0].detail=dropped',
    );
    expect(encode({ turns: [userWith(image(PNG, 'auto'))] }).notes).toBe('');
  });
});

describe('anthropic-messages calls in the history', () => {
  const inputOf = (args: string): { text: string; notes: string } =>
    encode({
      turns: [
        user('a'),
        assistantWith({ kind: 'tool-call', id: 'c', callKind: 'function', name: 'f', args }),
      ],
    });

  it('keep the text of their arguments, every digit and name (C073)', () => {
    const args = '{ "id": 1234567890123456789, "__proto__": {"a": 1.0}, "a":1,"a":2 }';
    expect(inputOf(args).text).toContain(`{"type":"tool_use","id":"c","name":"f","input":${args}}`);
  });

  it.each([
    ['', '{}'],
    [' ', '{}'],
    ['{"cut', '{"_raw":"{\\"cut"}'],
    ['[1]', '{"_raw":"[1]"}'],
    ['[]', '{}'],
    ['"{\\"a\\":1.0}"', '{"a":1.0}'],
  ] as const)('have an object as input for %j', (args, input) => {
    expect(inputOf(args).text).toContain(`"input":${input}}`);
  });

  it('note that broken arguments were wrapped', () => {
    expect(inputOf('{"cut').notes).toContain('messages[1]=wrapped');
    expect(inputOf(' ').notes).not.toContain('wrapped');
    expect(inputOf(' {"a":1} ').notes).not.toContain('wrapped');
  });
});

describe('anthropic-messages reasoning in the history', () => {
  const sent = (part: Partial<ReasoningPart>): { blocks: unknown; notes: string } => {
    const turn = assistantWith({ kind: 'reasoning', ...part }, { kind: 'text', text: 'b' });
    const { body, notes } = encode({ turns: [user('a'), turn, user('c')] });
    return { blocks: (body['messages'] as { content: unknown[] }[])[1]?.content.slice(0, -1), notes };
  };
  const opaque = (kind: OpaqueState['kind']) => ({
    opaque: { issuer: 'anthropic', family: '', kind, data: 'zzz' },
  });

  it.each<[string, Partial<ReasoningPart>, object]>([
    [
      'raw text',
      { raw: 'hm', ...opaque('signature') },
      { type: 'thinking', thinking: 'hm', signature: 'zzz' },
    ],
    [
      'a summary',
      { summary: ['a', 'b'], ...opaque('signature') },
      { type: 'thinking', thinking: 'a\n\nb', signature: 'zzz' },
    ],
    ['no text', opaque('signature'), { type: 'thinking', thinking: '', signature: 'zzz' }],
    ['redacted (C033)', opaque('redacted'), { type: 'redacted_thinking', data: 'zzz' }],
  ])('goes back to its issuer: %s', (_what, part, block) => {
    expect(sent(part)).toEqual({ blocks: [block], notes: '' });
  });

  it.each<[string, Partial<ReasoningPart>]>([
    ['it is unsigned (C030)', { raw: 'hm' }],
    ['its state is of another kind', { raw: 'hm', ...opaque('encrypted_content') }],
  ])('is left out when %s', (_what, part) => {
    expect(sent(part)).toEqual({ blocks: [], notes: '' });
  });
});
